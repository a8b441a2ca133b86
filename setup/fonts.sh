# shellcheck shell=bash
# GNU Unifont draws on papers what the typesetter's own fonts lack. Without it such letters are printed by numbers.

second_font=/usr/share/fonts/opentype/unifont

need_fonts() {
    [[ -d $second_font ]] && return
    if [[ -n $(candidate_version fonts-unifont) ]] && install_quietly fonts-unifont; then
        return
    fi
    echo "fonts-unifont is not installed: emoji and rare scripts are printed as [U+1F64F]."
}
