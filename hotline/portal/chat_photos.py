"""Photos that residents send in chats, until an appeal has them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from hotline.appeals.attachments import StoredFile
from hotline.portal.report import MOST_PHOTOS

MOST_WAITING = MOST_PHOTOS
"""Photos of one chat that no appeal has: as many as a report may have."""


class ChatPhotos(Protocol):
    """The list of photos whose bytes are in the store and that no appeal's list names yet."""

    async def add(self, chat_id: int, file: StoredFile, at: datetime, *, for_person: bool) -> StoredFile:
        """Note a photo; `for_person`: it was sent to a dispatcher, no report takes it by itself.

        Of the same bytes twice the earlier one is given: the caller drops the new.
        """
        ...

    async def of_chat(self, chat_id: int, *, for_person: bool | None = None) -> Sequence[StoredFile]:
        """List a chat's, the earliest first; all of them, or those for a dispatcher, or the others."""
        ...

    async def strike(self, key: str) -> None:
        """Strike off one that the caller drops. What an appeal's list takes (`AppealFiles.add`) is off it."""
        ...

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of these are on the list."""
        ...
