"""Whoever else uses the machine reads nothing of ours."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    surroundings = {
        **os.environ,
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_ARI_SECRET": "x",
        "HOTLINE_AMI_SECRET": "x",
    }
    surroundings.pop("HOTLINE_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "service", "migrate"], env=surroundings, umask=0o022, check=False
    )
    assert done.returncode == 0
    files = list(tmp_path.glob("hotline.db*"))
    assert files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
