"""Prompts that are there are looked at once; one that has come or gone since is known at once."""

import os
import time
from pathlib import Path

import pytest

from telephony.voice.prompt_files import PromptFiles


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List what is looked at on disk."""
    looked: list[str] = []
    real = os.stat

    def stat(path: object, **more: bool) -> os.stat_result:
        looked.append(Path(str(path)).name)
        return real(path, **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("telephony.voice.prompt_files.os.stat", stat)
    return looked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for suffix in (".sln16", ".alaw"):
        (tmp_path / f"greeting{suffix}").write_bytes(bytes(4000))
    os.utime(tmp_path, (0, time.time() - 60))
    return tmp_path


def test_what_was_there_is_there_as_long_as_the_folder_is_as_it_was(folder: Path, looks: list[str]) -> None:
    ticks = iter(range(100))
    files = PromptFiles(folder, lambda: next(ticks))
    assert [files.seconds("greeting") for _ in range(3)] == [0.5] * 3
    assert looks == [folder.name, "greeting.sln16", "greeting.alaw", folder.name, folder.name]


def test_of_all_phrases_of_a_moment_the_folder_is_looked_at_once(folder: Path, looks: list[str]) -> None:
    files = PromptFiles(folder, lambda: 1.0)
    assert [files.seconds("greeting") for _ in range(3)] == [0.5] * 3
    assert looks.count(folder.name) == 1


@pytest.mark.parametrize("suffix", [".sln16", ".alaw"])
def test_a_deleted_file_is_missed_at_once_and_found_when_it_is_made_anew(folder: Path, suffix: str) -> None:
    ticks = iter(range(100))
    files = PromptFiles(folder, lambda: next(ticks))
    assert files.seconds("greeting") == 0.5
    (folder / f"greeting{suffix}").unlink()
    assert files.seconds("greeting") is None
    (folder / f"greeting{suffix}").write_bytes(bytes(8000))
    assert files.seconds("greeting") == (1.0 if suffix == ".alaw" else 0.5)


def test_a_folder_that_has_just_changed_is_not_trusted(folder: Path, looks: list[str]) -> None:
    os.utime(folder)
    ticks = iter(range(100))
    files = PromptFiles(folder, lambda: next(ticks))
    assert [files.seconds("greeting") for _ in range(2)] == [0.5] * 2
    assert looks.count("greeting.alaw") == 2


def test_without_its_folder_nothing_is_there(tmp_path: Path) -> None:
    assert PromptFiles(tmp_path / "none").seconds("greeting") is None
