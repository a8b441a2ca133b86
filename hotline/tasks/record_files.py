"""Files of tasks, of orders of the city and of memos: results, the order itself, the answer on paper."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.attachments import Attachment, StoredFile
from hotline.signatures.paper_signatures import SIGNATURE, PaperSignature


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile(Attachment):
    """A file of a record, such as `task:5`, `directive:3` or `memo:7`."""

    record: str
    signatures: tuple[PaperSignature, ...] = ()
    """Of a signature's file: what came of checking it at `checked_at`."""
    checked_at: datetime | None = None

    @property
    def is_signature(self) -> bool:
        return self.media_type == SIGNATURE


class RecordFiles(Protocol):
    """The list of these files; whether somebody may add or read one is asked beforehand."""

    async def add(
        self, record: str, name: str, kept: StoredFile, *, user_id: int, at: datetime, most: int
    ) -> RecordFile:
        """Record a file whose bytes are in the store; of the same bytes twice the earlier one is given.

        Raises FileRefused beyond `most`.
        """
        ...

    async def get(self, file_id: int, record: str) -> RecordFile:
        """Find a file of this record; raises NotFound."""
        ...

    async def of_record(self, record: str) -> Sequence[RecordFile]:
        """List a record's files, the earliest first."""
        ...

    async def checked(self, file_id: int, signatures: Sequence[PaperSignature], at: datetime) -> None:
        """Keep what came of checking a signature's file."""
        ...

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of these keys of the store are on the list."""
        ...
