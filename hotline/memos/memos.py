"""Memos (regulation 3.5, 4.8, 6.12): proposals, memoranda and reports of breaches, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.memos.memo_states import WAITING, MemoEvent, MemoState
from hotline.tasks.task import NewTask

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000
LONGEST_NUMBER = 40
LONGEST_ANSWER = 4000
MOST_PAPERS = 12


class MemoKind(StrEnum):
    """The kind of a memo."""

    PROPOSAL = "proposal"
    MEMORANDUM = "memorandum"
    BREACH = "breach"
    """Of breaches of law that were found, to the department (regulation 3.5)."""


class Addressee(StrEnum):
    """Whom a memo is sent to."""

    MAYOR = "mayor"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMemo:
    """A memo as its form has it; `papers` are ids of report papers from which it takes figures."""

    kind: MemoKind
    addressee: Addressee
    subject: str
    text: str
    papers: tuple[int, ...] = ()
    once: str = ""
    """Names the filled-in form: a form that is sent twice is one. Empty: nothing can be known of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The number and the day under which a memo is sent, and the day by which an answer is expected."""

    number: str
    sent_on: date
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: ACCEPT, DECLINE or DEFER, in which words, on which day.

    `task` is given with an accepted one; `ask_again_on` is the day until which a deferred one is put off.
    """

    event: MemoEvent
    text: str
    answered_on: date
    task: NewTask | None = None
    ask_again_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo(NewMemo):
    """A memo as it stands. `edition` counts how often its draft was saved."""

    id: int
    state: MemoState
    edition: int
    writer: int
    changed_at: datetime
    number: str = ""
    sent_on: date | None = None
    answer_by: date | None = None
    """Of a deferred one the day until which it is put off."""
    answer: str = ""
    answered_on: date | None = None

    def unanswered(self, today: date) -> bool:
        """Tell whether the day has passed by which an answer was expected."""
        return self.state in WAITING and self.answer_by is not None and self.answer_by < today


class Memos(Protocol):
    """The memos. Acts raise NotFound, and ForbiddenTransition in another state."""

    async def draft(self, new: NewMemo, by: int, at: datetime) -> Memo:
        """Keep it as a draft; under one `once` there is one, which a second gets."""
        ...

    async def save(self, memo_id: int, new: NewMemo, seen: int, at: datetime) -> Memo:
        """Raises Outdated when another has saved it since the edition that was `seen`."""
        ...

    async def send(self, memo_id: int, seen: int, sending: Sending, at: datetime) -> Memo:
        """Raises Outdated as `save` does: nothing is sent that the sender has not read."""
        ...

    async def drop(self, memo_id: int, at: datetime) -> Memo: ...

    async def answered(self, memo_id: int, answer: Answer, by: int, at: datetime) -> Memo:
        """Keep the answer, and give its task with it."""
        ...

    async def get(self, memo_id: int) -> Memo: ...

    async def list(self, *, limit: int, skipped: int = 0) -> Sequence[Memo]:
        """List memos, the latest first."""
        ...

    async def waiting(self) -> Sequence[Memo]:
        """List those that wait for an answer, by the day by which it is expected."""
        ...
