"""Reconciles the call log with Asterisk's own account (CEL), for events that the service did not see.

The service writes what it sees; the reconciliation reads CEL, some seconds behind, and adds only what is
missing: whole calls of the fallback, ends that came while the service was away, a talk that the service did
not live to write. Each added step is numbered by its place in the CEL file, so that reading it again adds
nothing. An outcome written without the added steps is judged again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from hotline.calls.call import (
    CallLog,
    CallRecord,
    JourneyStep,
    Outcome,
    QueueTalk,
    Recording,
    Scalar,
    Step,
    VoiceMessage,
    outcome_of,
)
from hotline.clock import Clock
from hotline.contact.numbers import as_shown, e164
from hotline.isolation import IsolatedItems, repeat, run_isolated
from hotline.line.line import Dispatchers
from telephony.calls.journey import FROM_CEL
from telephony.causes import outcome_of_cause
from telephony.desks.endpoints import extension_of
from telephony.node.cel import CelEvent, put_aside, read_cel
from telephony.voice.audio import spoken_seconds

log = logging.getLogger(__name__)

BEHIND = timedelta(seconds=5)
"""How old a CEL event must be: by then the service has written what it saw itself."""
A_MOMENT = timedelta(seconds=1)
EVERY_SECONDS = 5.0
LOST_AFTER_SECONDS = 15.0
"""How long an unended call must be missing in Asterisk: by then CEL has told of an ordinary end."""
A_MINUTE = timedelta(minutes=1)
PUT_ASIDE_AFTER = timedelta(days=30)
"""The age of the first record in the CEL file at which another file is begun."""
FALLBACK = "fallback"
FALLBACK_APPS = frozenset({"AGI", "Queue"})
"""The application that `[fallback]` begins with, and those it keeps callers in."""


class CelCursor(Protocol):
    """The position in a CEL file, stored together with the results of its reading."""

    async def offset(self, file: str) -> int: ...

    async def on_record(self, call_ids: Collection[str]) -> Mapping[str, CallRecord]:
        """Read the records of these calls, by id; unknown calls are left out."""
        ...

    async def apply(
        self,
        *,
        file: str,
        since: int,
        offset: int,
        calls: Sequence[CallRecord],
        steps: Sequence[JourneyStep],
        endings: Sequence[tuple[str, Outcome, datetime]],
        talks: Sequence[QueueTalk] = (),
        recordings: Sequence[Recording] = (),
        corrections: Sequence[tuple[str, Outcome]] = (),
    ) -> None:
        """Keep all of it, or none when the cursor is no longer at `since`.

        `corrections`: outcomes of calls that ended on record with another one.
        """
        ...

    async def end_talks(self, call_id: str, at: datetime) -> None:
        """End the talks of a call that is over, whichever process began them."""
        ...


@dataclass(slots=True)
class _Found:
    """The additions of one reading to one call."""

    call_id: str
    known: CallRecord | None
    """The steps on record before."""
    call: CallRecord | None = None
    steps: list[JourneyStep] = field(default_factory=list)
    endings: list[tuple[str, Outcome, datetime]] = field(default_factory=list)
    talks: list[QueueTalk] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    messages: list[VoiceMessage] = field(default_factory=list)
    correction: Outcome | None = None


class Reconciliation:
    """Reads one Asterisk's CEL file on behalf of the call log."""

    def __init__(
        self,
        *,
        file: Path,
        cursor: CelCursor,
        calls: CallLog,
        dispatchers: Dispatchers,
        clock: Clock,
        alive: Callable[[], Awaitable[set[str] | None]],
        messages: Path,
        recordings: Path,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._cursor = cursor
        self._calls = calls
        self._dispatchers = dispatchers
        self._clock = clock
        self._alive = alive
        self._messages = messages
        self._recordings = recordings
        self._seconds = seconds
        self._isolated = IsolatedItems("call not made whole", monotonic=seconds)
        self._left_over: Mapping[str, Sequence[CelEvent]] = {}
        """Records of calls that could not be worked off, by call, for another try."""
        self._missing_since: dict[str, float] = {}
        self._added_to: set[str] = set()
        """Calls on record to which steps were added, until Asterisk has told of their end."""

    async def keep(self) -> None:
        """Reconcile now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="call log not reconciled")

    async def once(self) -> None:
        """Read new entries; after the last one, end the calls that went down with Asterisk itself."""
        offset = await self._cursor.offset(str(self._file))
        is_fresh = partial(_is_fresh, self._clock.now())
        events, read_to, stopped = await asyncio.to_thread(read_cel, self._file, offset, is_fresh)
        if read_to != offset or self._left_over:
            await self._apply(events, offset, read_to)
        if stopped or read_to == offset:
            alive = await self._end_lost()
            if not (stopped or alive is None or alive or self._left_over):
                await self._put_aside(read_to)

    async def _put_aside(self, read_to: int) -> None:
        """Begin another file now and then, while nobody calls: what was put aside ends by its age.

        Records of the very moment in which it is renamed are in it and are read from there.
        """
        now = self._clock.now()
        aside = await asyncio.to_thread(put_aside, self._file, read_to, now - PUT_ASIDE_AFTER, now)
        if aside is not None:
            events, _, _ = await asyncio.to_thread(read_cel, aside, read_to)
            await self._apply(events, read_to, 0)
            log.info("CEL file put aside file=%s", aside.name)

    async def _apply(self, events: Sequence[CelEvent], offset: int, read_to: int) -> None:
        """Add call by call: one that cannot be made whole is left over, and holds up no other."""
        await self._calls.flush()  # what the service saw itself comes first
        told: dict[str, list[CelEvent]] = {one: [*left] for one, left in self._left_over.items()}
        for event in events:
            if event.of_citizen or _is_queue_leg(event):
                told.setdefault(event.linked_id, []).append(event)
        known = await self._cursor.on_record(told.keys())
        found = [_Found(call_id=one, known=known.get(one)) for one in told]
        good = [
            one
            for one in found
            if not self._isolated.waits(f"kept-{one.call_id}")
            and await self._isolated.do(f"read-{one.call_id}", partial(self._read, told[one.call_id], one))
        ]
        if not await run_isolated(
            partial(self._keep, good, offset, read_to), "calls not kept together, each apart now"
        ):
            good = await self._kept_apart(good, offset)
            await self._keep([], offset, read_to)
        done = {one.call_id for one in good}
        self._left_over = {one: left for one, left in told.items() if one not in done}

    async def _kept_apart(self, found: Sequence[_Found], offset: int) -> list[_Found]:
        """Keep each by itself, the cursor staying where it was; those that could be kept."""
        await self._cursor.offset(str(self._file))  # raises when it is the database that is away
        return [
            one
            for one in found
            if await self._isolated.do(f"kept-{one.call_id}", partial(self._keep, [one], offset, offset))
        ]

    async def _keep(self, found: Sequence[_Found], since: int, read_to: int) -> None:
        await self._cursor.apply(
            file=str(self._file),
            since=since,
            offset=read_to,
            calls=[one.call for one in found if one.call is not None],
            steps=[step for one in found for step in one.steps],
            endings=[ending for one in found for ending in one.endings],
            talks=[talk for one in found for talk in one.talks],
            recordings=[recording for one in found for recording in one.recordings],
            corrections=[(one.call_id, one.correction) for one in found if one.correction is not None],
        )

    async def _read(self, events: Sequence[CelEvent], found: _Found) -> None:
        for event in events:
            if event.of_citizen:
                await self._add(event, found)
            else:
                await self._queue_talk(event, found)
        if found.known is not None and found.steps:
            self._added_to.add(found.call_id)
        for message in found.messages:
            await self._calls.keep_message(message)

    async def _add(self, event: CelEvent, found: _Found) -> None:  # noqa: C901 - one case a kind of event
        match event.kind, event.context:
            case "CHAN_START", "from-citizens":
                if found.known is None:
                    found.call = _record(event)
                    _step(found, event, Step.ARRIVED)
            case "ANSWER", _:
                await self._answered(event, found)
            case "APP_START", context if context == FALLBACK and event.app in FALLBACK_APPS:
                if not await self._fell_back(event, found):
                    _step(found, event, Step.FELL_BACK)
            case "BRIDGE_ENTER", _:
                if not await self._talk_noted(event, found):
                    _step(found, event, Step.TALK_STARTED)
            case "BRIDGE_EXIT", _:
                if await self._talking(event, found):
                    _step(found, event, Step.TALK_ENDED)
            case "HANGUP", _:
                await self._not_connected(event, found)
            case "CHAN_END", _:
                await self._ended(event, found)
            case _:
                pass

    async def _queue_talk(self, event: CelEvent, found: _Found) -> None:
        """Record the talk that Asterisk's own queue has connected, and its recording."""
        if event.kind not in {"BRIDGE_ENTER", "BRIDGE_EXIT"}:
            return
        dispatcher = await self._dispatchers.by_extension(extension_of(event.channel) or "")
        if dispatcher is None:
            log.warning("talk with an unknown desk call_id=%s channel=%s", event.linked_id, event.channel)
        elif event.kind == "BRIDGE_EXIT":
            talk = QueueTalk(call_id=event.linked_id, dispatcher_id=dispatcher.id, ended_at=event.at)
            found.talks.append(talk)
        else:
            talk = QueueTalk(call_id=event.linked_id, dispatcher_id=dispatcher.id, began_at=event.at)
            found.talks.append(talk)
            found.recordings.append(self._recording(talk, event.at))

    def _recording(self, talk: QueueTalk, at: datetime) -> Recording:
        """The recording of the dialplan's `[fallback]`, from the wait on; a second arrival continues it."""
        name = f"{talk.call_id}-{FALLBACK}"
        return Recording(
            id=name,
            call_id=talk.call_id,
            dispatcher_id=talk.dispatcher_id,
            started_at=at,
            caller_file=str(self._recordings / f"{name}-rx.wav"),
            dispatcher_file=str(self._recordings / f"{name}-tx.wav"),
        )

    async def _answered(self, event: CelEvent, found: _Found) -> None:
        record = found.call or found.known
        if record is not None and record.answered_at is None:
            found.call = _record(event, record)
            _step(found, event, Step.ANSWERED)

    async def _not_connected(self, event: CelEvent, found: _Found) -> None:
        """Record why a person did not answer a call of the hotline's own, if the service did not see it."""
        record = found.known
        if record is None or record.ended_at is not None or record.answered_at is not None:
            return
        happened = {step.step for step in await self._journey(found)}
        seen = {Step.ANSWERED, Step.NOT_CONNECTED, Step.SERVICE_RESUMED}
        if Step.CALLED_BY_ITSELF in happened and not happened & seen:
            outcome = outcome_of_cause(event.cause).value
            _step(found, event, Step.NOT_CONNECTED, outcome=outcome, cause=event.cause)

    async def _ended(self, event: CelEvent, found: _Found) -> None:
        if found.known is None and found.call is None:
            return  # never a citizen's call: a dispatcher's own, or one from before this log began
        if found.known is not None and found.known.ended_at is not None:
            await self._judge_anew(found.known, found)
            return
        await self._fallback_message(event, found)
        _step(found, event, Step.ENDED)
        found.endings.append((found.call_id, outcome_of(await self._journey(found)), event.at))

    async def _judge_anew(self, ended: CallRecord, found: _Found) -> None:
        """Correct an outcome that was written without the added steps; a lost call stays lost."""
        if ended.outcome is not Outcome.LOST and (found.steps or ended.id in self._added_to):
            outcome = outcome_of(await self._journey(found))
            found.correction = outcome if outcome is not ended.outcome else None
        self._added_to.discard(ended.id)

    async def _fallback_message(self, event: CelEvent, found: _Found) -> None:
        """List what a citizen told Asterisk's own machine as any other message."""
        file = self._messages / f"{event.channel_id}-fallback.wav"
        seconds = await asyncio.to_thread(spoken_seconds, file)
        if seconds:
            message = VoiceMessage(
                id=file.stem,
                call_id=event.channel_id,
                number=e164(event.number),
                file=str(file),
                began_at=event.at - timedelta(seconds=seconds),
                seconds=seconds,
            )
            found.messages.append(message)
            _step(found, event, Step.MESSAGE_LEFT, before=1)

    async def _talking(self, event: CelEvent, found: _Found) -> bool:
        """Whether a talk of this call was under way and its end is not on record."""
        return _talk_open(await self._journey(found), event.at)

    async def _talk_noted(self, event: CelEvent, found: _Found) -> bool:
        """Whether the service noted (a moment later) that this talk began, or knows no such call."""
        journey = await self._journey(found)
        begun = [step.at for step in journey if step.step is Step.TALK_STARTED]
        return not journey or any(event.at - A_MOMENT <= at <= event.at + BEHIND for at in begun)

    async def _fell_back(self, event: CelEvent, found: _Found) -> bool:
        """Whether it is on record that the caller left us and did not come back yet."""
        kinds = {Step.FELL_BACK, Step.SERVICE_RESUMED}
        journey = [step for step in await self._journey(found) if step.step in kinds]
        before = [step for step in journey if step.at <= event.at]
        last = max(before, key=lambda step: (step.at, step.number), default=None)
        return last is not None and last.step is Step.FELL_BACK

    async def _journey(self, found: _Found) -> Sequence[JourneyStep]:
        return [*await self._calls.journey(found.call_id), *found.steps]

    async def _end_lost(self) -> set[str] | None:
        """CEL is read to its end: an unended call that stays missing went down with Asterisk.

        Returns what is alive; None when Asterisk cannot be asked.
        """
        alive = await self._alive()
        if alive is None:
            return None
        await self._complete_messages(alive)
        now = self._seconds()
        missing = {call.id: call for call in await self._calls.unended() if call.id not in alive}
        self._missing_since = {call_id: self._missing_since.get(call_id, now) for call_id in missing}
        for call_id, since in self._missing_since.items():
            if now - since >= LOST_AFTER_SECONDS:
                await self._end_as_lost(missing[call_id])
        return alive

    async def _complete_messages(self, alive: set[str]) -> None:
        """Store the length of messages under which the service died."""
        for message in await self._calls.unfinished_messages():
            if message.call_id not in alive:
                seconds = await asyncio.to_thread(spoken_seconds, Path(message.file))
                await self._calls.keep_message(replace(message, seconds=seconds))

    async def _end_as_lost(self, call: CallRecord) -> None:
        journey = await self._calls.journey(call.id)
        last = max((step.at for step in journey), default=call.arrived_at)
        number = max((step.number for step in journey), default=0) + 1
        ended = JourneyStep(
            call_id=call.id, number=number, at=last, step=Step.ENDED, detail={"outcome": Outcome.LOST.value}
        )
        await self._calls.note(ended)
        await self._cursor.end_talks(call.id, last)
        log.warning("call lost with asterisk call_id=%s", call.id)


def _is_fresh(now: datetime, at: datetime) -> bool:
    """Whether it happened a moment ago. An event far in the future happened before the clock was set back."""
    return now - BEHIND < at <= now + A_MINUTE


def _is_queue_leg(event: CelEvent) -> bool:
    """Whether it tells of a dispatcher's phone that Asterisk's own queue has rung, not we."""
    return extension_of(event.channel) is not None and event.app == "AppQueue"


def _talk_open(journey: Sequence[JourneyStep], at: datetime) -> bool:
    """Whether the talk that began last before `at` has no end; the service notes an end a moment after it."""
    talks = [step for step in journey if step.step in {Step.TALK_STARTED, Step.TALK_ENDED}]
    talks.sort(key=lambda step: step.at)
    begun = [place for place, one in enumerate(talks) if one.step is Step.TALK_STARTED and one.at <= at]
    return bool(begun) and not any(one.step is Step.TALK_ENDED for one in talks[begun[-1] + 1 :][:1])


def _record(event: CelEvent, known: CallRecord | None = None) -> CallRecord:
    return CallRecord(
        id=event.channel_id,
        number=known.number if known else e164(event.number),
        shown=known.shown if known else as_shown(event.number),
        arrived_at=known.arrived_at if known else event.at,
        answered_at=event.at if event.kind == "ANSWER" else None,
    )


def _step(found: _Found, event: CelEvent, step: Step, *, before: int = 0, **detail: Scalar) -> None:
    """Add a step, numbered by the event's place in the file (`before`: just before it)."""
    taken = JourneyStep(
        call_id=event.channel_id,
        number=FROM_CEL + event.offset - before,
        at=event.at,
        step=step,
        detail={"by": "asterisk", **detail},
    )
    found.steps.append(taken)
