"""Appeals (звернення): what a citizen asks the city for, registered under a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.city.classifier import Urgency
from hotline.city.questions import Detail
from hotline.contact.channel import Channel
from hotline.voice.speech import Language


class AppealState(StrEnum):
    """The state of an appeal. "Done" is the executor's word; "closed" is the applicant's (regulation 3.2).

    REGISTERED means that no executor has it: it is on the list from which a dispatcher assigns.
    """

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_WORK = "in-work"
    DONE = "done"
    BEING_CHECKED = "being-checked"
    CLOSED = "closed"
    CLOSED_UNCONFIRMED = "closed-unconfirmed"
    """A dispatcher closed it with a reason, as the applicant could not be asked."""
    DISPUTED = "disputed"
    """The applicant says that it is not done."""
    FORWARDED = "forwarded"
    """Another authority has to answer it (law 393/96, art. 7)."""
    REJECTED = "rejected"
    """The law takes it for nothing to be considered (art. 8)."""
    WITHDRAWN = "withdrawn"


ENDED = frozenset(
    {
        AppealState.CLOSED,
        AppealState.CLOSED_UNCONFIRMED,
        AppealState.FORWARDED,
        AppealState.REJECTED,
        AppealState.WITHDRAWN,
    }
)
"""Nobody has to act any more, unless it is taken up again: each has a road back."""
PENDING = frozenset(
    {
        AppealState.REGISTERED,
        AppealState.ASSIGNED,
        AppealState.ACCEPTED,
        AppealState.IN_WORK,
        AppealState.DISPUTED,
    }
)
"""The work is still owed: the term runs."""
CHECKED = frozenset({AppealState.DONE, AppealState.BEING_CHECKED})
"""The executor says that it is done, and the applicant has not said yes or no."""


class AppealKind(StrEnum):
    """Kinds by law 393/96, art. 3, and what comes the same way but goes by other rules."""

    PROPOSAL = "proposal"
    APPLICATION = "application"
    COMPLAINT = "complaint"
    REPORT = "report"
    """A fault or an emergency is reported: ours, under no law's term, and may be anonymous."""
    INFORMATION_REQUEST = "information-request"
    """Public information is asked for (law 2939-VI): terms, refusal and forwarding of its own."""


class Sign(StrEnum):
    """The appeal's sign (classifier of resolution 858/2008)."""

    FIRST = "first"
    REPEATED = "repeated"
    """The same person appeals again about a matter that was reported solved."""
    DUPLICATE = "duplicate"
    """The same person appeals again about a matter that is still open."""
    NOT_FIRST = "not-first"
    """One of many by the same person on the same (неодноразове)."""
    MASS = "mass"
    """Many people on the same."""


class Subject(StrEnum):
    """The kind of applicant (classifier of resolution 858/2008)."""

    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"
    ANONYMOUS = "anonymous"


class Receipt(StrEnum):
    """How it was received (classifier of resolution 858/2008)."""

    PHONE = "phone"
    ONLINE = "online"
    POST = "post"
    IN_PERSON = "in-person"
    CAMERA = "camera"
    """By nobody: the centre saw it on a camera. The classifier has no word for it."""


class ResultKind(StrEnum):
    """The result of an appeal (classifier of resolution 858/2008)."""

    SATISFIED = "satisfied"
    REFUSED = "refused"
    EXPLAINED = "explained"
    FORWARDED = "forwarded"
    """Sent to the authority that it belongs to (law 393/96, art. 7)."""
    NOT_CONSIDERED = "not-considered"
    """The law takes it for nothing to be considered (art. 8 and 17)."""
    RETURNED = "returned"
    """Returned to its author, naming what is missing (art. 5 and 7); only imported registers have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal. `number` is digits only, as a caller keys it; `due_on` is the last day of its term."""

    number: str
    applicant_number: str | None
    """The E.164 number it was called in from; None when hidden."""
    text: str
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
    version: int = 1
    """Grows with each act: an act on an older version raises Overtaken."""
    state_since: datetime | None = None
    """When the state last changed; None for appeals older than this field."""
    executor_id: int | None = None
    """The enterprise that has it; None while nobody does, and only then is it REGISTERED."""
    assignee_id: int | None = None
    """The executor's user to whom the enterprise has passed it."""
    subject: Subject = Subject.INDIVIDUAL
    receipt: Receipt = Receipt.PHONE
    served_first: bool = False
    """The applicant has benefits by statute: served before others (law 393/96, art. 18 and 20)."""
    parent: str | None = None
    """The number of the main appeal of a mass report; this one follows its work."""
    result: ResultKind | None = None
    answer: str = ""
    """The answer to the applicant, by the executor or by the user who ended it."""
    attempts: int = 0
    """Vain attempts to ask the applicant, since it was last done."""
    extended: bool = False
    extension_wanted: date | None = None
    """The day until which the executor asks for more time; None when not asked."""
    question: str = ""
    """The executor's question to the centre, not answered yet; it counts while the work is owed."""
    controlled: bool = False
    """The head keeps an eye on it (control mark of the registration card)."""
    reply_by: Channel | None = None
    """How the applicant wants to be told; None: only when they ask."""
    reply_to: str = ""
    """The e-mail address or number for it; empty: the number it was called in from."""
    only_in_writing: bool = False
    """They want no call about it, though they are told at a telephone."""

    language: Language = Language.UKRAINIAN
    """The language of notices to the applicant."""
    registration_index: str = ""
    """The registration index of its papers, such as К-401; empty for appeals older than this field."""
    details: tuple[Detail, ...] = ()
    """What the applicant answered to the questions of the category, in the words of then."""

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Appeals(Protocol):
    """The register of appeals, as far as the telephone needs it."""

    async def find(self, number: str) -> Appeal | None: ...

    async def open_of(self, applicant_number: str) -> Sequence[Appeal]:
        """Appeals of this telephone number that have not ended, newest first."""
        ...

    async def of_caller(self, number: str, *, ended_since: datetime, most: int) -> Sequence[Appeal]:
        """Appeals that were called in from this number or are answered at it, open ones first, newest first.

        `number` may also be the e-mail address at which appeals are answered.

        Those that have ended are among them when they did so since then.
        """
        ...

    async def register(self, appeal: Appeal) -> None: ...
