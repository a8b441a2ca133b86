#!/usr/bin/env bash
# Makes the containers' secrets once, then starts them: setup/compose.sh [arguments of `docker compose up`]
# With HOTLINE_SCALED=edge,node,web,rounds (or some of these) it starts this machine's share of a hotline on several.
set -euo pipefail
cd "$(dirname "$0")/.."

export HOTLINE_VAR=var
source setup/common.sh
source setup/secrets.sh

# The containers run as the owner of the secrets, never as root.
export HOTLINE_UID=${HOTLINE_UID:-${SUDO_UID:-$((EUID == 0 ? 1000 : EUID))}}
export HOTLINE_GID=${HOTLINE_GID:-${SUDO_GID:-$HOTLINE_UID}}

need_secrets ari ami
mkdir -p var/settings
if [[ -n ${HOTLINE_SCALED-} ]]; then
    need_secrets answers
    needed=(settings.env)
    [[ $HOTLINE_SCALED == edge ]] || needed+=(secrets/database_url)
    [[ ,$HOTLINE_SCALED, != *,edge,* ]] || needed+=(secrets/edge_database_url)
    for one in "${needed[@]}"; do
        [[ -s var/$one ]] || fail "Немає var/$one: див. «Two machines» у docs/operations.md." \
            "There is no var/$one: see \"Two machines\" in docs/operations.md."
    done
    files=(--file docker-compose.scaled.yml)
    for one in ${HOTLINE_SCALED//,/ }; do files+=(--profile "$one"); done
else
    need_secrets database
    files=(--file docker-compose.yml)
    [[ -z ${HOTLINE_TRUNK_HOST-} ]] || files+=(--file docker-compose.trunk.yml)
fi
(
    umask 077
    [[ -n ${HOTLINE_SCALED-} ]] ||
        printf 'postgresql+asyncpg://hotline:%s@postgres/hotline' "$(<var/secrets/database)" >var/secrets/database_url
    # The provider's password is kept until another one is given.
    if [[ -n ${HOTLINE_TRUNK_SECRET-} || ! -e var/secrets/trunk ]]; then
        printf '%s' "${HOTLINE_TRUNK_SECRET-}" >var/secrets/trunk
    fi
)
[[ $EUID -ne 0 ]] || chown -R "$HOTLINE_UID:$HOTLINE_GID" var/secrets
build=(--build)
[[ " $* " != *" --no-build "* ]] || build=()
if docker compose version >/dev/null 2>&1; then
    exec docker compose "${files[@]}" up "${build[@]}" "$@"
elif command -v podman-compose >/dev/null; then
    # It takes NAME: "${NAME:-…}" of a service for the value of NAME itself: so each is given here.
    while IFS='=' read -r name default; do
        [[ -v $name ]] || export "$name=$default"
    done < <(sed -nE 's/.*\$\{(HOTLINE_[A-Z_]+):-([^}]*)\}.*/\1=\2/p' "${files[1]}")
    exec podman-compose "${files[@]}" up "${build[@]}" "$@"
fi
fail "Потрібен Docker із Compose 2.24 або новішим, або podman-compose." \
    "Docker with Compose 2.24 or newer, or podman-compose, is needed."
