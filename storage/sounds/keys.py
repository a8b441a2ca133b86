"""The file with the keys of sounds: a line each, the last one encrypts, all of them open."""

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from attrs import define, field

from hotline.calls.sound_store import SoundLocked
from hotline.errors import HotlineError
from storage.sounds.encryption import SECRET_BYTES, Key

SETTING = "HOTLINE_RECORDINGS_KEY_FILE"
_HEADING = """\
# Keys of the hotline's recordings, one a line; new recordings are encrypted under the last one.
# Keep a copy of this file elsewhere, and not beside the backups: without it nobody can listen to them.
"""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyNotMade(HotlineError):  # noqa: N818 - reads as what happened
    """A new key could not be written; the message says why. Nothing was changed."""

    code = "key-not-made"


@define(eq=False, repr=False)
class SoundKeys:
    """Keys as their file holds them now: it is read anew whenever it has changed."""

    file: Path | None
    """None: new sounds are kept as they are."""
    _seen: tuple[int, ...] = field(default=(), init=False)
    _keys: Mapping[str, Key] = field(factory=dict, init=False)

    def current(self) -> Key | None:
        """Give the key that encrypts; None when nothing is to be encrypted. Raises SoundLocked."""
        if self.file is None:
            return None
        keys = self._read(self.file)
        return list(keys.values())[-1]

    def of(self, key_id: str) -> Key:
        """Give the key of this id; raises SoundLocked."""
        if self.file is None:
            raise SoundLocked(
                "Записи зашифровано ключем %(key)s, а %(setting)s не задано: вкажіть файл ключів.\n"
                "Recordings are encrypted under key %(key)s, and %(setting)s is not set: name their file.",
                key=key_id,
                setting=SETTING,
            )
        key = self._read(self.file).get(key_id)
        if key is None:
            raise SoundLocked(
                "Ключа %(key)s немає у %(file)s: поверніть його рядок із копії файлу ключів.\n"
                "Key %(key)s is not in %(file)s: bring its line back from the copy of the file of keys.",
                key=key_id,
                file=self.file,
            )
        return key

    def _read(self, file: Path) -> Mapping[str, Key]:
        try:
            known = file.stat()
            seen = (known.st_ino, known.st_mtime_ns, known.st_size, known.st_mode)
            if seen != self._seen:
                if known.st_mode & _OTHERS:
                    raise SoundLocked(
                        "Файл ключів %(file)s можуть читати інші: виконайте chmod 600 %(file)s.\n"
                        "Others can read the file of keys %(file)s: do chmod 600 %(file)s.",
                        file=file,
                    )
                self._keys, self._seen = _keys_of(file), seen
        except OSError as error:
            raise SoundLocked(
                "Файл ключів %(file)s не читається (%(why)s): поверніть його з копії або,"
                " якщо ключів ще не було, виконайте `hotline recordings key`.\n"
                "The file of keys %(file)s cannot be read (%(why)s): bring it back from its copy or,"
                " if there were no keys yet, run `hotline recordings key`.",
                file=file,
                why=error.strerror or error,
            ) from error
        return self._keys


def add_key(file: Path, today: date) -> Key:
    """Write a new key behind the others, in one step; raises SoundLocked or KeyNotMade."""
    before = ""
    if file.exists():
        SoundKeys(file).current()  # what cannot be read is not written over
        before = file.read_text(encoding="ascii")
    secret = os.urandom(SECRET_BYTES)
    line = f"{today} {base64.b64encode(secret).decode()}\n"
    fresh = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write((before or _HEADING) + line)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except OSError as error:
        raise KeyNotMade(f"No key was written into {file}: {error.strerror or error}.") from error
    return Key(secret)


def _keys_of(file: Path) -> Mapping[str, Key]:
    keys: dict[str, Key] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not (said := line.split()) or line.startswith("#"):
            continue
        try:
            secret = base64.b64decode(said[-1], validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise SoundLocked(
                "Рядок %(line)s файлу ключів %(file)s зіпсовано: поверніть файл із копії.\n"
                "Line %(line)s of the file of keys %(file)s is damaged: bring the file back from its copy.",
                line=number,
                file=file,
            )
        key = Key(secret)
        keys[key.id] = key
    if not keys:
        raise SoundLocked(
            "У файлі ключів %(file)s немає жодного ключа: поверніть файл із копії.\n"
            "There is no key in the file of keys %(file)s: bring the file back from its copy.",
            file=file,
        )
    return keys
