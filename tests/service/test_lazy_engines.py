"""Engines that hear and FFmpeg's codecs are heavy: the service comes up without them, whatever is set."""

import subprocess
import sys

ENGINES = {"vosk", "onnx_asr", "onnxruntime", "faster_whisper", "ctranslate2", "av"}


def test_the_service_imports_no_engine() -> None:
    asked = (
        "import sys, service.command_line, service.wiring.serve\n"
        f"print(*sorted({ENGINES} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []
