# shellcheck shell=bash
# Kamailio, where several Asterisk nodes are to stand behind it: the distribution's, else the private root's.

edge_packages=(kamailio kamailio-postgres-modules kamailio-extra-modules kamailio-websocket-modules
    kamailio-tls-modules)

# edge_is_whole ROOT: Kamailio is there with all modules that ours loads.
edge_is_whole() {
    [[ -x $1/usr/sbin/kamailio ]] && compgen -G "$1/usr/lib/*/kamailio/modules/db_postgres.so" >/dev/null &&
        compgen -G "$1/usr/lib/*/kamailio/modules/dmq_usrloc.so" >/dev/null &&
        compgen -G "$1/usr/lib/*/kamailio/modules/websocket.so" >/dev/null &&
        compgen -G "$1/usr/lib/*/kamailio/modules/tls.so" >/dev/null
}

need_edge() {
    if edge_is_whole "" || edge_is_whole "$HOTLINE_PRIVATE_ROOT"; then
        return
    fi
    local had_kamailio=no
    [[ ! -x /usr/sbin/kamailio ]] || had_kamailio=yes
    refresh_apt_lists "Kamailio"
    need_packages "${edge_packages[@]}"
    [[ $had_kamailio == yes ]] || at_no_boot kamailio  # whose machine it was on before goes on running theirs
}
