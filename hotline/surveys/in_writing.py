"""The completion survey in writing: who reported in a chat is asked there, before anybody calls them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.appeals.acts.actors import Actor, applicant
from hotline.chats.chats import PREFIX, Medium
from hotline.errors import HotlineError

PAID = frozenset({Medium.SMS, Medium.VIBER, Medium.WHATSAPP})
"""Media in which a question costs the city money."""
PAID_OF_ONE = 3
"""Questions a day to one person in a paid medium."""
DAY = timedelta(days=1)
WORD_SETTLES = timedelta(minutes=10)
"""How long after their yes or no somebody may still rate or explain, before it is carried out without."""
BUSY = timedelta(minutes=30)
"""Who wrote in another conversation so lately is not interrupted by the question."""
_SEPARATOR = "."


class AnsweredAlready(HotlineError):  # noqa: N818 - reads as what happened
    """The applicant's word came in another way, or the question is of an earlier report that it is done."""

    code = "answered-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyInWriting:
    """One survey that is asked in a chat first."""

    survey_id: int
    medium: Medium
    address: str
    """As in `hotline.chats.chats.NewChat`."""
    owed_at: datetime
    chat_id: int | None = None
    """The chat in which it was asked; None: it is owed still."""
    asked_at: datetime | None = None
    called_from: datetime | None = None
    """Since when a call asks as well, as no answer came; None: the chat alone asks."""


class SurveysInWriting(Protocol):
    """Surveys that are asked in writing, as kept."""

    async def under_way(self, limit: int, after: int = 0) -> Sequence[SurveyInWriting]:
        """List those that have no end yet, by the ids of their surveys, behind that one."""
        ...

    async def of(self, survey_id: int) -> SurveyInWriting | None: ...

    async def is_latest(self, survey_id: int) -> bool:
        """Tell whether the appeal was not reported done once more since."""
        ...

    async def asked(self, survey_id: int, chat_id: int, at: datetime, call_at: datetime) -> None:
        """Note where it was asked; the call that is owed waits until that moment."""
        ...

    async def call_now(self, survey_id: int, at: datetime) -> bool:
        """Let the call that is owed be due, once; False: none is owed: no number, or it was given up."""
        ...

    async def may_be_called(self, survey_id: int) -> bool:
        """Tell whether the applicant has not said that they want to be asked only in writing."""
        ...

    async def only_in_writing(self, medium: Medium, address: str) -> int:
        """Have nobody called about what was written from this address; about how many appeals."""
        ...

    async def paid_since(self, since: datetime, medium: Medium, address: str) -> tuple[int, int]:
        """Count the questions in paid media since then: to all, and to this address."""
        ...


def answers_of(chat_id: int, survey_id: int) -> str:
    """Name the conversation where answers name calls: a chat may be asked about more than one report."""
    return f"{PREFIX}{chat_id}{_SEPARATOR}{survey_id}"


def chat_asked(call_id: str) -> int | None:
    """Give the chat that `answers_of` has named; None: it was a call."""
    chat_id, dot, _ = call_id.removeprefix(PREFIX).partition(_SEPARATOR)
    return int(chat_id) if dot and call_id.startswith(PREFIX) and chat_id.isdecimal() else None


def by_chat(chat_id: int, medium: Medium) -> Actor:
    """Give the applicant whose word came in this chat, of this medium."""
    return applicant(f"{'chat' if medium is Medium.WEB else medium}:{chat_id}")
