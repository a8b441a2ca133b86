"""Attachments of an appeal: photos and documents, the accepted kinds, and the store of their bytes."""

import unicodedata
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from hotline.errors import HotlineError
from hotline.signatures.paper_signatures import SIGNATURE

PHOTO = "image/jpeg"
"""A picture of any kind is stored as this, redrawn: without location, owner or hidden parts."""
SUFFIXES = {
    PHOTO: "jpg",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    SIGNATURE: "p7s",
}
"""The media types that are stored, and the suffixes of such files."""
LONGEST_NAME = 100


class FileRefusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    KIND = "kind"
    """None of the accepted kinds, whatever its name says."""
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    ACTIVE = "active"
    """It contains a program: macros, scripts, other files."""
    LOCKED = "locked"
    """It opens only with a password."""
    TOO_MANY = "too-many"
    """The appeal has as many files as it may."""
    NO_ROOM = "no-room"
    """The disk is nearly full."""


class FileRefused(HotlineError):  # noqa: N818 - reads as what happened
    """A file cannot be taken; nothing of it is left."""

    code = "file-refused"

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(f"The file is not taken: {refusal}.")
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """How much may come in; set by the city."""

    most_bytes: int = 25 * 2**20
    """Of one file."""
    most_files: int = 30
    """Of one appeal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in the store, under a name of ours; `sha256` is of the stored bytes."""

    key: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file. `key` is our own name of it in the store, `name` what its owner calls it."""

    id: int
    key: str
    name: str
    media_type: str
    """Found in the content, not believed from the sender."""
    bytes: int
    sha256: str
    uploaded_by: int | None
    uploaded_at: datetime

    @property
    def photo(self) -> bool:
        return self.media_type == PHOTO


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFile(Attachment):
    """A file of an appeal."""

    number: str
    """The appeal's."""


def cleaned_name(name: str, media_type: str) -> str:
    """Make a word of what the sender calls the file: no path, no hidden signs, the ending of what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    stem = " ".join(seen.split()).strip(". ")
    begun, dot, ending = stem.rpartition(".")
    if dot and ending.isalnum() and ending.isascii() and not ending.isdigit() and len(ending) < len("office"):
        stem = begun.rstrip(". ")
    return f"{stem[:LONGEST_NAME] or 'file'}.{SUFFIXES[media_type]}"


class FileStore(Protocol):
    """Stores the bytes outside of what the web server serves, readable by the service alone."""

    limits: FileLimits

    async def take(self, pieces: AsyncIterator[bytes]) -> StoredFile:
        """Write down what comes, find what it is, keep it; raises FileRefused. Nothing else is left of it."""
        ...

    async def drop(self, key: str) -> None:
        """Delete the bytes; nothing happens when they are gone already."""
        ...

    def path(self, key: str) -> Path:
        """Say where the bytes are."""
        ...

    def preview(self, key: str) -> Path:
        """Say where the small picture of a photo is."""
        ...


class AppealFiles(Protocol):
    """The list of files. `executor_id` limits everything to what that enterprise has now (NotFound else)."""

    async def add(
        self,
        *,
        number: str,
        name: str,
        kept: StoredFile,
        uploaded_by: int | None,
        at: datetime,
        executor_id: int | None = None,
        most: int | None = None,
    ) -> AppealFile:
        """Record an attachment whose bytes are in the store already; a chat's list names it no more.

        Of the same bytes twice the earlier attachment is given, with its own key: the caller drops the new.
        Raises NotFound for an unknown appeal, FileRefused when the appeal has `most` of them.
        """
        ...

    async def get(self, file_id: int, *, executor_id: int | None = None) -> AppealFile:
        """Find one; raises NotFound."""
        ...

    async def of_appeal(self, number: str, *, executor_id: int | None = None) -> Sequence[AppealFile]:
        """List an appeal's files, the earliest first."""
        ...

    async def remove(self, file_id: int, *, executor_id: int) -> AppealFile:
        """Remove an attachment that the enterprise added by mistake.

        Raises NotFound for another enterprise's, ForbiddenTransition for one that a report of work names:
        that one stays.
        """
        ...

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of these are on the list."""
        ...
