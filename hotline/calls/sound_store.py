"""The one place of people's sound: recordings of talks, voice messages, copies in which numbers are bleeped.

All parts read and write such a file here, by the name under which the database has it, and know neither how
it is kept nor where it lies.
"""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from hotline.errors import HotlineError


class SoundLocked(HotlineError):  # noqa: N818 - reads as what is the matter
    """A sound is encrypted under a key that is not at hand; the message says which, and what to do."""

    code: ClassVar[str] = "sound-locked"


class SoundDamaged(HotlineError):  # noqa: N818 - reads as what is the matter
    """An encrypted sound is not what was encrypted: its file was cut, changed or put in another's place."""

    code: ClassVar[str] = "sound-damaged"


class SoundAway(HotlineError):  # noqa: N818 - reads as what is the matter
    """The store elsewhere, in which a sound lies, does not answer or refuses; the message says which."""

    code: ClassVar[str] = "sound-away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A sound that is there. `size` is in bytes; `tag` changes whenever the sound does."""

    file: Path
    size: int
    tag: str


class SoundStore(Protocol):
    """Raises NotFound for what is not there, SoundLocked, SoundDamaged, or SoundAway.

    A file is named whole, and has to lie in a folder of sounds.
    """

    async def find(self, file: str | Path) -> Sound: ...

    def parts(self, sound: Sound, begins: int = 0, ends: int | None = None) -> AsyncGenerator[bytes]:
        """Give the bytes of a span, some at a time."""
        ...

    def laid_out(self, file: str | Path) -> AbstractAsyncContextManager[Path]:
        """Give a plain file for a program to read, for as long as the block lasts."""
        ...

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """Give a folder for what a program writes, of ours alone; whatever is in it at the end goes."""
        ...

    async def has(self, file: str | Path) -> bool: ...

    async def digest(self, file: str | Path) -> str:
        """Give the SHA-256 of the plain sound, in hex."""
        ...

    async def keep(self, made: Path, file: Path) -> None:
        """Take a plain file that was just made, and have it on the disk under its name."""
        ...

    async def delete(self, file: str | Path) -> None:
        """Delete it, here and elsewhere; one that is gone already is no error."""
        ...

    def locked(self) -> SoundLocked | None:
        """Tell why nothing can be kept now: files are to be encrypted and there is no key for it."""
        ...
