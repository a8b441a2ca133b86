"""Where engines that hear are not installed, `./check --quick` leaves their tests out, and no other run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALL_PASSED, INTERRUPTED = 0, 2
NEEDS_AN_ENGINE = "raise ModuleNotFoundError('not here', name='onnxruntime')"
NEEDS_ANOTHER = "raise ModuleNotFoundError('not here', name='aiohttp')"


def _run(folder: Path, *more: str, missing: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_ears.py").write_text(f"{missing}\ndef test_ears(): pass")
    (folder / "test_rest.py").write_text("def test_rest(): pass")
    alone = ("-c", os.devnull, "-p", "tests.engines", str(folder))
    return subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", "-rs", *alone, *more],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_without_its_engine_is_left_out_and_named(tmp_path: Path) -> None:
    ended = _run(tmp_path, "--without-engines", missing=NEEDS_AN_ENGINE)
    assert ended.returncode == ALL_PASSED, ended.stdout
    assert "1 passed, 1 skipped" in ended.stdout
    assert "test_ears.py:1: onnxruntime is not installed" in ended.stdout


@pytest.mark.parametrize(
    ("missing", "more"), [(NEEDS_AN_ENGINE, ()), (NEEDS_ANOTHER, ("--without-engines",))]
)
def test_a_whole_run_and_whatever_else_is_missing_are_red(
    tmp_path: Path, missing: str, more: tuple[str, ...]
) -> None:
    ended = _run(tmp_path, *more, missing=missing)
    assert ended.returncode == INTERRUPTED
    assert "ERROR" in ended.stdout
