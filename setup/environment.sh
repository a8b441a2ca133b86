# shellcheck shell=bash
# The virtual environment: the best Python of 3.11 or newer, locked packages, the hotline itself.

# usable_python: the first interpreter that is new enough and can make a virtual environment.
usable_python() {
    local candidate
    for candidate in ${HOTLINE_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

need_python() {
    usable_python >/dev/null || need_packages python3 python3-venv
    usable_python >/dev/null ||
        fail "Потрібен Python 3.11 або новіший: встановіть його або вкажіть у HOTLINE_PYTHON." \
            "Python 3.11 or newer is needed: install it, or name it in HOTLINE_PYTHON."
}

# need_environment REQUIREMENTS: what hears has its models of pauses beside the packages.
need_environment() {
    need_locked "$1"
    [[ $1 != requirements-speech.txt && $1 != requirements-check.txt ]] || need_turn_models
}

# need_locked REQUIREMENTS: nothing is done when the environment already holds just that.
need_locked() {
    local requirements=$1 python origin stamp=$HOTLINE_VENV/.hotline-stamp clear=()
    python=$(usable_python)
    origin="$("$python" -V) $PWD"
    if [[ -f $stamp && $(head -n 1 "$stamp") != "$origin" ]]; then
        clear=(--clear)  # ours, but made by another Python or in another folder
    elif [[ -f $stamp ]] && grep -qxF "$(contents_of "$requirements")" "$stamp"; then
        return
    fi
    "$python" -m venv "${clear[@]}" "$HOTLINE_VENV"
    install_locked "$requirements"
    {
        echo "$origin"
        contents_in "$requirements"
    } >"$stamp.new"
    mv "$stamp.new" "$stamp"
}

contents_of() {
    echo "$1 $(content_hash "$1" pyproject.toml)"
}

# contents_in REQUIREMENTS: of each locked file that is held in this one.
contents_in() {
    local file held=(requirements.txt "$1")
    [[ $1 != requirements-check.txt ]] || held=(requirements.txt requirements-speech.txt requirements-dev.txt "$1")
    for file in "${held[@]}"; do
        contents_of "$file"
    done
}

install_locked() {
    if ! install_by_uv "$1" && ! install_by_pip "$1"; then
        fail "Не вдалося встановити пакети Python: перевірте мережу й запустіть ще раз (подробиці: $setup_log)." \
            "Python packages could not be installed: check the network and run this again (details: $setup_log)."
    fi
}

# install_by_uv REQUIREMENTS: five times as quick (docs/decisions/0044-packages-by-uv.md). It reads no settings of
# pip: where those name another index or a proxy, or where it fails, pip does the work.
install_by_uv() {
    local uv=$HOTLINE_VENV/bin/uv options=(--python "$HOTLINE_VENV/bin/python")
    # Read to its end: with -q a pip that is still writing would fail, and with it the whole line.
    if "$HOTLINE_VENV/bin/python" -m pip config list | grep -E '\.(index-url|extra-index-url|no-index|proxy)='; then
        return 1
    fi
    [[ ${PIP_COMPILE-} == 0 ]] || options+=(--compile-bytecode)
    "$HOTLINE_VENV/bin/python" -m pip --disable-pip-version-check install --require-hashes -r setup/uv.txt &&
        "$uv" --no-config pip install "${options[@]}" --require-hashes -r "$1" &&
        "$uv" --no-config pip install "${options[@]}" --no-deps --no-build-isolation -e .
}

install_by_pip() {
    local pip=("$HOTLINE_VENV/bin/python" -m pip --disable-pip-version-check)
    "${pip[@]}" install --require-hashes -r "$1" && "${pip[@]}" install --no-deps --no-build-isolation -e .
}
