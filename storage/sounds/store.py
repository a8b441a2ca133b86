"""Sounds in the folders of this machine, encrypted where there is a key."""

import asyncio
import hashlib
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing, suppress
from pathlib import Path

from attrs import define

from hotline.calls.sound_store import Sound, SoundDamaged, SoundLocked
from hotline.errors import NotFound
from storage.core.disk_threads import on_disk
from storage.sounds.elsewhere import Elsewhere, Stored
from storage.sounds.encryption import HEAD_BYTES, Key, encrypt, key_id
from storage.sounds.keys import SoundKeys
from storage.sounds.octets import PIECE_BYTES, Decrypted, LocalOctets, Octets, Plain, sound_in

ENCRYPTING = ".encrypting-"
"""What an encrypted file is called until it is whole and on the disk."""


@define(eq=False, repr=False, kw_only=True)
class KeptSounds:
    """`hotline.calls.sound_store.SoundStore`."""

    folders: Mapping[str, Path]
    """Where sounds lie, by the names of the folders elsewhere."""
    _scratch: Path
    """For plain files as long as a program reads or writes them."""
    _keys: SoundKeys
    _elsewhere: Elsewhere | None = None
    """None: all sounds are in the folders."""

    def clear(self) -> None:
        """Delete what a service that was killed had laid out or was encrypting; no other may run."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        for folder in self.folders.values():
            for left in folder.glob(f"{ENCRYPTING}*"):
                left.unlink(missing_ok=True)

    async def find(self, file: str | Path) -> Sound:
        path = self._inside(file)
        async with self._opened(path) as sound:
            tag = hashlib.sha256(f"{path.name} {sound.size}".encode()).hexdigest()
            return Sound(file=path, size=sound.size, tag=tag[:16])

    async def parts(self, sound: Sound, begins: int = 0, ends: int | None = None) -> AsyncGenerator[bytes]:
        upto = sound.size if ends is None else ends
        async with self._opened(sound.file) as opened:
            for at in range(begins, upto, PIECE_BYTES):
                yield await opened.read(at, min(at + PIECE_BYTES, upto))

    @asynccontextmanager
    async def laid_out(self, file: str | Path) -> AsyncIterator[Path]:
        path = self._inside(file)
        async with AsyncExitStack() as stack:
            opened = await stack.enter_async_context(self._opened(path))
            if isinstance(opened, Plain) and path.is_file():
                yield path
                return
            laid = await stack.enter_async_context(self.scratch()) / path.name
            with laid.open("xb") as writing:
                async for piece in _pieces(opened):
                    await on_disk(writing.write, piece)
            yield laid

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._scratch) as made:
            yield Path(made)

    async def has(self, file: str | Path) -> bool:
        try:
            path = self._inside(file)
        except NotFound:
            return False
        return path.is_file() or await self._stored(path) is not None

    async def digest(self, file: str | Path) -> str:
        async with self._opened(self._inside(file)) as opened:
            return await _digest(opened)

    async def keep(self, made: Path, file: Path) -> None:
        await on_disk(_keep, made, self._inside(file), self._keys.current())

    async def delete(self, file: str | Path) -> None:
        path = self._inside(file)
        if self._elsewhere is not None:
            await self._elsewhere.delete(self.name_of(path))
        await on_disk(path.unlink, missing_ok=True)

    def key(self) -> str | None:
        """Give the id of the key that encrypts; None when nothing is to be encrypted. Raises SoundLocked."""
        current = self._keys.current()
        return None if current is None else current.id

    async def missing_keys(self) -> Mapping[str, int]:
        """Count files by the ids of the keys that would open them and are not there; reads every head."""
        found = await asyncio.to_thread(self._keys_here)
        found.update({} if self._elsewhere is None else await self._elsewhere.keys())
        return {under: files for under, files in found.items() if not self._opens(under)}

    async def keys_here(self, files: Sequence[Path]) -> Mapping[Path, str | None]:
        """Tell of those of these files that lie here under which key they do; None: plain."""
        return await asyncio.to_thread(lambda: dict(_keys_of(files)))

    def _keys_here(self) -> Counter[str]:
        files = (file for folder in self.folders.values() for file in folder.glob("*.*"))
        return Counter(under for _, under in _keys_of(files) if under)

    def _opens(self, key_id: str) -> bool:
        try:
            self._keys.of(key_id)
        except SoundLocked:
            return False
        return True

    def locked(self) -> SoundLocked | None:
        try:
            self._keys.current()
        except SoundLocked as error:
            return error
        return None

    async def encrypt(self, file: Path) -> bool:
        """Encrypt a file that is plain, or encrypted under an older key, where it lies.

        False where nothing was to be done, or it was deleted meanwhile. Raises SoundLocked, SoundDamaged.
        """
        key = self._keys.current()
        if key is None:
            return False
        try:
            if await self._key_of(file) == key.id:
                return False
            said = await self.digest(file)
            async with self.laid_out(file) as plain:
                encrypted = await on_disk(_encrypted, plain, file, key)
        except (FileNotFoundError, NotFound):
            return False
        try:
            with closing(LocalOctets(encrypted)) as octets:
                if await _digest(await sound_in(octets, self._keys.of, file.name)) != said:
                    raise SoundDamaged(
                        f"{file.name} was not encrypted: what was written is not what lies there."
                    )
            if not await self.has(file):
                return False
            await on_disk(_replace, file, encrypted)
        finally:
            encrypted.unlink(missing_ok=True)
        if self._elsewhere is not None:
            await self._elsewhere.unstored(self.name_of(file))
        return True

    async def _key_of(self, file: Path) -> str | None:
        try:
            return await asyncio.to_thread(_key_of, file)
        except FileNotFoundError:
            if (stored := await self._stored(file)) is None:
                raise
            return stored.key_id

    async def put_elsewhere(self, file: Path) -> None:
        """Put a file into the store elsewhere, where it is read back; it stays here. Raises SoundAway."""
        if self._elsewhere is not None:
            await self._elsewhere.put(self.name_of(file), file, await asyncio.to_thread(_key_of, file))

    async def elsewhere_under_other_keys(self, key_id: str) -> Sequence[Path]:
        """List what lies elsewhere plain, or encrypted under another key."""
        names = () if self._elsewhere is None else await self._elsewhere.under_other_keys(key_id)
        return await asyncio.to_thread(
            lambda: [file for file in map(self.file_of, names) if not file.exists()]
        )

    async def lying_here(self, stored: Sequence[Stored]) -> Sequence[Stored]:
        """Find those that lie here as well."""
        return await asyncio.to_thread(lambda: [one for one in stored if self.file_of(one.name).exists()])

    async def drop_copy(self, stored: Stored) -> None:
        """Delete a file here that lies elsewhere; one that is not the same stays, to be put there anew."""
        file = self.file_of(stored.name)
        try:
            same = await asyncio.to_thread(_digest_of_file, file) == stored.sha256
        except FileNotFoundError:
            return
        if same:
            await on_disk(file.unlink, missing_ok=True)
        elif self._elsewhere is not None:
            await self._elsewhere.unstored(stored.name)

    def name_of(self, file: Path) -> str:
        """Give a file's name elsewhere: that of its folder, and its place in it."""
        real = file.resolve()
        for name, folder in self.folders.items():
            if real.is_relative_to(folder.resolve()):
                return f"{name}/{real.relative_to(folder.resolve())}"
        raise NotFound(f"{file} is in no folder of sounds.")

    def file_of(self, name: str) -> Path:
        folder, _, rest = name.partition("/")
        return self.folders[folder].resolve() / rest

    async def _stored(self, path: Path) -> Stored | None:
        """Find it on the record of the store elsewhere."""
        return None if self._elsewhere is None else await self._elsewhere.find(self.name_of(path))

    @asynccontextmanager
    async def _opened(self, path: Path) -> AsyncIterator[Plain | Decrypted]:
        async with self._octets(path) as octets:
            yield await sound_in(octets, self._keys.of, path.name)

    @asynccontextmanager
    async def _octets(self, path: Path) -> AsyncIterator[Octets]:
        try:
            octets = await asyncio.to_thread(LocalOctets, path)
        except FileNotFoundError:
            stored = await self._stored(path)
            if self._elsewhere is None or stored is None:
                raise NotFound(f"{path} is not there.") from None
            async with self._elsewhere.octets(stored) as remote:
                yield remote
            return
        with closing(octets):
            yield octets

    def _inside(self, file: str | Path) -> Path:
        """Follow all links; raises NotFound for a path that leads out of our folders."""
        real = Path(file).resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in self.folders.values()):
            raise NotFound(f"{file} is in no folder of sounds.")
        return real


