"""A campaign: many people who are called for one thing, with its own pace, which can be held and stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.dialling.campaign_states import CampaignAct, CampaignState
from hotline.dialling.dialler import Kind, Result

OF_CAMPAIGNS = "campaign"
"""The source of the calls of campaigns."""
TRIAL = "trial"
"""What a call is about (`Person.about`) by which somebody tries a campaign out: 9 counts for nothing then."""

Pauses = Mapping[Result, Sequence[timedelta]]

PAUSES: Pauses = {
    Result.BUSY: (timedelta(minutes=10), timedelta(minutes=30)),
    Result.NO_ANSWER: (timedelta(hours=2), timedelta(hours=4)),
    Result.UNHEARD: (timedelta(hours=3),),
    Result.MACHINE: (timedelta(hours=2), timedelta(hours=4)),
    Result.FAILED: (timedelta(minutes=5), timedelta(minutes=30)),
    Result.INTERRUPTED: (timedelta(minutes=5), timedelta(minutes=5)),
}
"""Before the second, the third … attempt. Who refused is not called again. A machine is nobody at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    """What makes a campaign."""

    name: str
    kind: Kind
    says: str
    """The text that is read to the person who answers."""
    phrase: str = ""
    """What its text is called where a person may have recorded it; empty: it has a name of its own."""
    most: int = 0
    """Its calls at once; 0: as many as the dialler places."""
    per_minute: int = 0
    """Its calls in a minute; 0: as many as the dialler places."""
    exempt: str = ""
    """Why quiet hours and the budget do not hold; only for an emergency."""
    pauses: Pauses = field(default_factory=lambda: PAUSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(NewCampaign):
    """A campaign as it is kept."""

    id: int
    state: CampaignState
    created_at: datetime
    changed_at: datetime
    user_id: int | None = None
    order_id: int | None = None
    """The order of informing whose people it calls: people hold and stop it there."""


class PersonState(StrEnum):
    """Where one person of a campaign stands."""

    DUE = "due"
    CLAIMED = "claimed"
    REACHED = "reached"
    """They settled it by a key."""
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a campaign calls. `about`: what its conversation is about, such as an appeal's number."""

    id: int
    campaign: Campaign
    number: str
    about: str
    state: PersonState
    attempt: int
    due_at: datetime
    changed_at: datetime
    result: Result | None = None
    """What the latest attempt came to."""
    call_id: str | None = None
    """The latest call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a campaign is: people by their state, and by what their latest attempt came to."""

    states: Mapping[PersonState, int]
    results: Mapping[Result, int]

    @property
    def people(self) -> int:
        return sum(self.states.values())

    @property
    def over(self) -> int:
        """How many are not called any more."""
        return sum(self.states.get(one, 0) for one in (PersonState.REACHED, PersonState.GIVEN_UP))


class Campaigns(Protocol):
    """Campaigns and their people."""

    async def add(
        self, new: NewCampaign, people: Sequence[tuple[str, str]], at: datetime, *, user_id: int | None = None
    ) -> Campaign:
        """Keep a draft with its people: number (E.164) and what it is about. A number is taken once."""
        ...

    async def find(self, campaign_id: int) -> Campaign | None: ...

    async def by_state(self) -> Mapping[CampaignState, int]: ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Campaign]:
        """Give at most `most`, those under way and then the newest first, behind the first `skipped`."""
        ...

    async def move(self, campaign_id: int, act: CampaignAct, at: datetime) -> Campaign:
        """Start, pause or stop it. Raises NotFound, ForbiddenTransition."""
        ...

    async def progress(self, campaign_id: int) -> Progress: ...

    async def people(
        self,
        campaign_id: int,
        most: int,
        skipped: int = 0,
        *,
        state: PersonState | None = None,
        result: Result | None = None,
    ) -> Sequence[Person]:
        """Give at most `most` of its people, the last called first, behind the first `skipped`."""
        ...
