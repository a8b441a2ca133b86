# shellcheck shell=bash
# Is a port free? Read from /proc, so that it needs no tool and no root.

# port_is_taken tcp|udp PORT
port_is_taken() {
    local state=0A  # listening
    [[ $1 == udp ]] && state=07
    awk -v port="$(printf '%04X' "$2")" -v state="$state" \
        '{split($2, address, ":")} $4 == state && address[length(address)] == port {found = 1} END {exit !found}' \
        /proc/net/"$1"{,6} 2>/dev/null
}

start_command=./start

# need_port PROTOCOL PORT VARIABLE UKRAINIAN ENGLISH [VALUE]: VALUE is the variable's, where the port only follows from it.
need_port() {
    if port_is_taken "$1" "$2"; then
        fail "Порт $2 ($4) уже зайнятий. Зупиніть програму, що його тримає, або запустіть так: $3=$((${6:-$2} + 1000)) $start_command" \
            "Port $2 ($5) is taken. Stop the program that holds it, or start with: $3=$((${6:-$2} + 1000)) $start_command"
    fi
}

need_free_ports() {
    need_ordinary_port "${HOTLINE_HTTP_PORT:-8080}" HOTLINE_HTTP_PORT
    need_ordinary_port "${HOTLINE_SIP_PORT:-5060}" HOTLINE_SIP_PORT
    need_port tcp "${HOTLINE_HTTP_PORT:-8080}" HOTLINE_HTTP_PORT "вебсторінка" "web page"
    need_port udp "${HOTLINE_SIP_PORT:-5060}" HOTLINE_SIP_PORT "телефонія SIP" "SIP telephony"
    need_port tcp "${HOTLINE_SIP_PORT:-5060}" HOTLINE_SIP_PORT "телефонія SIP" "SIP telephony"
    need_port tcp "${HOTLINE_ARI_PORT:-8088}" HOTLINE_ARI_PORT "Asterisk ARI" "Asterisk ARI"
    need_port tcp "${HOTLINE_AMI_PORT:-5038}" HOTLINE_AMI_PORT "Asterisk AMI" "Asterisk AMI"
    need_port tcp "${HOTLINE_AGI_PORT:-4573}" HOTLINE_AGI_PORT "Asterisk AGI" "Asterisk AGI"
}
