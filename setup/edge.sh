# shellcheck shell=bash
# Kamailio, where several Asterisk nodes are to stand behind it: the distribution's, else the private root's.

edge_packages=(kamailio kamailio-postgres-modules)

need_edge() {
    if [[ -x /usr/sbin/kamailio || -x $HOTLINE_PRIVATE_ROOT/usr/sbin/kamailio ]]; then
        return
    fi
    refresh_apt_lists "Kamailio"
    need_packages "${edge_packages[@]}"
    if [[ -d /run/systemd/system ]]; then
        # `hotline edge` runs our own; the package's would take the SIP port at the next boot.
        as_root "systemctl disable kamailio" systemctl disable kamailio.service
    fi
}
