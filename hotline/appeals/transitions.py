"""Transitions of an appeal: the role of each act, and its states before and after; one table to check."""

from dataclasses import dataclass

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import Actor, ActorRole, NotYours
from hotline.appeals.acts.applicants_word import (
    AttemptInVain,
    BeginCheck,
    CloseUnconfirmed,
    Confirm,
    Dispute,
    ReviewClosing,
    TakeNoBack,
    Withdraw,
    WrongCode,
)
from hotline.appeals.acts.asking import AnswerBack, AskBack
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import (
    Amend,
    DrawIn,
    Escalate,
    Link,
    MarkMass,
    Note,
    PutUnderControl,
    Recount,
    Unlink,
)
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, Release
from hotline.appeals.acts.way_back import AnsweredElsewhere, CameBack, RefuseDone, Reopen, TakeBack
from hotline.appeals.acts.work import Accept, BeginWork, Follow, PassInside, ReportDone
from hotline.appeals.appeal import CHECKED, ENDED, PENDING, Appeal, AppealState
from hotline.errors import ForbiddenTransition

_ANY = frozenset(AppealState)
_OPEN = _ANY - ENDED
_BEFORE_WORK = frozenset({AppealState.REGISTERED, AppealState.ASSIGNED, AppealState.ACCEPTED})
_HELD = PENDING - {AppealState.REGISTERED}
_DECIDED = frozenset({AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED, AppealState.REJECTED})
CARRIED = PENDING - {AppealState.DISPUTED} | {AppealState.DONE}
"""States of a parent that linked appeals follow; its dispute is new work for them."""

_CITY = frozenset({ActorRole.DISPATCHER, ActorRole.HEAD})
_HEAD = frozenset({ActorRole.HEAD})
_EXECUTOR = frozenset({ActorRole.EXECUTOR})
_SERVICE = frozenset({ActorRole.SERVICE})
_APPLICANT = frozenset({ActorRole.APPLICANT})


@dataclass(frozen=True, slots=True)
class Allowed:
    """These may do it from these states; `after` None leaves the state, or the act says which of `said`."""

    act: type[Act]
    who: frozenset[ActorRole]
    before: frozenset[AppealState]
    after: AppealState | None = None
    said: frozenset[AppealState] = frozenset()

    def leads_to(self, now: AppealState, said: AppealState | None) -> AppealState:
        """Give the state after the act, of which the act itself may have `said` one."""
        if said is None:
            return self.after or now
        if said not in self.said:
            raise ForbiddenTransition(f"To {self.act.name} does not lead to {said}.")
        return said


