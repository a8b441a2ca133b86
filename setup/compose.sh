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
command -v docker >/dev/null ||
    fail "Потрібен Docker із Compose 2.24 або новішим." "Docker with Compose 2.24 or newer is needed."
exec docker compose up --build "$@"
