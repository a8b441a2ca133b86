"""`./start --speech` on a machine without any of its packages: they are there then, and hear.

It begins with an empty environment and an empty folder of state; Asterisk and the voices are the check's.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.fakes.toy_onnx import toy_model, toy_tdt_model
from tests.system.hotline import PRIVATE_ROOT

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^[\w.-]+==.+$", re.MULTILINE)
HEARS = (
    "import faster_whisper, onnx_asr, vosk; import telephony.speech.turn_models as there; there.turn_models()"
)
pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]  # 290 MB are fetched and unpacked


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> "Machine":
    return Machine(tmp_path_factory.mktemp("machine"))


class Machine:
    """An environment and a folder of state of their own."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "venv" / "bin"
        user = subprocess.run(["/usr/bin/id", "-un"], capture_output=True, text=True, check=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
        self._environ = kept | {
            "HOTLINE_VENV": str(folder / "venv"),
            "HOTLINE_VAR": str(folder / "var"),
            "HOTLINE_PRIVATE_ROOT": str(PRIVATE_ROOT),
            "HOTLINE_USER": user.stdout.strip(),  # nobody is added to the machine that checks
            "HOTLINE_DEMO": "0",
            "LC_ALL": "en_GB.UTF-8",
            "PYTHONPATH": "",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own programs
            command, cwd=ROOT, env=self._environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def program(self, name: str, *given: str) -> str:
        return self.run(str(self._bin / name), *given)


def pinned(text: str) -> set[tuple[str, str]]:
    """Give each package for this machine with its version."""
    asked = [Requirement(line.rstrip("\\ ")) for line in PINNED.findall(text)]
    here = [one for one in asked if one.marker is None or one.marker.evaluate()]
    return {(canonicalize_name(one.name), str(one.specifier)) for one in here}


def test_what_hears_is_installed_as_locked_and_hears(machine: Machine, tmp_path: Path) -> None:
    assert "./start" in machine.run("./start", "--speech", "--setup-only")
    there = pinned(machine.program("python", "-m", "pip", "freeze", "--all"))
    locked = pinned((ROOT / "requirements-speech.txt").read_text("utf-8"))
    assert locked
    assert locked <= there
    machine.program("python", "-c", HEARS)
    for model in (toy_model(tmp_path / "ctc"), toy_tdt_model(tmp_path / "tdt")):
        told = machine.program("hotline", "speech", "check", str(model), "--language", "en")
        assert re.search(r"word error rate: \d+%", told), told
