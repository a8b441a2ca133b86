"""A database of its own for the commands that are run on it."""

from pathlib import Path

import pytest

from tests.fakes.databases import empty_database


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database where the command line looks for one by itself: in its folder of data."""
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    monkeypatch.setenv("HOTLINE_ARI_SECRET", "a")
    monkeypatch.setenv("HOTLINE_AMI_SECRET", "b")
    monkeypatch.delenv("HOTLINE_DATABASE_URL", raising=False)
    return empty_database(tmp_path)
