"""Outgoing calls of dispatchers: which numbers they may ring, and the outcome.

Nobody outside can place one: the exchange dials only what a signed-in dispatcher asks for through this module
(`cti_server.desk.calling_out`).
"""

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import phonenumbers
from phonenumbers import PhoneNumberType

from hotline.calls.call import Outcome
from hotline.contact.numbers import E164, e164
from hotline.errors import ForbiddenTransition, HotlineError

EMERGENCY = ("101", "102", "103", "104", "112")
"""Fire, police, ambulance, gas, and all of them: three digits that are dialled as they are."""
_DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_DEAR_HERE = "+380900"
"""The caller pays for all of it, also for ranges that the library of numbers does not know."""


def is_dialled(number: str) -> bool:
    """Whether a stored number can be dialled from a desk: a whole one, or an emergency's."""
    return number.startswith(E164) or number in EMERGENCY


class NumberRefusal(StrEnum):
    """Why a number is not dialled."""

    MALFORMED = "malformed"
    """No whole number of the city, the country or abroad."""
    PREMIUM = "premium"
    """The caller pays for a service."""
    NOT_ALLOWED = "not-allowed"
    """None of the prefixes that this hotline may call."""
    OURS = "ours"
    """The hotline's own number: it would call itself."""
    INTERPRETER = "interpreter"
    """An interpreter's, by which many citizens speak: a machine would not call the one whom it means."""


class NotDialled(HotlineError):  # noqa: N818 - reads as what happened
    """The number is not one that may be called; `why` says what to change."""

    code = "not-dialled"

    def __init__(self, why: NumberRefusal) -> None:
        super().__init__(f"The number is not dialled: {why}.")
        self.why = why


class BeingCalled(ForbiddenTransition):
    """The hotline itself is calling the number at this moment: two calls would meet at one telephone."""


class TooManyCalls(HotlineError):  # noqa: N818 - reads as what happened
    """As many calls were placed as one dispatcher may place; wait a little."""

    code = "too-many-attempts"


