"""Registration of an appeal: its fields, earlier appeals that it may repeat, and the register's port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import PENDING, Appeal, AppealKind, Receipt, Sign, Subject
from hotline.chats.chats import WrittenFrom
from hotline.city.classifier import Urgency
from hotline.city.questions import Detail
from hotline.contact.channel import Channel
from hotline.errors import ForbiddenTransition
from hotline.voice.speech import Language


class TrialCallOnly(ForbiddenTransition):
    """The call is a trial call of training: no appeal comes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """An applicant who is not in the register of citizens yet."""

    name: str
    address: str
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppeal:
    """An appeal to be registered; the register assigns its number. See `Appeal` for the fields."""

    text: str
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
    registered_by: int | None
    """The user who took it down; None: the service, from keys pressed in a call."""
    applicant_number: str | None = None
    applicant: int | NewPerson | None = None
    consent: bool = False
    publish: bool = False
    """The applicant agrees that their words are published, once somebody of the centre has read them."""
    sign: Sign = Sign.FIRST
    earlier: str | None = None
    call_id: str | None = None
    idempotency_key: str = ""
    """Names the filled-in form: the same form sent twice is one appeal."""
    subject: Subject = Subject.INDIVIDUAL
    receipt: Receipt = Receipt.PHONE
    parent: str | None = None
    reply_by: Channel | None = None
    reply_to: str = ""
    only_in_writing: bool = False
    language: Language = Language.UKRAINIAN
    categories: Sequence[str] | None = None
    """The applicant's categories (`hotline.people.benefits`) as they say them now; None: not asked."""
    details: tuple[Detail, ...] = ()
    written_from: WrittenFrom | None = None
    """The chat in which the applicant reported it, and is asked whether it was done."""


_AGAIN = frozenset({Sign.REPEATED, Sign.NOT_FIRST})


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
        if self.appeal.state in PENDING:
            return Sign.DUPLICATE
        return Sign.NOT_FIRST if self.appeal.sign in _AGAIN else Sign.REPEATED


class Registry(Protocol):
    """The register of appeals, as the dispatchers need it."""

    async def find(self, number: str) -> Appeal | None: ...

    async def enter(self, appeal: NewAppeal) -> Appeal:
        """Give the appeal the next number of its year and keep it with a new applicant: both or neither.

        A form that was entered before gives the appeal of then. Raises NotFound for an unknown applicant or
        earlier appeal, TrialCallOnly for a trial call of training.
        """
        ...

    async def by_idempotency_key(self, idempotency_key: str) -> Appeal | None:
        """Find the appeal registered under this idempotency key."""
        ...

    async def of_call(self, call_id: str) -> Sequence[Appeal]:
        """List the appeals registered in this call, the latest first."""
        ...

    async def similar(
        self, *, category: str, address: str, number: str | None, applicant: int | None, since: datetime
    ) -> Sequence[Similar]:
        """Find appeals since then of this category and address: the person's first, the newest first."""
        ...

    async def consulted(self, *, call_id: str | None, user_id: int, text: str, at: datetime) -> None:
        """Write down a question that was answered at once and is no appeal."""
        ...
