"""Appeals (звернення): what a citizen asks the city for, registered under a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class AppealState(StrEnum):
    """Where an appeal stands. "Done" is the executor's word; "closed" is the applicant's."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    IN_WORK = "in-work"
    DONE = "done"
    BEING_CHECKED = "being-checked"
    CLOSED = "closed"


class AppealKind(StrEnum):
    """Kinds by law 393/96, art. 3; a report (of a fault, an emergency) is ours and may be anonymous."""

    PROPOSAL = "proposal"
    APPLICATION = "application"
    COMPLAINT = "complaint"
    REPORT = "report"


class Urgency(StrEnum):
    """How soon somebody has to go there."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Sign(StrEnum):
    """The appeal's sign (classifier of resolution 858/2008)."""

    FIRST = "first"
    REPEATED = "repeated"
    """The same person again, on what was said to be solved."""
    DUPLICATE = "duplicate"
    """The same person again, on what is still open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal. `number` is digits only, as a caller keys it; `due_on` is the last day of its term."""

    number: str
    applicant_number: str | None
    """The E.164 number it was called in from; None when hidden."""
    summary: str
    state: AppealState
    registered_at: datetime
    due_on: date
    due_at: datetime | None = None
    """The end of the term to the minute."""
    kind: AppealKind = AppealKind.APPLICATION
    category: str = ""
    """A code of the classifier; empty for appeals older than it."""
    classifier: int = 1
    """The classifier's version that the category is from."""
    address: str = ""
    applicant_id: int | None = None
    """The citizen; None for an anonymous report."""
    urgency: Urgency = Urgency.ORDINARY
    consent: bool = False
    """The applicant agreed to the processing of their personal data."""
    sign: Sign = Sign.FIRST
    earlier: str | None = None
    """Number of the appeal that this one repeats, or is related to."""
    call_id: str | None = None
    registered_by: int | None = None
    """The user who registered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """An applicant whom the register of citizens does not know yet."""

    name: str
    address: str
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """What is to be registered; the register gives it its number. See `Appeal` for the fields."""

    summary: str
    kind: AppealKind
    category: str
    classifier: int
    address: str
    urgency: Urgency
    registered_at: datetime
    year: int
    """In the city at that moment: numbers run within it."""
    due_on: date
    due_at: datetime
    registered_by: int
    applicant_number: str | None = None
    applicant: int | NewPerson | None = None
    consent: bool = False
    sign: Sign = Sign.FIRST
    earlier: str | None = None
    call_id: str | None = None
    form: str = ""
    """Names the filled-in form: the same form sent twice is one appeal."""
    categories: Sequence[str] | None = None
    """The applicant's categories (`hotline.benefits`) as they say them now; None when they were not asked."""


class Likeness(StrEnum):
    """Why an earlier appeal may be about the same."""

    PERSON = "person"
    NUMBER = "number"
    ADDRESS = "address"
    """Somebody else from the same address, on the same category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An earlier appeal with the same category and address, and who it was from."""

    appeal: Appeal
    likeness: Likeness

    @property
    def sign(self) -> Sign:
        """The sign to suggest. A neighbour's appeal is linked, and the new one is still a first one."""
        if self.likeness is Likeness.ADDRESS:
            return Sign.FIRST
        solved = self.appeal.state in (AppealState.DONE, AppealState.CLOSED)
        return Sign.REPEATED if solved else Sign.DUPLICATE


class Appeals(Protocol):
    """The register of appeals, as far as the telephone needs it."""

    async def find(self, number: str) -> Appeal | None: ...

    async def open_of(self, applicant_number: str) -> Sequence[Appeal]:
        """Appeals of this telephone number that are not closed, newest first."""
        ...

    async def register(self, appeal: Appeal) -> None: ...


class Registry(Protocol):
    """The register of appeals, as the dispatchers need it."""

    async def find(self, number: str) -> Appeal | None: ...

    async def enter(self, appeal: NewAppeal) -> Appeal:
        """Give the appeal the next number of its year and keep it with a new applicant: both or neither.

        A form that was entered before gives the appeal of then. Raises NotFound for an unknown applicant or
        earlier appeal.
        """
        ...

    async def of_form(self, form: str) -> Appeal | None:
        """Find what was registered by this form."""
        ...

    async def of_call(self, call_id: str) -> Sequence[Appeal]:
        """List what was registered in this call, the latest first."""
        ...

    async def similar(
        self, *, category: str, address: str, number: str | None, applicant: int | None, since: datetime
    ) -> Sequence[Similar]:
        """Find appeals since then of this category and address: the person's first, the newest first."""
        ...

    async def consulted(self, *, call_id: str | None, user_id: int, text: str, at: datetime) -> None:
        """Write down a question that was answered at once and is no appeal."""
        ...
