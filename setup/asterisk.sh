# shellcheck shell=bash
# Asterisk 20 or newer and RHVoice: the machine's own, else the distribution's, else a private Debian root.

oldest_asterisk=20
asterisk_packages=(asterisk asterisk-modules asterisk-config asterisk-core-sounds-en asterisk-moh-opsound-wav)
private_root_megabytes=2000

need_asterisk_and_voices() {
    if private_root_serves || { installed_asterisk_serves && has_ukrainian_voices; }; then
        return
    fi
    refresh_apt_lists "Asterisk, RHVoice"
    if { installed_asterisk_serves || asterisk_installable; } && { has_ukrainian_voices || voices_installable; }; then
        install_from_distribution
    else
        make_private_root
    fi
}

installed_asterisk_serves() {
    local version
    version=$(asterisk -V 2>/dev/null) || return 1
    version=${version#Asterisk }
    [[ ${version%%.*} =~ ^[0-9]+$ && ${version%%.*} -ge $oldest_asterisk ]]
}

asterisk_installable() {
    local version
    version=$(candidate_version asterisk)
    [[ -n $version ]] && dpkg --compare-versions "$version" ge "1:$oldest_asterisk"
}

install_from_distribution() {
    local had_asterisk=no
    installed_asterisk_serves && had_asterisk=yes
    [[ $had_asterisk == yes ]] || need_packages "${asterisk_packages[@]}"
    has_ukrainian_voices || need_packages "${voice_packages[@]}"
    [[ $had_asterisk == yes ]] || at_no_boot asterisk
}

# A root without a stamp is its owner's: it is taken as it is and never replaced.
private_root_serves() {
    local root=$HOTLINE_PRIVATE_ROOT
    [[ -x $root/usr/sbin/asterisk ]] && has_ukrainian_voices "$root" || return 1
    [[ ! -e $root/.hotline-stamp || $(<"$root/.hotline-stamp") == "$(private_root_contents)" ]]
}

private_root_contents() {
    echo "2: sid ${asterisk_packages[*]} ${voice_packages[*]}"
}

make_private_root() {
    local root=$HOTLINE_PRIVATE_ROOT new=$HOTLINE_PRIVATE_ROOT.new mirror packages options=() own_mounts=()
    mirror=$(debian_mirror)
    [[ -n $mirror ]] ||
        fail "apt не знає Asterisk $oldest_asterisk+ з голосами RHVoice. На Ubuntu увімкніть universe і multiverse; інакше встановіть asterisk і rhvoice-ukrainian самі." \
            "apt knows no Asterisk $oldest_asterisk+ with RHVoice voices. On Ubuntu enable universe and multiverse; else install asterisk and rhvoice-ukrainian yourself."
    mkdir -p "$(dirname "$root")"
    need_disk_space "$(dirname "$root")"
    need_packages mmdebstrap
    mapfile -t options < <(apt_network_options)
    # What it mounts below the root goes with it, also where it is killed.
    ! as_root "mmdebstrap" unshare --mount true || own_mounts=(unshare --mount --propagation private)
    packages=$(IFS=, && echo "${asterisk_packages[*]},${voice_packages[*]}")
    remove_root "$new"
    as_root "mmdebstrap" "${own_mounts[@]}" mmdebstrap --variant=minbase --components=main,contrib,non-free --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' "${options[@]}" sid "$new" "$mirror" ||
        fail "Не вдалося завантажити Asterisk: перевірте мережу й запустіть ще раз (подробиці: $setup_log)." \
            "Asterisk could not be fetched: check the network and run this again (details: $setup_log)."
    link_private_libraries "$new"
    private_root_contents | as_root "mmdebstrap" tee "$new/.hotline-stamp" >/dev/null
    [[ ! -e $root ]] || as_root "mmdebstrap" mv "$root" "$root.old.$$"
    as_root "mmdebstrap" mv "$new" "$root"
    remove_root "$root.old.$$"
}

# remove_root FOLDER: not a file of what is mounted below it, as a mmdebstrap that was killed leaves /sys and /proc there.
remove_root() {
    local mounted
    while read -r mounted; do
        as_root "mmdebstrap" umount --lazy "$(printf '%b' "$mounted")"
    done < <(awk -v below="$(realpath -m "$1")/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | tac)
    as_root "mmdebstrap" rm -rf --one-file-system "$1"
}

# The root's programs are run from outside it, where absolute library paths written into them lead nowhere:
# what pulseaudio keeps in a folder of its own must be found beside the rest.
link_private_libraries() {
    local library
    for library in "$1"/usr/lib/*/pulseaudio/*.so; do
        as_root "mmdebstrap" ln -sf "pulseaudio/${library##*/}" "$(dirname "$(dirname "$library")")/"
    done
}

# apt knows its sources in either written form; a mirror list of a cloud image is read for its first line.
debian_mirror() {
    local codename uri
    [[ $(os_release ID) == debian ]] || return 0
    codename=$(os_release VERSION_CODENAME)
    uri=$(apt-get update --print-uris |
        sed -nE "s#^'(.*)/dists/($codename|stable|testing|unstable|sid)/main/binary-.*#\1#p" | sed -n 1p)
    if [[ $uri == mirror+file:* ]]; then
        uri=$(awk '/^[^#]/ {print $1; exit}' "${uri#mirror+file:}")
    fi
    echo "$uri"
}

os_release() {
    sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" /etc/os-release
}

# Proxy, certificates and leniency that this machine's apt is set to use hold for the private root too.
apt_network_options() {
    apt-config dump Acquire |
        sed -nE 's/^(Acquire::(Check-[A-Za-z-]+|Retries|ForceIPv[46]|https?::[A-Za-z:.-]*[A-Za-z]) "[^"]+");$/--aptopt=\1/p'
}

need_disk_space() {
    local free
    free=$(df --output=avail -m "$1" | tail -n 1 | tr -d ' ')
    [[ $free -ge $private_root_megabytes ]] ||
        fail "Замало місця на диску: $free МБ у $1, потрібно $private_root_megabytes МБ. Звільніть місце або задайте HOTLINE_PRIVATE_ROOT." \
            "Too little disk space: $free MB in $1, $private_root_megabytes MB are needed. Free some, or set HOTLINE_PRIVATE_ROOT."
}
