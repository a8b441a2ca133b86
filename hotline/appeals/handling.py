"""How an act changes an appeal: its new state, a line of its history, and the notices to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE, ActorRole
from hotline.appeals.acts.way_back import RefuseDone, TakeBack
from hotline.appeals.acts.work import Follow
from hotline.appeals.appeal import CHECKED, PENDING, Appeal, AppealState
from hotline.appeals.telling import owed_for_act
from hotline.appeals.transitions import CARRIED, allowed
from hotline.city.city_rules import CityRules
from hotline.delivery.outbox import OwedNotice
from hotline.errors import HotlineError

REGISTERED = "register"
"""The name of a history's first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an appeal's history, never changed: who, when, which act, why, from where to where.

    `version` is the appeal's after it. `hidden` entries are not for the applicant. `id` is 0 until kept.
    """

    id: int = 0
    number: str
    version: int
    at: datetime
    act: str
    part: ActorRole
    user_id: int | None = None
    executor_id: int | None = None
    """The enterprise of an executor's user who acted."""
    before: AppealState | None
    """None for the first entry."""
    after: AppealState
    said: str = ""
    hidden: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    step: str | None = None
    """The key of an escalation's step, or a program's own: each is taken once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """The outcome of an act."""

    appeal: Appeal
    entry: Entry
    owed: Sequence[OwedNotice]


class Overtaken(HotlineError):  # noqa: N818 - reads as what happened
    """Another actor acted on the appeal first; `since` lists their acts, the earliest first.

    The typed form is kept: the page shows it again beside what has changed.
    """

    code = "overtaken"

    def __init__(self, appeal: Appeal, since: Sequence[Entry]) -> None:
        what = ", ".join(one.act for one in since)
        super().__init__(f"Appeal {appeal.number} has changed meanwhile: {what}.")
        self.appeal = appeal
        self.since = since


def act_on(appeal: Appeal, act: Act, rules: CityRules) -> Handled:
    """Do it: the appeal as it is then, its history entry, and the notices owed.

    Raises NotYours, ForbiddenTransition or ActFault, and nothing has happened then.
    """
    row = allowed(appeal, act)
    act.check(appeal, rules)
    changes = {**act.changes(appeal, rules)}
    changes["state"] = row.leads_to(appeal.state, changes.get("state"))
    if changes["state"] is not appeal.state:
        changes["state_since"] = act.at
    then = replace(appeal, **changes, version=appeal.version + 1)
    return Handled(appeal=then, entry=_entry(appeal, then, act), owed=owed_for_act(act, appeal, then))


UNDOES = frozenset({TakeBack.name, RefuseDone.name})
"""Acts on a parent after which nobody has to be asked of the linked appeals either."""


def following(
    parent: Appeal, child: Appeal, at: datetime, *, linked: bool | None = None, undone: bool = False
) -> Follow | None:
    """Return the act that moves a linked appeal along with its parent's work; None where there is none.

    `linked`: it has just been linked; `undone`: what was done of both was taken back. Closing never moves
    along: each applicant is asked for their own word.
    """
    state = AppealState.ASSIGNED if parent.state is AppealState.DISPUTED else parent.state
    moving = child.state in PENDING or (undone and child.state in CHECKED)
    if state not in CARRIED or not moving:
        return None
    if (state, parent.executor_id) == (child.state, child.executor_id):
        return None
    return Follow(
        by=SERVICE,
        at=at,
        parent=parent.number,
        state=state,
        executor_id=parent.executor_id,
        result=parent.result,
        answer=parent.answer,
        linked=linked,
    )


def _entry(before: Appeal, then: Appeal, act: Act) -> Entry:
    return Entry(
        number=then.number,
        version=then.version,
        at=act.at,
        act=act.name,
        part=act.by.part,
        user_id=act.by.user_id,
        executor_id=act.by.executor_id,
        before=before.state,
        after=then.state,
        said=act.said(),
        hidden=act.hidden(),
        facts={
            **act.facts(),
            **act.replaced(before, then),
            **({"source": act.by.source} if act.by.source else {}),
        },
        step=act.step,
    )


def first_entry(appeal: Appeal) -> Entry:
    """Give the line with which the history of an appeal begins."""
    return Entry(
        number=appeal.number,
        version=appeal.version,
        at=appeal.registered_at,
        act=REGISTERED,
        part=ActorRole.SERVICE if appeal.registered_by is None else ActorRole.DISPATCHER,
        user_id=appeal.registered_by,
        before=None,
        after=appeal.state,
    )


class Handling(Protocol):
    """Acts on appeals as kept: each is one transaction of appeal, linked appeals, history and outbox."""

    async def carry_out(self, number: str, act: Act, *, version: int | None) -> Appeal:
        """Carry out the act on the version that the actor saw.

        None: on the present one (the service, the applicant).

        Raises NotFound, Overtaken, NotYours, ForbiddenTransition, ActFault; then nothing is kept. A step that
        was taken before is not taken again: the appeal is returned as it is.
        """
        ...

    async def taken(self, number: str, step: str) -> Entry | None:
        """Find the line of the history that this step left; None when it was not taken."""
        ...

    async def history(self, number: str, *, hidden: bool) -> Sequence[Entry]:
        """Read the history, the earliest first; `hidden` for the city's people and the executor."""
        ...

    async def linked(self, number: str) -> Sequence[Appeal]:
        """List the appeals that go along with this one, the earliest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many open appeals an enterprise has by state; of those that it owes: overdue, given to one."""

    states: Mapping[AppealState, int]
    overdue: int = 0
    mine: int = 0

    def of(self, *states: AppealState) -> int:
        return sum(self.states.get(one, 0) for one in states)


class ExecutorWork(Protocol):
    """The appeals that an enterprise has now, for its users, and no others."""

    async def find(self, executor_id: int, number: str) -> Appeal:
        """Find one of the enterprise's; raises NotFound for another's, as for one that does not exist."""
        ...

    async def all(
        self,
        executor_id: int,
        *,
        states: Sequence[AppealState] = (),
        assignee_id: int | None = None,
        overdue_at: datetime | None = None,
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Appeal]:
        """List appeals in the order of service; without `states`, those whose work is owed.

        Where nothing is owed any more, the newest comes first. `overdue_at` selects those whose term has
        ended by then, `text` matches words of the text and the address, or the beginning of a number.
        """
        ...

    async def tally(self, executor_id: int, *, user_id: int, now: datetime) -> Tally:
        """Count the enterprise's appeals; `mine` are those given to this user."""
        ...

    async def history(self, executor_id: int, number: str) -> Sequence[Entry]:
        """Read the history of one of the enterprise's; raises NotFound."""
        ...
