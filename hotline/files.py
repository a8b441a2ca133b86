"""Photos and papers that belong to an appeal: what is known of each. The bytes lie outside the web root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFile:
    """One file. `key` is our own name of it in the store, `name` what its owner calls it."""

    id: int
    number: str
    """The appeal's."""
    key: str
    name: str
    media_type: str
    """Found in the content, not believed from the sender."""
    bytes: int
    sha256: str
    uploaded_by: int | None
    uploaded_at: datetime


class AppealFiles(Protocol):
    """The list of files. `executor_id` limits everything to what that enterprise has now (NotFound else)."""

    async def add(
        self,
        *,
        number: str,
        key: str,
        name: str,
        media_type: str,
        size: int,
        sha256: str,
        uploaded_by: int | None,
        at: datetime,
        executor_id: int | None = None,
    ) -> AppealFile:
        """Note a file whose bytes are in the store already; raises NotFound for an unknown appeal."""
        ...

    async def get(self, file_id: int, *, executor_id: int | None = None) -> AppealFile:
        """Find one; raises NotFound."""
        ...

    async def of_appeal(self, number: str, *, executor_id: int | None = None) -> Sequence[AppealFile]:
        """List an appeal's files, the earliest first."""
        ...
