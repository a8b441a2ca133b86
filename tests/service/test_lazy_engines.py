"""Engines that hear are heavy: the service comes up without them, whatever is installed and set."""

import subprocess
import sys

ENGINES = {"vosk", "onnx_asr", "onnxruntime", "faster_whisper", "ctranslate2"}


def test_the_service_imports_no_engine() -> None:
    asked = f"import sys, service.command_line; print(*sorted({ENGINES} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []
