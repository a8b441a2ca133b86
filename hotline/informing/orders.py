"""Informing by order of the mayor (regulation 2.8): the text, the audience, and who approves it.

The user who prepares an order never approves it. Once approved, its text is fixed.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.city.addresses import Area
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import Proof, proof_of, strongest
from hotline.dialling.campaigns import PersonState
from hotline.dialling.dialler import Result
from hotline.errors import AlreadyTaken
from hotline.informing.order_states import ORDER, OrderAct, OrderState, may, require_person
from hotline.voice.speech import Phrase

MATTER = "informing-"
"""Begins what its notices are about (`hotline.delivery.outbox.Notice.matter`); its id follows."""
PERSON = "resident:"
"""Begins the recipient of its notices; the id of its person follows."""


class Way(StrEnum):
    """Ways to inform people."""

    CALL = "call"
    SMS = "sms"
    EMAIL = "email"
    IVR = "ivr"
    """Callers of the hotline hear it behind the greeting."""
    PAGE = "page"
    """The public page shows it, with its feeds and its widget."""


STANDING = frozenset({Way.IVR, Way.PAGE})
"""Ways that inform people who come by themselves, for a time; the others inform people who are looked up."""


_TOLD = frozenset({OrderState.PREPARING, OrderState.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The audience: citizens by `areas` and `benefits` (empty: all), enterprises, and the list.

    With `nobody` no resident is looked up. `listed` are numbers (E.164) and e-mail addresses.
    """

    nobody: bool = False
    areas: tuple[Area, ...] = ()
    benefits: tuple[str, ...] = ()
    enterprises: bool = False
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order to be prepared. `number` and `dated` are the paper's, `issued_by` signed it."""

    number: str
    dated: date
    issued_by: str
    subject: str
    text: str
    """The text that people hear and read, in Ukrainian."""
    short: str = ""
    """The same for a short message."""
    ways: frozenset[Way]
    audience: Audience
    starts_at: datetime
    until: datetime | None = None
    """Until when the STANDING ways tell it; None where there is none of them."""
    exempt: str = ""
    """Why quiet hours and the budget of calls do not hold; only for an emergency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingOrder(NewOrder):
    """An order as it is kept."""

    id: int
    state: OrderState
    author_id: int
    approver_id: int | None = None
    decided_at: datetime | None = None
    refusal: str = ""
    """The reason of the latest refusal by the second person."""
    stopped_by: int | None = None
    stopped_at: datetime | None = None
    stop_reason: str = ""
    created_at: datetime
    changed_at: datetime
    version: int = 1
    voice: str = ""
    """The name of the phrase that a person recorded for it; empty: its text is synthesised."""

    @property
    def matter(self) -> str:
        return f"{MATTER}{self.id}"

    @property
    def phrase(self) -> Phrase:
        """The phrase to be said, in Ukrainian alone."""
        return Phrase(name=self.voice or f"order-{self.id}", uk=self.text, en="", once=True)

    @property
    def phrase_to_record(self) -> Phrase:
        """The phrase to be recorded now; each has a new name, so that callers hear only a kept recording."""
        return replace(self.phrase, name=f"order-{self.id}-{self.version}")

    @property
    def discarded(self) -> bool:
        """Whether it was deleted as a draft, which needs no reason."""
        return self.stopped_at is not None and not self.stop_reason

    def stands(self, way: Way, at: datetime) -> bool:
        """Whether one of the STANDING ways tells it at this moment."""
        told = way in self.ways and self.state in _TOLD
        return told and self.until is not None and at < self.until

    def told_until_stopped(self, way: Way) -> bool:
        """Whether one of the STANDING ways told it when somebody stopped it."""
        if way not in self.ways or self.approver_id is None or self.until is None or self.stopped_at is None:
            return False
        return self.starts_at <= self.stopped_at < self.until

    def after(self, act: OrderAct, user_id: int) -> OrderState:
        """Give the state to which this user's act leads. Raises ForbiddenTransition."""
        require_person(act, user_id, self.author_id)
        return ORDER.after(self.state, act)

    def may_be_changed_by(self, user_id: int) -> bool:
        return OrderAct.CHANGE in self.possible(user_id)

    @property
    def may_be_repeated(self) -> bool:
        return ORDER.allows(self.state, OrderAct.REPEAT)

    def possible(self, user_id: int) -> frozenset[OrderAct]:
        """Give the acts of this user that lead somewhere from its state."""
        return frozenset(act for act in ORDER.possible(self.state) if may(act, user_id, self.author_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedPerson:
    """A person whom an order informs, and the proof of it."""

    id: int
    name: str
    number: str | None
    email: str | None
    called: PersonState | None = None
    result: Result | None = None
    """The result of the latest call."""
    call_id: str | None = None
    wants_no_more: bool = False
    """In that call they pressed the key against such calls, which says nothing of having heard it."""
    notices: Mapping[Way, NoticeState] = field(default_factory=dict)
    written: frozenset[Way] = frozenset()
    """The ways of which only a file was written, as no gateway is set."""
    heard_in: str | None = None
    """A call in which they heard it to its end."""

    @property
    def proof(self) -> Proof:
        """The strongest proof that they were told, whatever the way."""
        sent = [
            Proof.WRITTEN if way in self.written else proof_of(Channel(way.value), state)
            for way, state in self.notices.items()
        ]
        return strongest([*sent, self._proof_of_calls])

    @property
    def _proof_of_calls(self) -> Proof:
        if self.heard_in is not None:
            return Proof.HEARD
        if self.called is PersonState.REACHED:
            return Proof.HEARD_PARTLY if self.wants_no_more else Proof.HEARD
        return Proof.HEARD_PARTLY if self.result in {Result.UNHEARD, Result.MACHINE} else Proof.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class InformingProgress:
    """How far it is: people found, their calls by state, their notices by way and state."""

    people: int
    calls: Mapping[PersonState, int]
    notices: Mapping[tuple[Way, NoticeState], int]
    written: Mapping[Way, int] = field(default_factory=dict)
    """The number of those that are SENT and only lie in a file."""
    again: Mapping[Way, int] = field(default_factory=dict)
    """How many could be told once more, as no way has reached them for sure."""


class PaperTaken(AlreadyTaken):
    """Somebody has an order by a paper of this number and year, which was not stopped: `same`."""

    code = "paper-taken"

    def __init__(self, same: Sequence[InformingOrder]) -> None:
        super().__init__("An order by this paper is here already.")
        self.same = same


class InformingOrders(Protocol):
    """Orders, and the people whom they inform."""

    async def add(self, new: NewOrder, author_id: int, at: datetime, *, once: bool = False) -> InformingOrder:
        """Keep a draft; raises PaperTaken where it is meant to be the only one by its paper (`once`)."""
        ...

    async def get(self, order_id: int) -> InformingOrder:
        """Raises NotFound."""
        ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[InformingOrder]:
        """List orders behind `skipped`: first those that wait for a person or go on, then the others.

        Without drafts that were deleted.
        """
        ...

    async def by_state(self) -> Mapping[OrderState, int]:
        """Count all that `latest` lists, by state."""
        ...

    async def change(
        self, was: InformingOrder, now: NewOrder, at: datetime, *, user_id: int, once: bool = False
    ) -> InformingOrder:
        """Make `now` of one's own DRAFT.

        Raises Outdated; ForbiddenTransition for another's, or no draft; PaperTaken as `add` does.
        """
        ...

    async def speak(self, was: InformingOrder, voice: str, at: datetime, *, user_id: int) -> InformingOrder:
        """Have a recorded phrase of this name say one's own DRAFT; empty: the synthesis.

        Raises Outdated; ForbiddenTransition for another's, or no draft.
        """
        ...

    async def move(
        self, was: InformingOrder, act: OrderAct, at: datetime, *, user_id: int, reason: str = ""
    ) -> InformingOrder:
        """Do an act that moves it, with its calls and notices. Raises Outdated, ForbiddenTransition.

        `reason` says why the second person sends it back, or why somebody stops it.
        """
        ...

    async def repeat(self, was: InformingOrder, way: Way, at: datetime, *, user_id: int) -> int:
        """Call again the people whom no call reached, or send undelivered notices again; returns how many.

        People who confirmed in a call get no further notice. Raises Outdated, ForbiddenTransition.
        """
        ...

    async def addresses(self, audience: Audience) -> Collection[str]:
        """Look up the numbers and e-mail addresses of the audience, each once, as if it began now."""
        ...

    async def progress(self, order_id: int) -> InformingProgress: ...

    async def heard_in(self, order_id: int) -> int:
        """Count the calls in which the caller heard it to its end."""
        ...

    def people(self, order_id: int) -> AsyncIterator[InformedPerson]:
        """List the people of the order, with the proof that they were informed."""
        ...
