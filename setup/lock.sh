#!/usr/bin/env bash
# Write requirements*.txt anew from pyproject.toml: for a maintainer who changes a dependency.
#   setup/lock.sh             keep every version that still fits
#   setup/lock.sh --upgrade   take the newest of each
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" --disable-pip-version-check --quiet install uv

# locked OUTPUT ARGUMENT…: for every supported Python at once, with hashes, naming no index.
locked() {
    local output=$1
    shift
    "$tools/bin/uv" --no-config pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command setup/lock.sh --output-file "$output" "$@"
}

# lock OUTPUT [ARGUMENT…]: setuptools stands beside our own dependencies because it builds the hotline itself.
lock() {
    local output=$1
    shift
    echo 'setuptools>=80' | locked "$output" "$@" pyproject.toml -
}

lock requirements.txt "$@"
lock requirements-speech.txt --extra speech "$@"
lock requirements-dev.txt --extra dev "$@"
lock requirements-check.txt --extra dev --extra speech --extra speech-check "$@"
echo uv | locked setup/uv.txt "$@" -
