"""What a dispatcher types during a call: kept as typed, and there again after a crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInHand:
    """A call that a dispatcher has talked on and not put aside, with the notes typed so far."""

    call_id: str
    started_at: datetime
    ended_at: datetime | None
    notes: str = ""


class Drafts(Protocol):
    """Notes by user and call. Until a user types on a call, they see what a colleague noted last on it."""

    async def save(self, user_id: int, call_id: str, text: str, at: datetime) -> None:
        """Keep the text as it stands now; the last one saved is the one that counts."""
        ...

    async def text(self, user_id: int, call_id: str) -> str:
        """Empty when nothing was typed by anybody."""
        ...

    async def put_aside(self, user_id: int, call_id: str, at: datetime) -> None:
        """Take the call out of hand; its notes stay."""
        ...

    async def in_hand(self, user_id: int, dispatcher_id: int, since: datetime) -> Sequence[CallInHand]:
        """List the dispatcher's talks begun after `since` and not put aside by the user, the latest first."""
        ...


class FormDrafts(Protocol):
    """Forms half filled in, by user and call; the call is empty for a form without one.

    A caller who is passed on takes along the form that was begun: until a user has one of their own of that
    call, theirs is the one that a colleague left last.
    """

    async def save(self, user_id: int, call_id: str, fields: Mapping[str, str], at: datetime) -> None:
        """Keep the form as it stands now; the last one saved is the one that counts."""
        ...

    async def find(self, user_id: int, call_id: str) -> Mapping[str, str]:
        """Empty when nothing was typed."""
        ...

    async def saved(self, user_id: int, since: datetime) -> Sequence[str]:
        """List the calls whose forms the user left half filled in after `since`, the latest first."""
        ...

    async def drop(self, user_id: int, call_id: str) -> None: ...
