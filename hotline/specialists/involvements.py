"""Specialists in matters: who of which enterprise is drawn into what, why, until when, and who consents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.access.users import User
from hotline.appeals.acts.actors import Actor
from hotline.specialists.involvement_states import (
    INVOLVEMENT,
    TAKES_PART,
    InvolvementAct,
    InvolvementState,
)

LONGEST_WORDS = 2000
LONGEST_NAME = 200
ANSWER_WITHIN = timedelta(days=2)
"""The manager's term; half of the whole where that is shorter."""


class MatterKind(StrEnum):
    """The kinds of matters into which a specialist is drawn."""

    APPEAL = "appeal"
    TASK = "task"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvolvement:
    """A specialist to be asked for. They have an account, or a mail address or a telephone in E.164.

    An account's addresses are read whenever its owner is told something.
    """

    kind: MatterKind
    matter: str
    """The number of the appeal, the id of the task or of the meeting."""
    executor_id: int
    manager_id: int
    """The contact of the enterprise whose consent is asked for."""
    name: str
    user_id: int | None = None
    email: str = ""
    number: str = ""
    why: str
    what: str
    """The specialist's task, in the centre's words."""
    until: datetime
    """The first moment at which they see nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement(NewInvolvement):
    """A specialist's part in a matter as it is now."""

    id: int
    state: InvolvementState
    asked_by: int
    asked_at: datetime
    answer_by: datetime
    """The first moment at which the manager's answer is late."""
    conclusion: str = ""
    version: int = 1
    """Grows with each act."""

    def overdue(self, now: datetime) -> bool:
        return self.state is InvolvementState.ASKED and self.answer_by <= now

    def over(self, now: datetime) -> bool:
        return self.until <= now

    def sees(self, now: datetime) -> bool:
        """Tell whether the specialist sees the matter now."""
        return self.state in TAKES_PART and not self.over(now)

    def possible(self, now: datetime) -> frozenset[InvolvementAct]:
        """Give the acts that are possible; once it is over, the centre's alone."""
        found = INVOLVEMENT.possible(self.state)
        return found & {InvolvementAct.END} if self.over(now) else found

    def may_consent(self, user: User) -> bool:
        """Tell whether the user answers for the enterprise: the specialist does not for themselves."""
        return user.executor_id == self.executor_id and user.id != self.user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementEntry:
    """A line of its history: who did what (no act: it was asked for), and their words.

    `who` names somebody without an account; `user_id` is None then.
    """

    at: datetime
    user_id: int | None
    who: str = ""
    act: InvolvementAct | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Somebody who acts: a user, or by a link somebody without an account, by name.

    `actor` is their part in an appeal's history: the service itself for who has none in it.
    """

    actor: Actor
    user_id: int | None = None
    who: str = ""


def answer_by(asked_at: datetime, until: datetime) -> datetime:
    """Give the end of the manager's term."""
    return asked_at + min(ANSWER_WITHIN, (until - asked_at) / 2)


class Involvements(Protocol):
    """Specialists' parts in matters. An act, the matter's history and its notices are one transaction."""

    async def ask(self, new: NewInvolvement, by: By, at: datetime) -> Involvement:
        """Ask the manager. Raises NotFound for an unknown matter, ForbiddenTransition where nobody consents.

        That is a closed enterprise, or a manager who is no contact of it.
        """
        ...

    async def act(
        self, was: Involvement, act: InvolvementAct, by: By, at: datetime, *, said: str = ""
    ) -> Involvement:
        """Do the act on it as it was seen. Raises Outdated, and ForbiddenTransition also once it is over."""
        ...

    async def get(self, involvement_id: int) -> Involvement: ...

    async def of_matter(self, kind: MatterKind, matter: str) -> Sequence[Involvement]:
        """List those of one matter, the latest first."""
        ...

    async def of_enterprise(self, executor_id: int, most: int) -> Sequence[Involvement]:
        """List an enterprise's, those that wait for the manager first, then the latest."""
        ...

    async def asked_of(self, executor_id: int, now: datetime) -> int:
        """Count those of the enterprise that wait for the manager."""
        ...

    async def waiting(self, now: datetime, most: int) -> Sequence[Involvement]:
        """List what waits for the centre: overdue consent, what is to be read, parts that are over."""
        ...

    async def history(self, involvement_id: int) -> Sequence[InvolvementEntry]: ...
