"""The city message: prepared texts, of which at most one is on.

Every caller hears the one that is on, whatever they call about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from hotline.voice.speech import Phrase

PHRASE = "city-message-"
"""How the names of their phrases begin."""
LONGEST_TITLE = 80
LONGEST_TEXT = 1500
LONG_SECONDS = 40.0
"""Callers listen to no more than this; the page warns of a longer message."""


class MessageAct(StrEnum):
    """Acts on a message; each is a line of its history."""

    ENTERED = "entered"
    AMENDED = "amended"
    SWITCHED_ON = "switched-on"
    SWITCHED_OFF = "switched-off"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to be entered.

    A text may be empty where a voice was recorded, or the other language follows later.
    """

    title: str
    """The title on the page and by telephone; callers never hear it."""
    uk: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMessage(NewMessage):
    """One prepared message; times are aware. With `until` it goes off by itself."""

    id: int
    version: int = 1
    on_since: datetime | None = None
    until: datetime | None = None

    def on(self, at: datetime) -> bool:
        return self.on_since is not None and (self.until is None or at < self.until)

    @property
    def mark(self) -> str:
        """Name it as it is now: another text, or another time that it is on, has another mark."""
        return f"{self.id}-{self.version}"

    @property
    def phrase(self) -> Phrase:
        return Phrase(name=f"{PHRASE}{self.id}", uk=self.uk, en=self.en, once=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBy:
    """The actor on a message: a user, on the page, or in the call with this id."""

    user_id: int
    call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEntry:
    """A line of the history, appended and never changed; `facts` are the message after the act."""

    message_id: int
    at: datetime
    act: MessageAct
    by: MessageBy
    facts: Mapping[str, Any] = field(default_factory=dict)


class CityMessages(Protocol):
    """The prepared messages."""

    async def on(self, at: datetime) -> CityMessage | None:
        """Give the one that every caller hears at this moment. Every call asks: the answer is quick."""
        ...

    async def all(self) -> Sequence[CityMessage]:
        """List them by their titles, without those that were removed."""
        ...

    async def get(self, message_id: int) -> CityMessage:
        """Raises NotFound, also for one that was removed."""
        ...

    async def enter(self, new: NewMessage, by: MessageBy) -> CityMessage: ...

    async def amend(self, was: CityMessage, now: NewMessage, by: MessageBy) -> CityMessage:
        """Write the message anew; unchanged fields leave no trace. Raises Outdated, NotFound."""
        ...

    async def switch_on(
        self,
        message_id: int,
        by: MessageBy,
        until: datetime | None = None,
        *,
        wanted: str | None = None,
        seen: str | None = None,
    ) -> CityMessage:
        """Switch this message on and the other one off. Raises NotFound, Outdated.

        `wanted` and `seen` are the marks of this one and of the one that was on, as the actor saw them; None:
        as they are now.
        """
        ...

    async def switch_off(self, by: MessageBy, *, seen: str | None = None) -> CityMessage | None:
        """Let nothing be heard any more; the one that was on, or None.

        Raises Outdated where another one is on than was `seen`.
        """
        ...

    async def remove(self, message_id: int, by: MessageBy) -> None:
        """Take it from the list. Raises ForbiddenTransition for one that is on, NotFound."""
        ...

    async def history(self, limit: int) -> Sequence[MessageEntry]:
        """List the history, the newest first."""
        ...
