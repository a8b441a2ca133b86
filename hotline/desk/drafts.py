"""Drafts: notes and forms that a dispatcher types during a call, stored as typed."""

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
        """Store the text as it is now; the last save wins."""
        ...

    async def text(self, user_id: int, call_id: str) -> str:
        """Empty when nothing was typed by anybody."""
        ...

    async def put_aside(self, user_id: int, call_id: str, at: datetime) -> None:
        """Take the call out of hand; its notes stay."""
        ...

    async def in_hand(self, user_id: int, dispatcher_id: int, since: datetime) -> Sequence[CallInHand]:
        """List the dispatcher's talks since `since` that the user has not finished, the latest first."""
        ...


class FormDrafts(Protocol):
    """Half-filled forms, by user and call; the call is empty for a form without one.

    A caller who is passed on takes the begun form along: until the new dispatcher has a form of their own for
    that call, they see the one that a colleague saved last.
    """

    async def save(self, user_id: int, call_id: str, fields: Mapping[str, str], at: datetime) -> None:
        """Store the form as it is now; the last save wins."""
        ...

    async def find(self, user_id: int, call_id: str) -> Mapping[str, str]:
        """Empty when nothing was typed."""
        ...

    async def saved(self, user_id: int, since: datetime) -> Sequence[str]:
        """List the calls whose forms the user left half filled in after `since`, the latest first."""
        ...

    async def drop(self, user_id: int, call_id: str) -> None: ...
