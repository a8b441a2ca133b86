"""Whoever else uses the machine reads nothing of ours."""

import os
import sys
from pathlib import Path

from service.command_line import main
from tests.fakes.forking import ended


def test_the_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    assert ended(_migrate, str(tmp_path)) == 0
    files = list(tmp_path.glob("hotline.db*"))
    assert files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def _migrate(var: str) -> None:
    """Be a `hotline migrate` that was begun where everybody may read what is made."""
    os.umask(0o022)
    os.environ.pop("HOTLINE_DATABASE_URL", None)
    os.environ |= {"HOTLINE_VAR": var, "HOTLINE_ARI_SECRET": "x", "HOTLINE_AMI_SECRET": "x"}
    sys.exit(main(["migrate"]))
