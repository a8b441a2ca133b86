"""Messengers that carry chats: what they bring, what they are given, and how giving it fails."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol

from hotline.chats.chats import Button, Chat, Medium
from hotline.errors import HotlineError
from hotline.voice.speech import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPhoto:
    """A photo of a message. `bytes`: as the messenger says, before anything is fetched.

    `fetch` brings it, piece by piece; it raises NotFetched.
    """

    fetch: Callable[[], AsyncIterator[bytes]]
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A message that a messenger has brought. `name` is its own there: brought twice, it is one.

    `choice` is the key of a button of the message that ended with line `seen`; `number` the sender's own
    telephone number, which the messenger proves. The `text` of a photo is what stands below it.
    """

    medium: Medium
    address: str
    name: str
    text: str = ""
    choice: str = ""
    seen: int | None = None
    number: str | None = None
    photo: SentPhoto | None = None
    language: Language = Language.UKRAINIAN


class Taken(Enum):
    """What became of a message that was brought."""

    YES = "yes"
    AGAIN = "again"
    """It was taken before."""
    OLD = "old"
    """A button of an earlier question."""
    TOO_FAST = "too-fast"
    """More than one person writes: it is left."""
    TOO_LONG = "too-long"
    EMPTY = "empty"
    PHOTO_LARGE = "photo-large"
    PHOTO_KIND = "photo-kind"
    """It is no picture that we know."""
    PHOTO_DAMAGED = "photo-damaged"
    PHOTOS_MANY = "photos-many"
    """The chat has as many as one report may have."""
    PHOTO_LATER = "photo-later"
    """It cannot be taken now: too many came, there is no room, or the messenger did not give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the messenger is given of a chat at once: the hotline's texts, and the choices behind the last."""

    chat: Chat
    texts: Sequence[str]
    buttons: Sequence[Button] = ()
    seen: int
    """The last line of the chat that is in it."""
    first: bool = False
    """Nothing of this chat was given before."""
    again: bool = False
    """A letter of these lines was on its way when the process died, or was not answered."""


class PhotoRefused(HotlineError):  # noqa: N818 - reads as what happened
    """A photo is not taken, and nothing of it is kept; `taken` says why."""

    code: ClassVar[str] = "photo-refused"

    def __init__(self, taken: Taken) -> None:
        super().__init__(f"The photo is not taken: {taken.value}.")
        self.taken = taken


class NotFetched(Exception):  # noqa: N818 - reads as what happened
    """The messenger did not give a photo that it has told us of."""


class NotReached(Exception):  # noqa: N818 - reads as what happened
    """The messenger gives this person nothing more: they have blocked us, or are gone."""


class NotGiven(Exception):  # noqa: N818 - reads as what happened
    """The messenger has surely not taken it. `after`: seconds for which it wants to be left alone."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


def in_parts(text: str, longest: int) -> Sequence[str]:
    """Cut a text into messages of at most `longest` letters, between its lines if there are any."""
    parts: list[str] = []
    while len(text) > longest:
        cut = max(text.rfind("\n", 1, longest), text.rfind(" ", longest // 2, longest))
        cut = cut if cut > 0 else longest
        parts.append(text[:cut])
        text = text[cut:].lstrip()
    return [*parts, text]


class Messenger(Protocol):
    """A way by which residents of one medium are given what is written to them."""

    async def give(self, letter: Letter) -> None:
        """Raises NotReached, NotGiven; any other error leaves it unknown whether they have it."""
        ...
