"""A small disk for recordings; masters are made in the test's own process."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.mastered import make_here


@pytest.fixture(autouse=True)
def _made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.calls.masters.make", make_here)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where this machine lets us have one."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)]
    mounted = subprocess.run(mount, check=False, capture_output=True)  # noqa: S603
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield where
    subprocess.run(["/bin/umount", "--lazy", str(where)], check=True)  # noqa: S603
