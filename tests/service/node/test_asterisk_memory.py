"""Asterisk's own database lives in memory, and comes back from the disk where memory has lost it."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.folders import Folders
from service.node.asterisk_memory import A_WRITE, DATABASE, put_aside, ready


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    (tmp_path / "var/asterisk/lib").mkdir(parents=True)
    return Folders(var=tmp_path / "var", root="", own_edge="", memory=str(tmp_path / "memory"))


def write(path: Path, contact: str) -> None:
    """Write as Asterisk does, and long enough ago for a copy."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table if not exists astdb (key, value)")
        database.execute("insert into astdb values ('registrar/contact', ?)", [contact])
    long_ago = time.time_ns() - 2 * A_WRITE
    os.utime(path, ns=(long_ago, long_ago))


def contacts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute("select value from astdb")]


def test_what_memory_has_lost_comes_back_from_the_disk(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    assert put_aside(folders)
    assert not put_aside(folders), "nothing has changed"
    used.unlink()

    ready(folders)

    assert contacts(used) == ["desk-201"]
    assert not put_aside(folders)


def test_memory_is_newer_than_the_disk(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    put_aside(folders)
    write(used, "desk-202")

    ready(folders)

    assert contacts(used) == ["desk-201", "desk-202"]


def test_a_write_of_this_moment_is_left_to_the_next_look(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    ahead = time.time_ns() + 10**9
    os.utime(used, ns=(ahead, ahead))

    assert not put_aside(folders)


def test_a_broken_copy_is_neither_taken_nor_in_the_way(
    folders: Folders, caplog: pytest.LogCaptureFixture
) -> None:
    (folders.asterisk / "lib" / DATABASE).write_bytes(b"SQLite format 3\0" + bytes(200))

    ready(folders)

    assert not (folders.asterisk_memory / DATABASE).exists()
    assert "telephones register anew" in caplog.text


def test_half_a_database_is_put_nowhere(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    os.truncate(used, 5000)
    os.utime(used, ns=(1, 1))

    assert not put_aside(folders)
    assert not list((folders.asterisk / "lib").iterdir())


def test_a_folder_that_others_may_enter_is_refused(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory").chmod(0o755)

    with pytest.raises(SettingsError, match="HOTLINE_MEMORY_FOLDER"):
        ready(folders)


def test_without_a_folder_in_memory_all_is_as_it_was(tmp_path: Path) -> None:
    on_disk = Folders(var=tmp_path, root="", own_edge="", memory="")
    on_disk.asterisk_memory.mkdir(mode=0o755, parents=True)
    ready(on_disk)
    write(on_disk.asterisk_memory / DATABASE, "desk-201")

    assert on_disk.asterisk_memory == tmp_path / "asterisk" / "lib"
    assert not put_aside(on_disk)
