"""Asterisk's own database lives in memory, and comes back from the disk where memory has lost it."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.folders import Folders
from service.node import asterisk_memory
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


DIES = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("pragma cache_size = 1")
database.execute("begin")
database.execute("insert into astdb values ('registrar/contact', ?)", [sys.argv[2]])
database.execute("insert into astdb values ('much', ?)", ["x" * 100_000])
os._exit(9)
"""
"""With more to write than it may hold back, SQLite has begun to write into the file before the commit."""


def died_while_it_wrote(path: Path, contact: str) -> None:
    subprocess.run([sys.executable, "-c", DIES, path, contact], check=False)  # noqa: S603 - ours


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


def test_the_disk_is_newer_where_asterisk_ran_without_a_folder_in_memory(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    put_aside(folders)
    died_while_it_wrote(used, "desk-202")
    copy = folders.asterisk / "lib" / DATABASE
    write(copy, "desk-203")
    later = used.stat().st_mtime_ns + 1
    os.utime(copy, ns=(later, later))

    ready(folders)

    assert contacts(used) == ["desk-201", "desk-203"]


def test_what_an_asterisk_that_died_wrote_last_is_put_aside_and_nothing_half(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    died_while_it_wrote(used, "desk-202")
    assert used.with_name(f"{DATABASE}-journal").exists()

    assert put_aside(folders, at_rest=True)

    assert contacts(folders.asterisk / "lib" / DATABASE) == ["desk-201"]


def test_a_write_of_this_moment_is_left_to_the_next_look(folders: Folders) -> None:
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    ahead = time.time_ns() + 10**9
    os.utime(used, ns=(ahead, ahead))

    assert not put_aside(folders)


def test_two_that_put_aside_at_the_same_time_are_in_nobodys_way(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new Asterisk's copier begins while the one before still copies its own Asterisk's last writes."""
    ready(folders)
    used = folders.asterisk_memory / DATABASE
    write(used, "desk-201")
    sound = asterisk_memory._sound
    others: list[bool] = []

    def between(path: Path) -> bool:
        if not others:
            others.append(False)
            others.append(put_aside(folders))
        return sound(path)

    monkeypatch.setattr(asterisk_memory, "_sound", between)

    assert put_aside(folders)

    assert others == [False, True]
    copy = folders.asterisk / "lib" / DATABASE
    assert contacts(copy) == ["desk-201"]
    assert list(copy.parent.iterdir()) == [copy]


def test_a_copy_over_which_one_was_killed_is_deleted_and_no_new_one(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = folders.asterisk / "lib" / f"{DATABASE}-killed.new"
    left.touch()
    ready(folders)
    assert left.exists(), "who makes it may be at it"

    monkeypatch.setattr(asterisk_memory, "LEFT_SECONDS", -1.0)
    ready(folders)
    assert not left.exists()


@pytest.mark.parametrize("left", [b"SQLite format 3\0" + bytes(200), b""], ids=["half", "empty"])
def test_a_copy_that_a_power_cut_broke_is_neither_taken_nor_in_the_way(
    left: bytes, folders: Folders, caplog: pytest.LogCaptureFixture
) -> None:
    (folders.asterisk / "lib" / DATABASE).write_bytes(left)

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