async def _pieces(sound: Plain | Decrypted) -> AsyncIterator[bytes]:
    for at in range(0, sound.size, PIECE_BYTES):
        yield await sound.read(at, min(at + PIECE_BYTES, sound.size))


async def _digest(sound: Plain | Decrypted) -> str:
    digest = hashlib.sha256()
    async for piece in _pieces(sound):
        await asyncio.to_thread(digest.update, piece)
    return digest.hexdigest()


def _key_of(file: Path) -> str | None:
    with file.open("rb") as opened:
        return key_id(opened.read(HEAD_BYTES))


def _keys_of(files: Iterable[Path]) -> Iterator[tuple[Path, str | None]]:
    for file in files:
        try:
            yield file, _key_of(file)
        except (FileNotFoundError, IsADirectoryError):
            continue
        except OSError:  # what is done with this one says why, and the others are found
            yield file, None


def _digest_of_file(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _keep(made: Path, file: Path, key: Key | None) -> None:
    if key is None:
        _place(made, file)
        return
    encrypted = _encrypted(made, file, key)
    try:
        _place(encrypted, file)
    finally:
        encrypted.unlink(missing_ok=True)
    made.unlink()


def _encrypted(plain: Path, file: Path, key: Key) -> Path:
    """Write the encrypted form of a file beside where it belongs, and have it on the disk."""
    encrypted = file.with_name(f"{ENCRYPTING}{uuid.uuid4().hex}")
    with ExitStack() as unless_whole:
        unless_whole.callback(encrypted.unlink, missing_ok=True)
        with plain.open("rb") as source, encrypted.open("xb") as target:
            encrypt(source, target, key, file.name)
            target.flush()
            os.fsync(target.fileno())
        unless_whole.pop_all()
    return encrypted


def _replace(file: Path, encrypted: Path) -> None:
    """Put the encrypted form in the place of a file."""
    with suppress(FileNotFoundError):  # it lies elsewhere
        known = file.stat()
        os.utime(encrypted, ns=(known.st_atime_ns, known.st_mtime_ns))  # its term counts from its age
    _place(encrypted, file)


def _place(made: Path, named: Path) -> None:
    """Give a file its name, so that it has it after a loss of power, too."""
    made.replace(named)
    folder = os.open(named.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
