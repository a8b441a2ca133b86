"""Requests for information: what the centre asks of an enterprise, until when, and what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.appeals.attachments import Attachment, StoredFile
from hotline.inquiries.inquiry_states import INQUIRY, OWED, InquiryAct, InquiryState

LONGEST_TEXT = 4000
MOST_APPEALS = 50
REMINDED_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInquiry:
    """A request to be sent: to whom, what is asked, about which appeals (numbers), until when."""

    executor_id: int
    text: str
    appeals: tuple[str, ...] = ()
    due_at: datetime
    """The first moment that is too late."""
    once: str | None = None
    """Under one name one request is sent, and asking again gives that one; None: it has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(NewInquiry):
    """A request as it is kept. `due_at` is the present term: a returned answer has another."""

    id: int
    state: InquiryState
    asked_by: int
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    in_time: bool | None = None
    """Whether the first answer came in its term; None before there was one."""
    version: int = 1
    """Grows with each act."""

    def overdue(self, now: datetime) -> bool:
        return self.state in OWED and self.due_at <= now

    @property
    def possible(self) -> frozenset[InquiryAct]:
        return INQUIRY.possible(self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryEntry:
    """A line of its history: who did what (no act: it was asked), what was said, the term from then on."""

    at: datetime
    user_id: int
    token_id: int | None = None
    """Of the program that did it, for which the user answers."""
    act: InquiryAct | None = None
    said: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryFile(Attachment):
    """A file that came with an answer."""

    inquiry_id: int


def reminder_at(asked_at: datetime, due_at: datetime) -> datetime:
    """Give the moment of the reminder: a day before the end; of a short term when a quarter is left."""
    return max(due_at - REMINDED_BEFORE, asked_at + (due_at - asked_at) * 0.75)


class Inquiries(Protocol):
    """Requests, with their answers, files and history. An act owes its notices in one transaction."""

    async def ask(
        self, new: NewInquiry, user_id: int, at: datetime, *, token_id: int | None = None
    ) -> Inquiry:
        """Send it, by a program with its token.

        Raises NotFound for an unknown appeal; ForbiddenTransition for a closed enterprise.
        """
        ...

    async def get(self, inquiry_id: int, *, executor_id: int | None = None) -> Inquiry:
        """Read it; of another enterprise than `executor_id` it is NotFound."""
        ...

    async def act(
        self,
        was: Inquiry,
        act: InquiryAct,
        at: datetime,
        *,
        user_id: int,
        token_id: int | None = None,
        said: str = "",
        due_at: datetime | None = None,
    ) -> Inquiry:
        """Do the act on the request as it was seen. Raises Outdated, ForbiddenTransition.

        `said` is the answer, what is missing, or why nobody waits any more; RETURN takes another term.
        """
        ...

    async def history(self, inquiry_id: int) -> Sequence[InquiryEntry]: ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Inquiry]:
        """List those that wait for somebody first, by their terms, then the others, the latest first."""
        ...

    async def of_enterprise(self, executor_id: int, most: int, skipped: int = 0) -> Sequence[Inquiry]:
        """List an enterprise's own in the same order."""
        ...

    async def of_appeal(self, number: str) -> Sequence[Inquiry]:
        """List those about this appeal, the latest first."""
        ...

    async def waiting(self, now: datetime, most: int) -> Sequence[Inquiry]:
        """List what waits for the centre: overdue ones and answers to be read, by their terms."""
        ...

    async def attach(
        self, inquiry_id: int, name: str, kept: StoredFile, *, user_id: int, at: datetime, most: int
    ) -> InquiryFile:
        """Record a file whose bytes are in the store; of the same bytes twice the earlier one is given.

        Raises FileRefused beyond `most`, ForbiddenTransition where no answer is owed.
        """
        ...

    async def files(self, inquiry_id: int) -> Sequence[InquiryFile]: ...

    async def file(self, file_id: int, *, executor_id: int | None = None) -> InquiryFile:
        """Find one; of another enterprise's request it is NotFound."""
        ...

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of these keys of the store are on the list."""
        ...