def own_numbers(*written: str) -> frozenset[str]:
    """Give the numbers under which the hotline itself is reached, as written in the settings and in E.164."""
    return frozenset(one for each in written for one in (each.strip(), e164(each.strip())) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingRules:
    """Numbers that may be called. `prefixes` are of E.164, such as `+380`; `own` are `own_numbers`.

    `interpreters` are the numbers of those of sign language, in E.164.
    """

    prefixes: Sequence[str] = ("+380",)
    own: Collection[str] = frozenset()
    interpreters: Collection[str] = frozenset()
    most: int = 30
    """How many calls one dispatcher may place `within`."""
    within: timedelta = timedelta(minutes=10)

    def dialable(self, typed: str) -> str:
        """Write the number as it is dialled: E.164, or an emergency's three digits. Raises NotDialled."""
        digits = typed.strip()
        if digits in EMERGENCY:
            return digits
        number = e164(digits)
        if digits in self.own or number in self.own:
            raise NotDialled(NumberRefusal.OURS)
        if number is None:
            raise NotDialled(NumberRefusal.MALFORMED)
        kind = phonenumbers.number_type(phonenumbers.parse(number))
        if kind in _DEAR or number.startswith(_DEAR_HERE):
            raise NotDialled(NumberRefusal.PREMIUM)
        if not number.startswith(tuple(self.prefixes)):
            raise NotDialled(NumberRefusal.NOT_ALLOWED)
        return number

    def dialable_by_itself(self, typed: str) -> str:
        """Write it for a call that the hotline places to a person: never to an interpreter or a service."""
        number = self.dialable_back(typed)
        if number in self.interpreters:
            raise NotDialled(NumberRefusal.INTERPRETER)
        return number

    def dialable_back(self, typed: str) -> str:
        """Write it for calling back a person who asked for it there: a machine calls no emergency service."""
        number = self.dialable(typed)
        if number in EMERGENCY:
            raise NotDialled(NumberRefusal.NOT_ALLOWED)
        return number


class Pace:
    """Counts the calls that each dispatcher has placed recently, in this process."""

    def __init__(self, rules: CallingRules) -> None:
        self._rules = rules
        self._placed: dict[int, deque[datetime]] = defaultdict(deque)

    def take(self, dispatcher_id: int, at: datetime) -> None:
        """Count a call in; raises TooManyCalls when there were enough."""
        placed = self._placed[dispatcher_id]
        while placed and placed[0] <= at - self._rules.within:
            placed.popleft()
        if len(placed) >= self._rules.most:
            raise TooManyCalls(f"Dispatcher {dispatcher_id} has placed {len(placed)} calls lately.")
        placed.append(at)


class InTrial(ForbiddenTransition):
    """Nobody outside is called in a trial call: end it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The demo citizen of a trial call: the code of their scenario, and what they say in turn."""

    scenario: str
    lines: Sequence[str]
    """ARI media URIs (`sound:…`), made already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut:
    """A dispatcher wants to be connected with a number (`CallingRules.dialable`) or the demo citizen."""

    dispatcher_id: int
    user_id: int
    number: str
    answers_missed: str = ""
    """The missed call that is called back, or the `Scheduled.reference`; empty when this is no call-back."""
    for_call: str = ""
    """The call that it follows up: where that was answered in another city's name, it is made in the same."""
    clicked: str = ""
    """A word that the page made up: its phone answers by itself the call that brings the word back."""
    trial: Trial | None = None
    """The demo citizen, in the place of a number, which is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """How a call went that was placed to call a missed one back, or because it was arranged."""

    call_id: str
    missed: str
    """The call that was missed, or the `Scheduled.reference`."""
    user_id: int
    outcome: Outcome
    at: datetime


class Phase(StrEnum):
    """How far a call that a dispatcher placed has come."""

    DESK = "desk"
    """The dispatcher's own phone rings."""
    DIALLING = "dialling"
    RINGING = "ringing"
    NOTICE = "notice"
    """Answered: the announcement says that the talk is recorded."""
    TALKING = "talking"
    OVER = "over"


class ThirdPhase(StrEnum):
    """How far the third in a talk has come."""

    RINGING = "ringing"
    ALONE = "alone"
    """Speaks with the dispatcher; the citizen hears music."""
    TOGETHER = "together"


@dataclass(slots=True, kw_only=True)
class Third:
    """A third party whom a dispatcher brings into a talk: a colleague or an enterprise."""

    number: str
    name: str = ""
    phase: ThirdPhase = ThirdPhase.RINGING


@dataclass(slots=True, kw_only=True)
class DeskTalk:
    """A dispatcher's calls right now, beyond a plain talk."""

    call_id: str
    number: str
    phase: Phase
    outcome: Outcome | None = None
    third: Third | None = None
    third_missed: Outcome | None = None
    """How ringing a third went in vain."""
    city: str = ""
    """The other city in whose name the call is made; empty: ours."""
    at: datetime = field(kw_only=True)


class Telephone(Protocol):
    """The exchange, as a dispatcher's page uses it. Raises TelephonyError while it is away."""

    async def call_out(self, wanted: CallOut) -> DeskTalk:
        """Ring the dispatcher's phone, then the number. Raises ForbiddenTransition for who is engaged."""
        ...

    async def desk_talk(self, dispatcher_id: int) -> DeskTalk | None:
        """Return this dispatcher's call beyond a plain talk; a failed one is shown for a while.

        None, too, while the exchange is away: then nothing is known.
        """
        ...

    async def talks_with(self, dispatcher_id: int) -> str | None:
        """Return the number of the citizen in this dispatcher's talk; None without a talk, "" when hidden."""
        ...

    async def consult(self, dispatcher_id: int, number: str) -> None:
        """Have the citizen hear music and ring a third. Raises ForbiddenTransition without a talk."""
        ...

    async def pass_to(self, dispatcher_id: int, number: str) -> None:
        """Ring a third, and leave the citizen with them when they answer. Raises as `consult`."""
        ...

    async def join(self, dispatcher_id: int) -> None:
        """Have all three hear one another."""
        ...

    async def drop_third(self, dispatcher_id: int) -> None:
        """Let the third go; the citizen and the dispatcher go on."""
        ...

    async def drop_citizen(self, dispatcher_id: int) -> None:
        """Let the citizen go; the dispatcher and the third go on."""
        ...

    async def leave(self, dispatcher_id: int) -> None:
        """Leave the citizen and the third together."""
        ...
