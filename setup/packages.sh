# shellcheck shell=bash
# System packages by apt: only what is missing, and no daemon is started by being installed.

apt_lists_fresh=no

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# refresh_apt_lists WHY: once a run. A source that fails need not be one that is needed: installing will tell.
refresh_apt_lists() {
    [[ $apt_lists_fresh == yes ]] && return
    as_root "$1" apt-get -o DPkg::Lock::Timeout=120 update || true
    apt_lists_fresh=yes
}

# candidate_version PACKAGE: what apt would install; empty when it has none.
candidate_version() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" {print $2}'
}

# need_packages PACKAGE…: install those that are missing.
need_packages() {
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [[ ${#missing[@]} -eq 0 ]] && return
    command -v apt-get >/dev/null ||
        fail "Тут немає apt. Встановіть самі: ${missing[*]}." "There is no apt here. Install yourself: ${missing[*]}."
    refresh_apt_lists "apt-get install ${missing[*]}"
    install_quietly "${missing[@]}" ||
        fail "apt не встановив ${missing[*]}: перевірте мережу та джерела apt (подробиці: $setup_log)." \
            "apt did not install ${missing[*]}: check the network and apt's sources (details: $setup_log)."
}

# Debian's packages of servers start them at once, on the very ports that are ours: policy-rc.d forbids it.
install_quietly() {
    local policy=/usr/sbin/policy-rc.d made_policy=no result=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root "apt-get install $*" tee "$policy" >/dev/null
        as_root "apt-get install $*" chmod 755 "$policy"
        made_policy=yes
    fi
    as_root "apt-get install $*" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@" </dev/null || result=$?
    [[ $made_policy == no ]] || as_root "apt-get install $*" rm -f "$policy"
    return "$result"
}

# at_no_boot SERVICE: what ./start runs is its own; the package's would take the ports at the next boot.
at_no_boot() {
    [[ ! -d /run/systemd/system ]] || as_root "systemctl disable $1" systemctl disable "$1.service"
}
