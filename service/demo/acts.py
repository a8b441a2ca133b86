"""Acts on the demo appeals: each step by an actor who may do it, at its moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE, Actor, applicant
from hotline.appeals.acts.applicants_word import (
    AttemptInVain,
    BeginCheck,
    CloseUnconfirmed,
    Confirm,
    Dispute,
    Withdraw,
)
from hotline.appeals.acts.extension import AskExtension, Extend
from hotline.appeals.acts.keeping import Note, PutUnderControl
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, RejectionGround
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, ResultKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The actors: the centre's people, and one of each enterprise by its id; ids by short names."""

    dispatcher: Actor
    head: Actor
    workers: Mapping[int, Actor]
    executors: Mapping[str, int]

    def worker(self, appeal: Appeal) -> Actor:
        """Give somebody of the enterprise that has it; KeyError when nobody has."""
        return self.workers[appeal.executor_id or 0]


Step: TypeAlias = Callable[[Cast, Appeal, datetime], Act]


def assign(short: str, reason: str) -> Step:
    return lambda cast, _, at: Assign(
        by=cast.dispatcher, at=at, executor_id=cast.executors[short], reason=reason
    )


def hand_back(reason: str) -> Step:
    return lambda cast, appeal, at: HandBack(by=cast.worker(appeal), at=at, reason=reason)


def accept(cast: Cast, appeal: Appeal, at: datetime) -> Act:
    return Accept(by=cast.worker(appeal), at=at)


def begin(cast: Cast, appeal: Appeal, at: datetime) -> Act:
    return BeginWork(by=cast.worker(appeal), at=at)


def done(answer: str, result: str = ResultKind.SATISFIED) -> Step:
    return lambda cast, appeal, at: ReportDone(
        by=cast.worker(appeal), at=at, result=ResultKind(result), answer=answer
    )


def check(_cast: Cast, _appeal: Appeal, at: datetime) -> Act:
    return BeginCheck(by=SERVICE, at=at)


def nobody_answers(_cast: Cast, _appeal: Appeal, at: datetime) -> Act:
    return AttemptInVain(by=SERVICE, at=at, outcome="no-answer")


def confirm(rating: int, said: str) -> Step:
    return lambda _, appeal, at: Confirm(by=_applicant(appeal), at=at, rating=rating, reason=said)


def dispute(said: str) -> Step:
    return lambda _, appeal, at: Dispute(by=_applicant(appeal), at=at, reason=said)


def withdraw(said: str) -> Step:
    return lambda _, appeal, at: Withdraw(by=_applicant(appeal), at=at, reason=said)


def close(reason: str) -> Step:
    return lambda cast, _, at: CloseUnconfirmed(by=cast.dispatcher, at=at, reason=reason)


def forward(to: str, reason: str) -> Step:
    return lambda cast, _, at: Forward(by=cast.dispatcher, at=at, to=to, reason=reason)


def reject(ground: str, reason: str) -> Step:
    return lambda cast, _, at: Reject(by=cast.head, at=at, ground=RejectionGround(ground), reason=reason)


def ask_days(days: int, reason: str) -> Step:
    def step(cast: Cast, appeal: Appeal, at: datetime) -> Act:
        until = appeal.due_on + timedelta(days=days)
        return AskExtension(by=cast.worker(appeal), at=at, until=until, reason=reason)

    return step


def extend(cast: Cast, appeal: Appeal, at: datetime) -> Act:
    until = appeal.extension_wanted or appeal.due_on + timedelta(days=1)
    return Extend(by=cast.head, at=at, until=until, reason="Потрібне обстеження комісією")


def control(reason: str) -> Step:
    return lambda cast, _, at: PutUnderControl(by=cast.head, at=at, on=True, reason=reason)


def note(text: str) -> Step:
    return lambda cast, _, at: Note(by=cast.dispatcher, at=at, text=text, internal=True)


def _applicant(appeal: Appeal) -> Actor:
    return applicant(f"call:demo-{appeal.number}")


_PLAIN: Mapping[str, Step] = {one.__name__: one for one in (accept, begin, check, nobody_answers, extend)}
_MADE: Mapping[str, Callable[..., Step]] = {
    one.__name__: one
    for one in (
        *(assign, hand_back, done, confirm, dispute, withdraw, close, forward, reject, ask_days, control),
        note,
    )
}


def step(name: str, *given: str | int) -> Step:
    """Give the step of that name, made of what it takes; KeyError for an unknown one."""
    return _PLAIN[name] if name in _PLAIN else _MADE[name](*given)
