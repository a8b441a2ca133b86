"""A chat: who writes by which medium, and the lines of it, from which a flow is taken up again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from hotline.chats.chat_states import ChatAct, ChatState
from hotline.errors import HotlineError
from hotline.voice.speech import Language

LONGEST_TEXT = 2000
"""Letters of one message; what is longer is refused, so that nobody believes it read whole."""
MOST_LINES = 400
"""Lines of one chat: beyond these it ends, and another begins."""
ANSWERED_WITHIN = timedelta(hours=24)
"""Without a line for this time a chat is over."""
PREFIX = "chat-"
UNOPENED = "link:"
"""Begins the address of a chat whose link was sent to a caller, and is not opened yet."""
AGAIN = "again"
"""Marks, in a line's detail, what is said besides the flow, with its question once more; its value may name
what it is about."""
PHOTO = "photo"
"""Names, in the detail of a line that brought a photo, its key in the store of files."""


class Medium(StrEnum):
    """The ways by which residents write."""

    WEB = "web"
    TELEGRAM = "telegram"
    SMS = "sms"
    VIBER = "viber"
    WHATSAPP = "whatsapp"


BY_NUMBER = frozenset({Medium.SMS, Medium.WHATSAPP})
"""In these one is known by one's telephone number, in E.164."""


class LineKind(StrEnum):
    """Kinds of lines of a chat."""

    STATION = "station"
    """A flow begins here; what it begins with is in the detail, and nobody reads it."""
    ASKED = "asked"
    """The hotline's own words, up to the question with which they end."""
    ANSWERED = "answered"
    """The resident's answer to that question."""
    DID = "did"
    """The flow has changed something that must not be changed twice; `text` names it, and nobody reads it."""
    WROTE = "wrote"
    """The resident's words to a dispatcher."""
    REPLIED = "replied"
    """The dispatcher's words."""
    TOLD = "told"
    """The hotline's words outside the flows: a dispatcher has come, the chat is over."""


READ = frozenset(LineKind) - {LineKind.STATION, LineKind.DID}
"""Lines that people read."""
BY_RESIDENT = frozenset({LineKind.ANSWERED, LineKind.WROTE})


class UnusableText(HotlineError):  # noqa: N818 - reads as what is the matter
    """A message is empty or too long; what to do is said to who wrote it."""

    code: ClassVar[str] = "unusable-text"


class ChatIsOver(HotlineError):  # noqa: N818 - reads as what is the matter
    """Something was written into a chat that is over: another begins."""

    code: ClassVar[str] = "chat-is-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice that is offered: the key that stands for it, and its words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to be added. `asked`, of what ends in a question: the names of its phrases and its keys."""

    kind: LineKind
    text: str = ""
    asked: str = ""
    buttons: tuple[Button, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    """The dispatcher who wrote it."""
    received: str = ""
    """The messenger's own name of the message that brought it: what is brought twice is taken once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(NewLine):
    """One line of a chat, by its number from 1."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChat:
    """A chat that begins. `address`: the browser's word (hashed), the messenger's chat, or the number.

    `number` is the telephone number that the medium proves, in E.164.
    """

    medium: Medium
    address: str
    number: str | None = None
    language: Language = Language.UKRAINIAN
    from_call: str | None = None
    """The call that goes on in it; a call has one at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat(NewChat):
    """A chat as it stands. `version` counts its changes."""

    id: int
    state: ChatState
    urgent: bool
    """An emergency was written: it stands before all others."""
    begun_at: datetime
    changed_at: datetime
    waits_since: datetime | None
    user_id: int | None
    """The dispatcher who has it, or had it last."""
    lines: int
    """The number of lines."""
    sent: int
    """The last line of which a messenger has been given what is for the resident."""
    sending: int | None
    """The last line of what is on its way to the messenger; None: nothing is."""
    version: int

    @property
    def unopened(self) -> bool:
        """Tell whether nobody has opened the link by which it begins."""
        return self.address.startswith(UNOPENED)

    @property
    def call_id(self) -> str:
        """Name it as calls are named, where the city's registers note whence something came."""
        return f"{PREFIX}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFrom:
    """A resident's chat with its medium and address, to which the hotline can write again."""

    chat_id: int
    medium: Medium
    address: str


class Chats(Protocol):
    """The chats that are kept."""

    async def begin(self, new: NewChat, at: datetime) -> Chat:
        """Raises AlreadyTaken where a chat of this call was begun already."""
        ...

    async def of_call(self, call_id: str) -> Chat | None:
        """Find the chat in which this call goes on."""
        ...

    async def from_calls(self, since: datetime, number: str) -> tuple[int, int]:
        """Count the chats begun since then in which a call goes on: of all, and of this number."""
        ...

    async def get(self, chat_id: int) -> Chat:
        """Raises NotFound."""
        ...

    async def latest(self, medium: Medium, address: str) -> Chat | None:
        """Find the open chat of this address, or the one that was begun last there."""
        ...

    async def lines(self, chat_id: int, after: int = 0) -> Sequence[Line]:
        """Give its lines behind that number, in order."""
        ...

    async def add(
        self, chat: Chat, lines: Sequence[NewLine], at: datetime, *, act: ChatAct | None = None, **facts: Any
    ) -> Chat:
        """Add lines, and carry out the act with them; `facts` are columns that change (`language`, `urgent`).

        Raises Outdated where the chat has changed since it was read, ForbiddenTransition where its state
        does not allow the act.
        """
        ...

    async def has_received(self, medium: Medium, address: str, name: str) -> bool:
        """Tell whether a message of this name was taken from there already."""
        ...

    async def unsent(self, medium: Medium) -> Sequence[Chat]:
        """List the chats of a messenger that has not been given all lines."""
        ...

    async def send_up_to(self, chat_id: int, line: int | None) -> None:
        """Note that lines up to this one are on their way to the messenger; None: that nothing is."""
        ...

    async def sent_up_to(self, chat_id: int, line: int) -> None:
        """Note that the messenger has the lines up to this one."""
        ...

    async def waiting(self) -> Sequence[Chat]:
        """List those before dispatchers: emergencies first, then as they came."""
        ...

    async def with_number(self, since: datetime) -> Sequence[Chat]:
        """List those of a known number in which something has happened since then, the latest last."""
        ...

    async def silent(self, since: datetime, limit: int) -> Sequence[Chat]:
        """List the open ones in which nothing has happened since that moment, no person's among them."""
        ...


def chat_of(call_id: str) -> int:
    """Give the chat that is named so where calls are (`Chat.call_id`)."""
    return int(call_id.removeprefix(PREFIX))


def usable(text: str) -> str:
    """Give the text as it is taken; raises UnusableText."""
    cleaned = text.replace("\0", " ").strip()
    if not cleaned:
        raise UnusableText("Write something first.")
    if len(cleaned) > LONGEST_TEXT:
        raise UnusableText("At most %(most)s letters: write it in parts.", most=LONGEST_TEXT)
    return cleaned
