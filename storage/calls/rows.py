"""Writing calls and steps so that repeating them changes nothing: for the journal and the CEL reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Text, and_, bindparam, case, func, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import LINES, CallRecord, JourneyStep, Outcome, Step, is_dispatchers_talk
from hotline.voice.speech import Language
from storage.core.database import Database
from storage.people.numbers import know_numbers
from storage.tables import Moment, calls, journey_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChange:
    """A change of a call after its arrival. Of times and outcome the first one written stays.

    Of `joined_at` and `talked_at` the earliest stays: what Asterisk tells may be of before, and comes later.
    """

    call_id: str
    language: Language | None = None
    answered_at: datetime | None = None
    first_prompt_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    recording_refused: bool = False
    joined_at: datetime | None = None
    talked_at: datetime | None = None

    def then(self, later: "CallChange") -> "CallChange":
        """Merge a later change into this one."""
        return replace(
            self,
            language=later.language or self.language,
            answered_at=self.answered_at or later.answered_at,
            first_prompt_at=self.first_prompt_at or later.first_prompt_at,
            ended_at=self.ended_at or later.ended_at,
            outcome=self.outcome or later.outcome,
            recording_refused=self.recording_refused or later.recording_refused,
            joined_at=_earlier(self.joined_at, later.joined_at),
            talked_at=_earlier(self.talked_at, later.talked_at),
        )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def change_shown_by(step: JourneyStep) -> CallChange | None:
    """Tell what a step says of the call itself: its time, `detail["language"]`, `detail["outcome"]`."""
    shown: dict[str, Any]
    match step.step:
        case Step.ANSWERED:
            shown = {"answered_at": step.at}
        case line if line in LINES:
            shown = {"joined_at": step.at}
        case Step.TALK_STARTED if is_dispatchers_talk(step.detail):
            shown = {"talked_at": step.at}
        case Step.LANGUAGE_CHOSEN:
            shown = {"language": _one_of(Language, step.detail.get("language"))}
        case Step.RECORDING_REFUSED:
            shown = {"recording_refused": True}
        case Step.ENDED:
            shown = {"ended_at": step.at, "outcome": _one_of(Outcome, step.detail.get("outcome"))}
        case _:
            return None
    return CallChange(call_id=step.call_id, **shown)


def _one_of(kind: Any, value: object) -> Any:
    return kind(value) if value in kind.__members__.values() else None


def _earliest(known: Column[datetime], new: str) -> ColumnElement[datetime]:
    told = bindparam(new, type_=Moment)
    return case((and_(known.is_not(None), or_(told.is_(None), known <= told)), known), else_=told)


_CHANGE_CALLS = (
    update(calls)
    .where(calls.c.id == bindparam("call"))
    .values(
        language=func.coalesce(bindparam("new_language", type_=Text), calls.c.language),
        answered_at=func.coalesce(calls.c.answered_at, bindparam("answered", type_=Moment)),
        first_prompt_at=func.coalesce(calls.c.first_prompt_at, bindparam("heard", type_=Moment)),
        ended_at=func.coalesce(calls.c.ended_at, bindparam("ended", type_=Moment)),
        outcome=func.coalesce(calls.c.outcome, bindparam("how", type_=Text)),
        recording_refused=or_(calls.c.recording_refused, bindparam("refused", type_=Boolean)),
        joined_at=_earliest(calls.c.joined_at, "joined"),
        talked_at=_earliest(calls.c.talked_at, "talked"),
    )
)


class CallWriter:
    """Adds rows in the way of this database, and changes them."""

    def __init__(self, database: Database) -> None:
        self._add_calls = database.insert(calls).on_conflict_do_nothing()
        self._add_steps = database.insert(journey_steps).on_conflict_do_nothing()

    async def write(
        self,
        connection: AsyncConnection,
        new: Sequence[CallRecord],
        steps: Sequence[JourneyStep],
        changes: Iterable[CallChange],
    ) -> None:
        """Add missing rows, then apply the changes of the steps and `changes`, in this order."""
        if new:
            await connection.execute(self._add_calls, [_call_row(call) for call in new])
            await know_numbers(connection, (call.number for call in new))
        if steps:
            await connection.execute(self._add_steps, [_step_row(step) for step in steps])
        shown = (change for step in steps if (change := change_shown_by(step)) is not None)
        if merged := _merged([*shown, *changes]):
            await connection.execute(_CHANGE_CALLS, [_change_row(change) for change in merged])


def _merged(changes: Iterable[CallChange]) -> Sequence[CallChange]:
    """Merge to one change a call, ordered by call id: writers that lock in one order cannot deadlock."""
    by_call: dict[str, CallChange] = {}
    for change in changes:
        known = by_call.get(change.call_id)
        by_call[change.call_id] = change if known is None else known.then(change)
    return [by_call[call_id] for call_id in sorted(by_call)]


def _call_row(call: CallRecord) -> dict[str, Any]:
    return {
        "id": call.id,
        "number": call.number,
        "shown": call.shown,
        "arrived_at": call.arrived_at,
        "language": call.language.value,
        "answered_at": call.answered_at,
        "first_prompt_at": call.first_prompt_at,
        "ended_at": call.ended_at,
        "outcome": call.outcome and call.outcome.value,
        "recording_refused": call.recording_refused,
        "direction": call.direction.value,
        "joined_at": call.joined_at,
        "talked_at": call.talked_at,
    }


def _step_row(step: JourneyStep) -> dict[str, Any]:
    return {
        "call_id": step.call_id,
        "number": step.number,
        "at": step.at,
        "step": step.step.value,
        "detail": dict(step.detail),
    }


def _change_row(change: CallChange) -> dict[str, Any]:
    return {
        "call": change.call_id,
        "new_language": change.language and change.language.value,
        "answered": change.answered_at,
        "heard": change.first_prompt_at,
        "ended": change.ended_at,
        "how": change.outcome and change.outcome.value,
        "refused": change.recording_refused,
        "joined": change.joined_at,
        "talked": change.talked_at,
    }
