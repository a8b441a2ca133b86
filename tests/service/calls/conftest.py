"""A small disk for recordings."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


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
