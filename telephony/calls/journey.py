"""Writes one call's journey: numbers its steps, so that each is stored exactly once."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from hotline import tracing
from hotline.calls.call import MEANWHILE, CallLog, JourneyStep, Outcome, Scalar, Step, outcome_of
from hotline.clock import Clock
from hotline.desk.callers import MENU
from hotline.isolation import read_isolated
from hotline.line.line import Priority

FROM_CEL = 1_000_000
"""Steps that are added from Asterisk's own account (CEL) are numbered from here on, behind all of ours."""
FROM_OTHERS = 900_000
"""Steps that another process than the call's own notes of it are numbered from here on.

The call's own may be cut off from the database, and has steps of its own to write when it is there again.
"""
WRITTEN_SECONDS = 2.0
"""How long somebody who is taken up waits until all that was noted of them is written."""


class Journey:
    """The steps of one call so far. `taken_up` continues a journey that another process began."""

    def __init__(self, call_id: str, log: CallLog, clock: Clock, steps: tuple[JourneyStep, ...] = ()) -> None:
        self._call_id = call_id
        self._log = log
        self._clock = clock
        self._steps = list(steps)
        self._told = {name for taken in steps for name in _said_once(taken)}
        self._last = max((taken.number for taken in steps if taken.number < FROM_CEL), default=0)
        self._heard_first = bool(steps)
        self._taken_up = False

    @classmethod
    async def taken_up(cls, call_id: str, log: CallLog, clock: Clock, *, anothers: bool = False) -> "Journey":
        """Continue after all that is on record, what this process itself has not written yet included.

        `anothers`: it is the call of another process, which may live.
        """
        with contextlib.suppress(TimeoutError):  # the database takes nothing: what we have noted is at hand
            async with asyncio.timeout(WRITTEN_SECONDS):
                await log.flush()
        journey = cls(call_id, log, clock, tuple(await log.journey(call_id)))
        journey._taken_up = True
        if anothers:
            journey._last = max(journey._last, FROM_OTHERS)
        return journey

    @property
    def begun(self) -> bool:
        """Whether anything of this call is on record."""
        return any(self.has(one) for one in (Step.ARRIVED, Step.CALLED_OUT, Step.CALLED_BY_ITSELF))

    @property
    def voices(self) -> int:
        """The number of the last prompt that is on record; 0: none."""
        heard = (taken.detail.get("voice") for taken in self._steps if taken.step is Step.HEARD)
        return max((number for number in heard if isinstance(number, int)), default=0)

    @property
    def asked_about(self) -> str | None:
        """The appeal that the caller heard of last, unless they went on to the menu or to a person."""
        for taken in reversed(self._steps):
            said_menu = MENU in str(taken.detail.get("phrases", "")).split()
            if said_menu or taken.step is Step.JOINED_LINE:
                return None
            if taken.step is Step.APPEAL_ASKED:
                return str(taken.detail["appeal"])
        return None

    def urgent(self, key: str) -> bool:
        """Tell if they have an emergency and have not talked with anybody since.

        They wait in the line with it, or have pressed this `key` while they were asked to wait.
        """
        for taken in reversed(self._steps):
            match taken.step:
                case Step.TALK_STARTED:
                    return False
                case Step.JOINED_LINE if taken.detail.get("priority") == Priority.EMERGENCY.name.lower():
                    return True
                case Step.PRESSED if taken.detail.get(MEANWHILE) and taken.detail["key"] == key:
                    return True
                case _:
                    pass
        return False

    def recording_paused_at(self, recording_id: str) -> datetime | None:
        """Since when this recording is paused; None while it goes on."""
        since = None
        for taken in self._steps:
            if taken.detail.get("recording") == recording_id:
                match taken.step:
                    case Step.RECORDING_PAUSED:
                        since = taken.at
                    case Step.RECORDING_RESUMED:
                        since = None
                    case _:
                        pass
        return since

    def on_hold(self, dispatcher_id: int) -> bool:
        """Tell if this dispatcher has put the citizen on hold, in the talk that goes on."""
        for taken in reversed(self._steps):
            if taken.step in {Step.TALK_STARTED, Step.TALK_ENDED, Step.TRANSFERRED}:
                return False
            if taken.step in {Step.HOLD_BEGAN, Step.HOLD_ENDED} and (
                taken.detail.get("dispatcher") == dispatcher_id
            ):
                return taken.step is Step.HOLD_BEGAN
        return False

    @property
    def left_together_by(self) -> int:
        """The dispatcher who last left the citizen with a third; 0: nobody did."""
        left = [taken.detail.get("dispatcher") for taken in self._steps if taken.step is Step.LEFT_TOGETHER]
        return left[-1] if left and isinstance(left[-1], int) else 0

    @property
    def steps(self) -> Sequence[JourneyStep]:
        return self._steps

    @property
    def greeted(self) -> bool:
        """Whether the caller has heard a phrase of ours, other than one that asks them to wait."""
        return any(one.step is Step.HEARD and not one.detail.get(MEANWHILE) for one in self._steps)

    def told(self, told_as: str) -> bool:
        """Whether a phrase that is said once was said in these words (`Phrase.told_as`), or begun."""
        return told_as in self._told

    def has(self, step: Step) -> bool:
        return any(taken.step is step for taken in self._steps)

    def detail(self, step: Step) -> Mapping[str, Scalar]:
        """The detail of the first such step; empty without one."""
        return next((taken.detail for taken in self._steps if taken.step is step), {})

    async def note(self, step: Step, detail: Mapping[str, Scalar], at: datetime | None = None) -> None:
        self._last += 1
        taken = JourneyStep(
            call_id=self._call_id, number=self._last, at=at or self._clock.now(), step=step, detail=detail
        )
        self._steps.append(taken)
        self._told.update(_said_once(taken))
        if (tracer := tracing.tracer()) is not None:
            tracer.step(self._call_id, step, taken.at)
        await self._log.note(taken)

    async def sounding(self, at: datetime) -> None:
        """A prompt began to sound at Asterisk's time `at`; the first one is kept on the call."""
        if not self._heard_first:
            self._heard_first = True
            await self._log.heard_first(self._call_id, at)

    async def end(self, at: datetime) -> Outcome:
        """The call is over: the last step, and the outcome that its journey tells."""
        steps = [*self._steps]
        if self._taken_up:  # what happened while nobody watched was added behind our back
            steps += await read_isolated(
                self._log.journey(self._call_id),
                f"outcome told by our own steps alone call_id={self._call_id}",
                otherwise=(),
            )
        await self.note(Step.ENDED, {}, at)
        outcome = outcome_of(steps)
        await self._log.close(self._call_id, outcome, at)
        return outcome


def _said_once(taken: JourneyStep) -> Sequence[str]:
    """List the phrases of a step that are said once a call, by `Phrase.told_as`."""
    return str(taken.detail.get("once", "")).split() if taken.step is Step.HEARD else ()
