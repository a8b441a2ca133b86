"""The emergency message of the whole city: texts prepared beforehand, of which one at a time is on.

The one that is on is heard by every caller, whatever they call about.
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
"""Whoever telephones listens to no more than this; a longer message is warned of."""


class MessageAct(StrEnum):
    """What can be done with a message; each is a line of the history."""

    ENTERED = "entered"
    AMENDED = "amended"
    SWITCHED_ON = "switched-on"
    SWITCHED_OFF = "switched-off"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What is entered. A text may be empty where a voice was recorded, or the other language is to do."""

    title: str
    """What it is called on the page and by telephone; callers never hear it."""
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
    """Who does something with a message: a user, on the page, or in the call with this id."""

    user_id: int
    call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEntry:
    """A line of the history, appended to and never changed; `facts` are what is so afterwards."""

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
        """Write it anew; what does not change leaves no trace. Raises Outdated, NotFound."""
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
        """Let every caller hear it from now on, and no other any more. Raises NotFound, Outdated.

        `wanted` and `seen` are the marks of this one and of the one that was on as whoever acts saw them;
        None: as they are now.
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
        """Tell what was done, the newest first."""
        ...
