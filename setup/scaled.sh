# shellcheck shell=bash
# Two of each part on one machine (./start --scaled): what runs them besides Asterisk, the ports, a PostgreSQL of our own.

own_database_port=${HOTLINE_POSTGRES_PORT:-5442}
own_database_runs=no

need_scaled_programs() {
    need_edge
    if [[ ! -x /usr/sbin/nginx ]]; then
        need_packages nginx
        at_no_boot nginx
    fi
    if has_own_database && ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
        need_packages postgresql
        at_no_boot postgresql
    fi
}

# has_own_database: nobody has named another PostgreSQL.
has_own_database() {
    [[ -z ${HOTLINE_DATABASE_URL-} && -z ${HOTLINE_DATABASE_URL_FILE-} ]]
}

need_scaled_ports() {
    local ports=(0 2 6 8 11 12) number http=${HOTLINE_HTTP_PORT:-8080} sip=${HOTLINE_SIP_PORT:-5060} protocol
    start_command="./start --scaled"
    [[ -z ${HOTLINE_SIP_TLS_CERTIFICATE-} ]] || ports+=(1 3)
    need_ordinary_port "$http" HOTLINE_HTTP_PORT
    need_ordinary_port "$sip" HOTLINE_SIP_PORT
    for number in 0 1 2; do
        need_port tcp $((http + number)) HOTLINE_HTTP_PORT "вебсторінка" "web page" "$http"
    done
    for protocol in udp tcp; do
        for number in "${ports[@]}"; do
            need_port "$protocol" $((sip + number)) HOTLINE_SIP_PORT "телефонія SIP" "SIP telephony" "$sip"
        done
    done
    for number in 0 1; do
        need_port tcp $((${HOTLINE_ARI_PORT:-8088} + number)) HOTLINE_ARI_PORT "Asterisk ARI" "Asterisk ARI" "${HOTLINE_ARI_PORT:-8088}"
        need_port tcp $((${HOTLINE_AMI_PORT:-5038} + number)) HOTLINE_AMI_PORT "Asterisk AMI" "Asterisk AMI" "${HOTLINE_AMI_PORT:-5038}"
        need_port tcp $((${HOTLINE_AGI_PORT:-4573} + number)) HOTLINE_AGI_PORT "Asterisk AGI" "Asterisk AGI" "${HOTLINE_AGI_PORT:-4573}"
    done
    if has_own_database; then
        need_port tcp "$own_database_port" HOTLINE_POSTGRES_PORT "PostgreSQL" "PostgreSQL"
    fi
}

# need_own_database: make it once, and run it for the steps that follow; `hotline up --scaled` runs it after them.
need_own_database() {
    has_own_database || return 0
    local programs
    programs=$(own_database_programs)
    # Before anything is written: the one that runs goes by what stands in its folder.
    if [[ -e $HOTLINE_VAR/postgresql/PG_VERSION ]] && own_database_server status; then
        fail "Гаряча лінія вже працює в теці $HOTLINE_VAR (її PostgreSQL запущено). Спершу зупиніть її." \
            "The hotline already runs in $HOTLINE_VAR (its PostgreSQL is up). Stop that one first."
    fi
    "${by_service_user[@]}" bash -euc "$(declare -f need_secrets make_own_database); make_own_database $programs $own_database_port"
    trap 'explain_exit; stop_own_database' EXIT
    own_database_runs=yes
    own_database_server start -o "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p $own_database_port"
    ask_own_database postgres <<<"SELECT 'CREATE DATABASE hotline' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hotline') \\gexec"
    ask_own_database hotline <<<"SELECT 'CREATE ROLE edge LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'edge') \\gexec
ALTER ROLE edge PASSWORD '$(<"$HOTLINE_VAR/secrets/edge")';"
}

# own_database_programs: of the version that has made it, else of the newest.
own_database_programs() {
    local made=$HOTLINE_VAR/postgresql/PG_VERSION
    if [[ -e $made ]]; then
        echo "/usr/lib/postgresql/$(<"$made")/bin"
    else
        find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' | sort -V | tail -n 1
    fi
}

# make_own_database PROGRAMS PORT: run by its owner; where it is told is kept with the state.
make_own_database() {
    local secrets=$HOTLINE_VAR/secrets
    umask 077
    need_secrets database edge
    if [[ ! -e $HOTLINE_VAR/postgresql/PG_VERSION ]]; then
        "$1/initdb" -D "$HOTLINE_VAR/postgresql" -U hotline --auth=scram-sha-256 --pwfile="$secrets/database" --encoding=UTF8 --locale=C.UTF-8
    fi
    printf 'postgresql+asyncpg://hotline:%s@127.0.0.1:%s/hotline' "$(<"$secrets/database")" "$2" >"$secrets/database_url"
    printf 'postgres://edge:%s@127.0.0.1:%s/hotline' "$(<"$secrets/edge")" "$2" >"$secrets/edge_database_url"
    "$HOTLINE_VENV/bin/python" -c 'import sys; from pathlib import Path; from service.settings.kept import keep_settings
var = Path(sys.argv[1]).absolute()
keep_settings(var, {f"HOTLINE_{one.upper()}_FILE": str(var / "secrets" / one) for one in ("database_url", "edge_database_url")})' "$HOTLINE_VAR"
}

own_database_server() {
    "${by_service_user[@]}" "$(own_database_programs)/pg_ctl" -s -w -D "$HOTLINE_VAR/postgresql" -l "$HOTLINE_VAR/postgresql.log" "$@"
}

# ask_own_database DATABASE: what is on standard input.
ask_own_database() {
    PGPASSWORD=$(<"$HOTLINE_VAR/secrets/database") "$(own_database_programs)/psql" -qX -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$own_database_port" -U hotline -d "$1"
}

stop_own_database() {
    [[ $own_database_runs == yes ]] || return 0
    own_database_runs=no
    own_database_server stop -m fast
}

# migrate_database: tables up to date; Kamailio may read of dispatchers what telephones register with.
migrate_database() {
    "${by_service_user[@]}" "$hotline" migrate
    [[ $own_database_runs == no ]] || ask_own_database hotline <<<"GRANT SELECT (extension, secret) ON dispatchers TO edge;"
}
