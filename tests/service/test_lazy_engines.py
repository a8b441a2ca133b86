"""Heavy libraries: the service comes up without engines that hear, codecs, ciphers, traces and sounds."""

import subprocess
import sys

HEAVY = {
    "vosk",
    "onnx_asr",
    "onnxruntime",
    "faster_whisper",
    "ctranslate2",
    "av",
    "numpy",
    "soxr",
    "cryptography",
    "aiogram",
    "opentelemetry",
    "pydantic",
}


def test_the_service_imports_nothing_heavy() -> None:
    asked = (
        f"import sys, service.command_line, service.wiring.serve\nprint(*sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []
