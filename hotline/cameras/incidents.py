"""Incidents that were seen on a camera: the still picture, the kinds by key, and how soon a body was told.

An incident is an emergency appeal (docs/decisions/0035): handing over, calling the duty contacts,
acknowledgement and all that follows are those of any emergency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import AppealKind, Receipt, Subject
from hotline.appeals.attachments import StoredFile
from hotline.appeals.registering import NewAppeal
from hotline.appeals.statute import first_term
from hotline.cameras.camera import Camera
from hotline.city.classifier import Category, Urgency, classifier

SAME_MOMENT = timedelta(minutes=2)
"""What two people register of one camera and one kind within this time is one incident."""
_KEYS = "123456789"
FRESH = timedelta(minutes=30)
"""A still that is older is registered no more: the moment it shows is long past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A picture that was kept of a camera. `number` is the appeal that it became evidence of."""

    id: int
    camera_id: int
    camera: str
    """Its name at that moment."""
    place: str
    taken_at: datetime
    taken_by: int
    file: StoredFile
    number: str | None = None
    category: str = ""

    def old(self, now: datetime) -> bool:
        return now - self.taken_at > FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A still that was handed over, and what came of it; None while that has not happened."""

    still: Still
    registered_at: datetime
    handed_at: datetime | None
    """When a body first had it."""
    accepted_at: datetime | None
    executor: str

    @property
    def told_after(self) -> timedelta | None:
        """The time to inform: from the moment that the picture shows."""
        return None if self.handed_at is None else self.handed_at - self.still.taken_at

    @property
    def accepted_after(self) -> timedelta | None:
        return None if self.accepted_at is None else self.accepted_at - self.still.taken_at


def kinds() -> Mapping[str, Category]:
    """Give the kinds by key: 1 to 9 the classifier's emergencies in its order, 0 what is not known yet."""
    known = classifier()
    emergencies = [one for one in known.categories.values() if one.urgency is Urgency.EMERGENCY]
    keyed = [one for one in emergencies if one.code != known.emergency][: len(_KEYS)]
    return {**dict(zip(_KEYS, keyed, strict=False)), "0": known.categories[known.emergency]}


def appeal_of(
    still: Still, category: Category, text: str, *, by: int, now: datetime, zone: ZoneInfo
) -> NewAppeal:
    """Make the appeal of an incident: anonymous, at the camera's place, received by the city's own watch."""
    due = first_term(AppealKind.REPORT, category.code, Urgency.EMERGENCY, now, zone)
    return NewAppeal(
        text=text,
        kind=AppealKind.REPORT,
        category=category.code,
        classifier=classifier().version,
        address=still.place,
        urgency=Urgency.EMERGENCY,
        registered_at=now,
        year=now.astimezone(zone).year,
        due_on=due.due_on,
        due_at=due.due_at,
        registered_by=by,
        idempotency_key=key_of(still),
        subject=Subject.ANONYMOUS,
        receipt=Receipt.CAMERA,
    )


def key_of(still: Still) -> str:
    """Name the incident: one still is one appeal, however often it is sent."""
    return f"camera-still-{still.id}"


def median(times: Sequence[timedelta]) -> timedelta | None:
    """Give the middle of the times, the longer one of two; None of none."""
    return sorted(times)[len(times) // 2] if times else None


class Incidents(Protocol):
    """The stills, and the incidents that they became."""

    async def keep(self, camera: Camera, file: StoredFile, *, by: int, at: datetime) -> Still:
        """Note a still whose bytes are kept already."""
        ...

    async def get(self, still_id: int) -> Still:
        """Find one; raises NotFound."""
        ...

    async def hand_over(self, still_id: int, number: str, category: str = "") -> None:
        """Note of which appeal it is evidence; without a category it is a further one of an incident."""
        ...

    async def lately(self, camera_id: int, category: str, since: datetime) -> Still | None:
        """Find the newest of this camera and kind that was taken since then and handed over."""
        ...

    async def between(self, since: datetime, until: datetime) -> Sequence[Incident]:
        """List the incidents whose stills were taken in this time, the newest first."""
        ...
