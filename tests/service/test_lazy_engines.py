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


WORK = {"service.wiring.serve", "storage.store", "jinja2", "panoramisk"}


def _imported(modules: str, of: set[str]) -> list[str]:
    asked = f"import sys, {modules}\nprint(*sorted({of} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.split()


def test_the_service_imports_nothing_heavy() -> None:
    assert _imported("service.command_line, service.wiring.serve", HEAVY) == []


def test_who_stands_by_imports_nothing_of_the_work() -> None:
    """Each vain try once cost five seconds of the processor."""
    assert _imported("service.command_line, service.processes.turn", HEAVY | WORK) == []
