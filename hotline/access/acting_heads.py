"""The acting head: a dispatcher who has the head's rights between two moments (regulation 5.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.errors import HotlineError

LONGEST_ORDER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingHead:
    """One time as acting head. It is never deleted: acts of that time were theirs."""

    id: int
    user_id: int
    since: datetime
    until: datetime
    """The first moment that no longer counts, as it was named."""
    order: str
    """The paper by which they are named, such as «№ 14-к від 27.11.2026»."""
    named_by: int
    named_at: datetime
    ended_at: datetime | None = None
    """The moment before `until` at which somebody ended it; before `since`: it never began."""
    ended_by: int | None = None

    @property
    def ends(self) -> datetime:
        return self.until if self.ended_at is None else self.ended_at

    def on(self, now: datetime) -> bool:
        return self.since <= now < self.ends

    def over(self, now: datetime) -> bool:
        return self.ended_at is not None or self.until <= now


class NamedAlready(HotlineError):  # noqa: N818 - reads as what happened
    """Somebody is acting head in a part of that time: end that first, or choose other days."""

    code = "acting-head-named-already"


class ActingHeads(Protocol):
    """The times of acting heads; no two of them are on at one moment."""

    async def name(
        self, user_id: int, since: datetime, until: datetime, *, order: str, by: int, at: datetime
    ) -> ActingHead:
        """Name one; raises NamedAlready where it overlaps with another that was not ended."""
        ...

    async def end(self, acting_id: int, by: int, at: datetime) -> ActingHead:
        """End it at once; raises NotFound, and Outdated for one that is over."""
        ...

    async def at(self, now: datetime) -> ActingHead | None:
        """Find the one that is on at this moment."""
        ...

    async def all(self) -> Sequence[ActingHead]:
        """The one that begins last first."""
        ...


async def as_they_stand(
    users: Mapping[int, User], named: ActingHeads, now: datetime, *, code_needed: bool
) -> Mapping[int, User]:
    """Give the accounts with the rights of this moment: an acting head has the head's.

    Where heads sign in with a one-time code (`code_needed`), a dispatcher without one stays what they are:
    the desk is not taken from them in the middle of a shift because a code is to be set up.
    """
    if not any(may_act(one) for one in users.values()):
        return users
    acting = await named.at(now)
    user = users.get(acting.user_id) if acting else None
    if acting is None or user is None or not may_act(user) or (code_needed and user.totp_secret is None):
        return users
    return {**users, user.id: replace(user, acting_until=acting.ends)}


def may_act(user: User) -> bool:
    """Tell whether the account may be named, and is one while named: a dispatcher's that is open."""
    return user.active and user.role is Role.DISPATCHER
