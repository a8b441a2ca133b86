"""The file of keys: made for its owner alone, added to, and what is amiss with it said in both languages."""

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hotline.calls.sound_store import SoundLocked
from storage.sounds.keys import KeyNotMade, SoundKeys, add_key

TODAY = date(2026, 11, 30)


def test_a_new_key_encrypts_and_older_ones_still_open(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "recordings"
    keys = SoundKeys(file)
    first = add_key(file, TODAY)
    assert keys.current() == first
    second = add_key(file, TODAY)
    assert keys.current() == second
    assert (keys.of(first.id), keys.of(second.id)) == (first, second)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["recordings"]


def test_without_a_setting_nothing_is_encrypted_and_what_is_asks_for_its_key() -> None:
    keys = SoundKeys(None)
    assert keys.current() is None
    with pytest.raises(SoundLocked, match="HOTLINE_RECORDINGS_KEY_FILE is not set"):
        keys.of("abcd")


def test_a_key_is_not_told_by_what_is_printed_of_it(tmp_path: Path) -> None:
    key = add_key(tmp_path / "keys", TODAY)
    assert (tmp_path / "keys").read_text().split()[-1] not in repr(key)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda file: file.unlink(), "cannot be read"),
        (lambda file: file.chmod(0o640), "chmod 600"),
        (lambda file: file.write_text("2026-11-30 AAAA\n"), "Line 1 of the file"),
        (lambda file: file.write_text("# nothing\n"), "There is no key"),
        (lambda file: file.write_bytes(b"\xff\xfe\n"), "Line 1 of the file"),
    ],
)
def test_a_file_that_cannot_be_used_says_how_to_mend_it(
    harm: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "keys"
    add_key(file, TODAY)
    keys = SoundKeys(file)
    keys.current()
    before = file.read_bytes()
    harm(file)
    with pytest.raises(SoundLocked, match=said):
        keys.current()
    if file.exists() and said != "chmod 600":
        with pytest.raises(SoundLocked):
            add_key(file, TODAY)
    file.unlink(missing_ok=True)
    file.touch(0o600)
    file.write_bytes(before)
    keys.current()


def test_a_wrong_file_is_never_taken_for_the_right_one(tmp_path: Path) -> None:
    lost = add_key(tmp_path / "lost", TODAY)
    add_key(tmp_path / "other", TODAY)
    with pytest.raises(SoundLocked, match=f"Key {lost.id} is not in"):
        SoundKeys(tmp_path / "other").of(lost.id)


def test_where_no_file_can_be_written_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyNotMade):
        add_key(tmp_path / "file" / "keys", TODAY)
