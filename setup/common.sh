# shellcheck shell=bash
# What ./start and ./check share: settings from the environment, numbered steps, one-line errors, root rights.

HOTLINE_VENV=${HOTLINE_VENV:-.venv}
HOTLINE_VAR=${HOTLINE_VAR:-var}
HOTLINE_PRIVATE_ROOT=${HOTLINE_PRIVATE_ROOT:-$HOTLINE_VAR/root}
export HOTLINE_VENV HOTLINE_VAR HOTLINE_PRIVATE_ROOT

mkdir -p "$HOTLINE_VAR/log"
setup_log=$HOTLINE_VAR/log/setup.log
rm -f "$setup_log"  # it may lie in a folder of the service's user: root follows no link there
: >"$setup_log"
exec 3>&2  # people read this one also while a step's output goes to the log

steps=0
step_number=0
step_name=""
step_log_start=1
explained=no

# fail UKRAINIAN ENGLISH: say what to do and stop.
fail() {
    explained=yes
    printf '\n%s\n%s\n' "$1" "$2" >&3
    exit 1
}

explain_exit() {
    local code=$?
    if [[ $code -ne 0 && $explained == no && -n $step_name ]]; then
        printf '\nЗупинилося на кроці / Stopped at step: %s\n' "$step_name" >&3
        tail -c "+$step_log_start" "$setup_log" | tail -n 12 | sed 's/^/  | /' >&3
        printf 'Увесь журнал / The whole log: %s\n' "$setup_log" >&3
    fi
}
trap explain_exit EXIT

# count_steps NUMBER: how many steps there will be.
count_steps() {
    steps=$1
}

# step NAME COMMAND…: run quietly, with number and seconds.
step() {
    local began=$SECONDS
    step_name=$1
    step_number=$((step_number + 1))
    step_log_start=$(($(wc -c <"$setup_log") + 1))
    printf '(%d/%d) %s … ' "$step_number" "$steps" "$step_name" >&3
    shift
    "$@" >>"$setup_log" 2>&1
    printf '%d s\n' $((SECONDS - began)) >&3
    step_name=""
}

# meanwhile NAME COMMAND…: begin a step beside those that follow; `joined` waits for it and tells of it.
meanwhile() {
    beside_name=$1
    beside_log=$HOTLINE_VAR/log/beside.log
    shift
    ("$@") >"$beside_log" 2>&1 &
    beside=$!
}

joined() {
    step "$beside_name" await_beside
}

await_beside() {
    local code=0
    wait "$beside" || code=$?
    cat "$beside_log"
    return "$code"
}

# as_root WHY COMMAND…
as_root() {
    local why=$1
    shift
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "Потрібні права адміністратора ($why). Запустіть від root або встановіть sudo." \
            "Administrator rights are needed ($why). Run as root, or install sudo."
    fi
}

# content_hash FILE…: one word that changes when a file does.
content_hash() {
    cat "$@" | sha256sum | cut -d' ' -f1
}
