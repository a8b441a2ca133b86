"""Control of terms (regulation 3.5, 4.3): overdue appeals by enterprise, appeals that wait for a person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import Appeal
from hotline.appeals.lists import ListedAppeal

SHOWN_DAYS = 30


class AppealWaitsFor(StrEnum):
    """For what an appeal waits, when it is not the executor that has to act."""

    UNACCEPTED = "unaccepted"
    """An emergency that its executor has not accepted: somebody has to ring there."""
    UNROUTED = "unrouted"
    """Nobody has it: no rule fits, or the executor handed it back."""
    ASKED = "asked"
    """The executor asks the centre something."""
    TO_CHECK = "to-check"
    """Said to be done: the applicant has to be asked, and the hotline does not call them by itself."""
    SPENT = "spent"
    """The applicant could not be asked as often as the city wants: somebody decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAppeal:
    """An appeal that waits for a person, with the last entry of its history."""

    listed: ListedAppeal
    said: str = ""
    handed_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseStanding:
    """An enterprise's appeals; `executor_id` None counts those without an executor. `soon` includes `today`.

    Open: `owed`, of which `overdue`, `today` and `soon` by their terms, `breached` by the law's. Registered
    since the day asked for: `received`, `confirmed` (of these `taken_down` by a dispatcher, the others by the
    applicant's own key or link), and `unconfirmed` apart.
    """

    executor_id: int | None
    executor: str = ""
    owed: int = 0
    overdue: int = 0
    today: int = 0
    soon: int = 0
    breached: int = 0
    unaccepted: int = 0
    disputed: int = 0
    more_time: int = 0
    controlled: int = 0
    received: int = 0
    confirmed: int = 0
    taken_down: int = 0
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The moments that divide terms into overdue, today and soon, all aware."""

    now: datetime
    today_ends: datetime
    soon_ends: datetime
    since: datetime
    """The earliest registration that `received`, `confirmed` and `unconfirmed` count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDown:
    """An appeal that was closed by the applicant's word as a user took it down."""

    listed: ListedAppeal
    at: datetime
    user_id: int
    source: str
    """The road by which the word came, as the user says: `call:ID`, `letter:…`."""
    reviewed: bool
    """The head has looked at this closing."""


def sample(found: Sequence[TakenDown], month: str, most: int) -> Sequence[TakenDown]:
    """Draw some of a month's, such as `2026-12`: by chance, and the same whenever one looks.

    Nobody can tell beforehand which closing is looked at, and none that was drawn falls out of the draw
    unless one closed later in the month comes before it.
    """
    return sorted(found, key=lambda one: _lot(month, one))[:most]


def _lot(month: str, one: TakenDown) -> bytes:
    return hashlib.sha256(f"{month}:{one.listed.appeal.number}:{one.at.isoformat()}".encode()).digest()


class Control(Protocol):
    """The register, looked at from above. Every answer comes from indexed reads."""

    async def standings(self, at: Moments) -> Sequence[EnterpriseStanding]:
        """Count the enterprises that have anything: what nobody has first, then by their short names."""
        ...

    async def waiting(self, wait: AppealWaitsFor, *, attempts: int, limit: int) -> Sequence[WaitingAppeal]:
        """List what waits so, in the order of service; `attempts` is after how many a person decides."""
        ...

    async def count(self, wait: AppealWaitsFor, *, attempts: int, most: int) -> int:
        """Count what waits so, up to `most`."""
        ...

    async def taken_down(self, since: datetime, until: datetime) -> Sequence[TakenDown]:
        """List what was closed so between the moments and is closed still, in the order of closing."""
        ...

    async def same(
        self, appeal: Appeal, *, whole_street: bool, since: datetime, limit: int
    ) -> Sequence[ListedAppeal]:
        """Find open reports of the same: category, and house or whole street; the latest first."""
        ...


SAME_WITHIN = timedelta(days=30)
"""The greatest age of another report that is offered as one of the same matter."""