TABLE = (
    Allowed(Assign, _SERVICE, frozenset({AppealState.REGISTERED}), AppealState.ASSIGNED),
    Allowed(Assign, _CITY, PENDING, AppealState.ASSIGNED),
    Allowed(HandBack, _EXECUTOR, _HELD - {AppealState.IN_WORK}, AppealState.REGISTERED),
    Allowed(Release, _SERVICE, frozenset({AppealState.DISPUTED}), AppealState.REGISTERED),
    Allowed(Accept, _EXECUTOR | _CITY | _SERVICE, frozenset({AppealState.ASSIGNED}), AppealState.ACCEPTED),
    Allowed(PassInside, _EXECUTOR, _HELD),
    Allowed(
        BeginWork, _EXECUTOR, frozenset({AppealState.ACCEPTED, AppealState.DISPUTED}), AppealState.IN_WORK
    ),
    Allowed(ReportDone, _EXECUTOR, frozenset({AppealState.IN_WORK}), AppealState.DONE),
    Allowed(Follow, _SERVICE, PENDING | CHECKED, said=CARRIED),
    Allowed(BeginCheck, _CITY | _SERVICE, frozenset({AppealState.DONE}), AppealState.BEING_CHECKED),
    Allowed(AttemptInVain, _CITY | _SERVICE, frozenset({AppealState.BEING_CHECKED})),
    Allowed(
        WrongCode,
        _SERVICE,
        CHECKED | {AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED, AppealState.DISPUTED},
    ),
    Allowed(Confirm, _APPLICANT, CHECKED | {AppealState.CLOSED_UNCONFIRMED}, AppealState.CLOSED),
    Allowed(ReviewClosing, _HEAD, frozenset({AppealState.CLOSED})),
    Allowed(CloseUnconfirmed, _CITY, frozenset({AppealState.BEING_CHECKED}), AppealState.CLOSED_UNCONFIRMED),
    Allowed(
        Dispute,
        _APPLICANT,
        CHECKED | {AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED},
        AppealState.DISPUTED,
    ),
    Allowed(TakeNoBack, _APPLICANT, frozenset({AppealState.DISPUTED}), AppealState.CLOSED),
    Allowed(Withdraw, _APPLICANT, _OPEN, AppealState.WITHDRAWN),
    Allowed(Forward, _CITY, _BEFORE_WORK, AppealState.FORWARDED),
    Allowed(TakeBack, _EXECUTOR, frozenset({AppealState.DONE}), AppealState.IN_WORK),
    Allowed(RefuseDone, _CITY, CHECKED, AppealState.IN_WORK),
    Allowed(CameBack, _CITY, frozenset({AppealState.FORWARDED}), AppealState.REGISTERED),
    Allowed(AnsweredElsewhere, _CITY, frozenset({AppealState.FORWARDED})),
    Allowed(Reopen, _CITY, frozenset({AppealState.WITHDRAWN}), AppealState.REGISTERED),
    Allowed(Reopen, _HEAD, _DECIDED, AppealState.REGISTERED),
    Allowed(Reject, _HEAD, _BEFORE_WORK | {AppealState.IN_WORK}, AppealState.REJECTED),
    Allowed(AskBack, _EXECUTOR, _HELD),
    Allowed(AnswerBack, _CITY, _HELD),
    Allowed(AskExtension, _EXECUTOR, _HELD),
    Allowed(Extend, _HEAD, PENDING),
    Allowed(RefuseExtension, _HEAD, PENDING),
    Allowed(Note, _CITY | _EXECUTOR | _APPLICANT, _ANY),
    Allowed(DrawIn, _CITY | _SERVICE, _ANY),
    Allowed(Amend, _CITY | _SERVICE, PENDING | CHECKED),
    Allowed(Link, _CITY, PENDING),
    Allowed(Unlink, _CITY, _OPEN),
    Allowed(PutUnderControl, _HEAD, _ANY),
    Allowed(MarkMass, _SERVICE, _OPEN),
    Allowed(Recount, _SERVICE, PENDING),
    Allowed(Escalate, _SERVICE, PENDING),
)


def allowed(appeal: Appeal, act: Act) -> Allowed:
    """Find the row that allows it; raises NotYours for the wrong actor, ForbiddenTransition else."""
    rows = [row for row in TABLE if row.act is type(act) and act.by.part in row.who]
    if not rows or not _holds(appeal, act.by):
        raise NotYours(f"To {act.name} appeal {appeal.number} is not for this {act.by.part}.")
    for row in rows:
        if appeal.state in row.before:
            return row
    raise ForbiddenTransition(
        f"Appeal {appeal.number} is {appeal.state}: no {act.by.part} can {act.name} it now."
    )


def possible(appeal: Appeal, actor: Actor) -> frozenset[type[Act]]:
    """Return the acts that pages may offer the actor; each act checks its own conditions when carried out."""
    if not _holds(appeal, actor):
        return frozenset()
    return frozenset(row.act for row in TABLE if actor.part in row.who and appeal.state in row.before)


def _holds(appeal: Appeal, actor: Actor) -> bool:
    return actor.part is not ActorRole.EXECUTOR or (
        actor.executor_id is not None and actor.executor_id == appeal.executor_id
    )
