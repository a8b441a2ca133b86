# shellcheck shell=bash
# RHVoice with Ukrainian voices: does this machine, or a private root, have it?

voice_packages=(rhvoice rhvoice-ukrainian rhvoice-english)

# has_ukrainian_voices [ROOT]: ROOT is empty for the machine itself.
has_ukrainian_voices() {
    [[ -x ${1-}/usr/bin/RHVoice-test && -d ${1-}/usr/share/RHVoice/voices/natalia ]]
}

voices_installable() {
    [[ -n $(candidate_version rhvoice) && -n $(candidate_version rhvoice-ukrainian) ]]
}
