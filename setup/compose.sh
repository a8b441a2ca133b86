#!/usr/bin/env bash
# Makes the containers' secrets once, then starts them: setup/compose.sh [arguments of `docker compose up`]
set -euo pipefail
cd "$(dirname "$0")/.."

export HOTLINE_VAR=var
source setup/common.sh
source setup/secrets.sh

# The containers run as the owner of the secrets, never as root.
export HOTLINE_UID=${HOTLINE_UID:-${SUDO_UID:-$((EUID == 0 ? 1000 : EUID))}}
export HOTLINE_GID=${HOTLINE_GID:-${SUDO_GID:-$HOTLINE_UID}}

need_secrets ari ami database
mkdir -p var/settings
(
    umask 077
    printf 'postgresql+asyncpg://hotline:%s@postgres/hotline' "$(<var/secrets/database)" >var/secrets/database_url
    # The provider's password is kept until another one is given.
    if [[ -n ${HOTLINE_TRUNK_SECRET-} || ! -e var/secrets/trunk ]]; then
        printf '%s' "${HOTLINE_TRUNK_SECRET-}" >var/secrets/trunk
    fi
)
[[ $EUID -ne 0 ]] || chown -R "$HOTLINE_UID:$HOTLINE_GID" var/secrets
files=(--file docker-compose.yml)
[[ -z ${HOTLINE_TRUNK_HOST-} ]] || files+=(--file docker-compose.trunk.yml)
build=(--build)
[[ " $* " != *" --no-build "* ]] || build=()
if docker compose version >/dev/null 2>&1; then
    exec docker compose "${files[@]}" up "${build[@]}" "$@"
elif command -v podman-compose >/dev/null; then
    # It takes NAME: "${NAME:-…}" of a service for the value of NAME itself: so each is given here.
    while IFS='=' read -r name default; do
        [[ -v $name ]] || export "$name=$default"
    done < <(sed -nE 's/.*\$\{(HOTLINE_[A-Z_]+):-([^}]*)\}.*/\1=\2/p' docker-compose.yml)
    exec podman-compose "${files[@]}" up "${build[@]}" "$@"
fi
fail "Потрібен Docker із Compose 2.24 або новішим, або podman-compose." \
    "Docker with Compose 2.24 or newer, or podman-compose, is needed."
