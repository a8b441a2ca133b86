# shellcheck shell=bash
# Asterisk and the service never run as root: ./start begun as root gives their state to a user of their own, and
# runs as that user whatever reads or writes it. Begun by anybody else, all of it is theirs.

HOTLINE_USER=${HOTLINE_USER:-hotline}
by_service_user=()  # in front of a command: as that user, without any way back to root
[[ $EUID -eq 0 ]] || HOTLINE_USER=$(id -un)

need_service_user() {
    id "$HOTLINE_USER" >/dev/null 2>&1 ||
        useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$HOTLINE_USER"
    run_as_service_user
    give_state
    open_way_to "$PWD/." "$(realpath "$HOTLINE_VAR")" "$(realpath "$HOTLINE_VENV/bin/python")" "$(realpath -m "$HOTLINE_PRIVATE_ROOT")"
    "${by_service_user[@]}" "$HOTLINE_VENV/bin/python" -c 'import service.command_line' ||
        fail "Користувач $HOTLINE_USER не може прочитати програму в $PWD. Дозвольте всім її читати (chmod -R go+rX $PWD, крім var), перенесіть її до /opt або запустіть ./start від звичайного користувача." \
            "The user $HOTLINE_USER cannot read the program in $PWD. Let everybody read it (chmod -R go+rX $PWD, but for var), move it to /opt, or run ./start as an ordinary user."
}

run_as_service_user() {
    [[ $HOTLINE_USER != root ]] || return 0
    by_service_user=(setpriv --reuid "$HOTLINE_USER" --regid "$(id -g "$HOTLINE_USER")" --init-groups
        --inh-caps=-all --bounding-set=-all --no-new-privs -- env HOME=/nonexistent)
}

# give_state: the folder of state and what is in it; not the programs there, which nobody should be able to change,
# nor the log of the set-up, which root writes.
give_state() {
    local owner
    owner=$HOTLINE_USER:$(id -g "$HOTLINE_USER")
    chown "$owner" "$HOTLINE_VAR"
    chmod go-rwx "$HOTLINE_VAR"
    find -H "$HOTLINE_VAR" -mindepth 1 \( -path "$HOTLINE_PRIVATE_ROOT" -o -path "$HOTLINE_VAR/root*" -o -path "$HOTLINE_VAR/log" \) -prune \
        -o ! -user "$HOTLINE_USER" -exec chown -h "$owner" {} +
}

# open_way_to PATH…: folders above that are closed, such as /root, may be passed through, and no more than that.
open_way_to() {
    local path folder part parts
    for path in "$@"; do
        folder=""
        IFS=/ read -ra parts <<<"$(dirname "${path#/}")"
        for part in "${parts[@]}"; do
            folder+=/$part
            "${by_service_user[@]}" test -x "$folder" || let_pass "$folder"
        done
    done
}

# let_pass FOLDER: by an access list for this one user, so that the folder is as closed to all others as before.
let_pass() {
    command -v setfacl >/dev/null || need_packages acl
    setfacl -m "u:$HOTLINE_USER:x" "$1" || return 0  # what cannot be opened is told by who tries to go there
    printf '\n%s\n%s\n' \
        "Користувачеві $HOTLINE_USER дозволено проходити крізь теку $1 (але не читати її); скасувати: setfacl -x u:$HOTLINE_USER $1" \
        "The user $HOTLINE_USER may pass through $1 now (not read it); to undo: setfacl -x u:$HOTLINE_USER $1" >&3
}

# need_ordinary_port PORT VARIABLE: a user other than root may not listen below 1024.
need_ordinary_port() {
    local least
    least=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
    [[ $HOTLINE_USER == root || $1 -ge $least ]] ||
        fail "Порт $1 ($2) може відкрити лише root, а гаряча лінія працює як $HOTLINE_USER. Задайте порт від $least; для 80 і 443 поставте перед нею проксі (docs/proxy)." \
            "Port $1 ($2) is for root only, and the hotline runs as $HOTLINE_USER. Give a port from $least on; for 80 and 443 put a proxy before it (docs/proxy)."
}
