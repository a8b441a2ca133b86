"""Additions to a call from Asterisk's own account (CEL): what its events tell and the call log does not.

A call of the fallback is added whole; to one that the service served comes only what it did not see itself.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from attrs import define
from attrs import field as attrs_field

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
from hotline.calls.interpreters import FROM_INTERPRETER, Interpreters
from hotline.calls.web_calls import FROM_BROWSER
from hotline.contact.numbers import as_shown, e164
from hotline.line.line import Dispatchers
from telephony.calls.journey import FROM_CEL
from telephony.causes import outcome_of_cause
from telephony.desks.endpoints import extension_of
from telephony.node.cel import CelEvent
from telephony.node.cel import CelReading as CelEntries
from telephony.voice.audio import spoken_seconds

log = logging.getLogger(__name__)

BEHIND = timedelta(seconds=5)
"""How old a CEL event must be: by then the service has written what it saw itself."""
A_MOMENT = timedelta(seconds=1)
FALLBACK = "fallback"
FROM_WEB = "from-web"
ARRIVALS = frozenset({"from-citizens", "from-edge", FROM_WEB})
"""The contexts in which a citizen's call begins: from a provider, from Kamailio, from a browser."""
GIVEN_BACK = 42
"""The cause with which a node whose service is away gives a call back to Kamailio: another one serves it."""
FALLBACK_APPS = frozenset({"AGI", "Queue"})
"""The application that `[fallback]` begins with, and those it keeps callers in."""


@dataclass(slots=True)
class Additions:
    """The additions of one reading to one call."""

    call_id: str
    known: CallRecord | None
    """The call as it is on record."""
    call: CallRecord | None = None
    steps: list[JourneyStep] = field(default_factory=list)
    endings: list[tuple[str, Outcome, datetime]] = field(default_factory=list)
    talks: list[QueueTalk] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    messages: list[VoiceMessage] = field(default_factory=list)
    correction: Outcome | None = None


@define
class CelReading:
    """Reads the events of one call after another, beside what is on record of it."""

    _calls: CallLog
    _dispatchers: Dispatchers
    _messages: Path
    _recordings: Path
    _interpreters: Interpreters
    _added_to: set[str] = attrs_field(factory=set, init=False)
    """Calls on record to which steps were added, until Asterisk has told of their end."""

    async def read(self, events: Sequence[CelEvent], found: Additions) -> None:
        """Add what these events of one call tell; a voice message is stored at once."""
        if found.known is None and _is_given_back(events):
            return
        for event in events:
            if event.of_citizen:
                await self._add(event, found)
            else:
                await self._queue_talk(event, found)
        if found.known is not None and found.steps:
            self._added_to.add(found.call_id)
        for message in found.messages:
            await self._calls.keep_message(message)

    async def _add(self, event: CelEvent, found: Additions) -> None:  # noqa: C901 - one case a kind of event
        match event.kind, event.context:
            case "CHAN_START", context if context in ARRIVALS:
                if found.known is None:
                    self._arrived(event, found)
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

    async def _queue_talk(self, event: CelEvent, found: Additions) -> None:
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
            await self._queue_recording(event, talk, found)

    async def _queue_recording(self, event: CelEvent, talk: QueueTalk, found: Additions) -> None:
        """Add the recording of the dialplan's `[fallback]`, from the wait on; a second arrival continues it.

        A talk of which nothing lies on the disk has its reason in place of a row that promises a file: the
        caller had refused that before they came there, or else the call says that it was not recorded.
        """
        name = f"{talk.call_id}-{FALLBACK}"
        recording = Recording(
            id=name,
            call_id=talk.call_id,
            dispatcher_id=talk.dispatcher_id,
            started_at=event.at,
            caller_file=str(self._recordings / f"{name}-rx.wav"),
            dispatcher_file=str(self._recordings / f"{name}-tx.wav"),
        )
        refused = found.known is not None and found.known.recording_refused
        if await asyncio.to_thread(_lies_there, recording):
            found.recordings.append(recording)
        elif not refused and name not in {one.id for one in await self._calls.recordings(talk.call_id)}:
            log.error("talk in Asterisk's own queue was not recorded call_id=%s", talk.call_id)
            _step(found, event, Step.NOT_RECORDED, dispatcher=talk.dispatcher_id)

    async def _answered(self, event: CelEvent, found: Additions) -> None:
        record = found.call or found.known
        if record is not None and record.answered_at is None:
            found.call = _record(event, record)
            _step(found, event, Step.ANSWERED)

    async def _not_connected(self, event: CelEvent, found: Additions) -> None:
        """Record why a person did not answer a call of the hotline's own, if the service did not see it."""
        record = found.known
        if record is None or record.ended_at is not None or record.answered_at is not None:
            return
        happened = {step.step for step in await self._journey(found)}
        seen = {Step.ANSWERED, Step.NOT_CONNECTED, Step.SERVICE_RESUMED}
        if Step.CALLED_BY_ITSELF in happened and not happened & seen:
            outcome = outcome_of_cause(event.cause).value
            _step(found, event, Step.NOT_CONNECTED, outcome=outcome, cause=event.cause)

    async def _ended(self, event: CelEvent, found: Additions) -> None:
        if found.known is None and found.call is None:
            return  # never a citizen's call: a dispatcher's own, or one from before this log began
        if found.known is not None and found.known.ended_at is not None:
            await self._judge_anew(found.known, found)
            return
        await self._fallback_message(event, found)
        _step(found, event, Step.ENDED)
        found.endings.append((found.call_id, outcome_of(await self._journey(found)), event.at))

    async def _judge_anew(self, ended: CallRecord, found: Additions) -> None:
        """Correct an outcome that was written without the added steps; a lost call stays lost."""
        if ended.outcome is not Outcome.LOST and (found.steps or ended.id in self._added_to):
            outcome = outcome_of(await self._journey(found))
            found.correction = outcome if outcome is not ended.outcome else None
        self._added_to.discard(ended.id)

    async def _fallback_message(self, event: CelEvent, found: Additions) -> None:
        """List what a citizen told Asterisk's own machine as any other message."""
        file = self._messages / f"{event.channel_id}-fallback.wav"
        seconds = await asyncio.to_thread(spoken_seconds, file)
        if seconds:
            message = VoiceMessage(
                id=file.stem,
                call_id=event.channel_id,
                number=self._caller(event)[0],
                file=str(file),
                began_at=event.at - timedelta(seconds=seconds),
                seconds=seconds,
            )
            found.messages.append(message)
            _step(found, event, Step.MESSAGE_LEFT, before=1)

    def _arrived(self, event: CelEvent, found: Additions) -> None:
        """Put the call on record; one of an interpreter has no number, and neither has a browser's."""
        number, shown = (None, FROM_BROWSER) if event.context == FROM_WEB else self._caller(event)
        found.call = replace(_record(event), number=number, shown=shown)
        _step(found, event, Step.ARRIVED)
        if shown == FROM_INTERPRETER:
            _step(found, event, Step.INTERPRETED, before=-1, number=e164(event.number))

    def _caller(self, event: CelEvent) -> tuple[str | None, str]:
        return self._interpreters.own(e164(event.number), as_shown(event.number))

    async def _talking(self, event: CelEvent, found: Additions) -> bool:
        """Whether a talk of this call was under way and its end is not on record."""
        return _talk_open(await self._journey(found), event.at)

    async def _talk_noted(self, event: CelEvent, found: Additions) -> bool:
        """Whether the service noted (a moment later) that this talk began, or knows no such call.

        A start that was noted behind the end of a talk is that of the next one.
        """
        journey = await self._journey(found)
        begun = [step.at for step in journey if step.step is Step.TALK_STARTED]
        near = [at for at in begun if event.at - A_MOMENT <= at <= event.at + BEHIND]
        ends = [step.at for step in journey if step.step is Step.TALK_ENDED]
        return not journey or any(not any(event.at < end < at for end in ends) for at in near)

    async def _fell_back(self, event: CelEvent, found: Additions) -> bool:
        """Whether it is on record that the caller left us and did not come back yet."""
        kinds = {Step.FELL_BACK, Step.SERVICE_RESUMED}
        journey = [step for step in await self._journey(found) if step.step in kinds]
        before = [step for step in journey if step.at <= event.at]
        last = max(before, key=lambda step: (step.at, step.number), default=None)
        return last is not None and last.step is Step.FELL_BACK

    async def _journey(self, found: Additions) -> Sequence[JourneyStep]:
        return [*await self._calls.journey(found.call_id), *found.steps]


def up_to_just_begun(read: CelEntries, just_now: Callable[[datetime], bool]) -> CelEntries:
    """Read up to the first call that began just now, unless it is read as well that it was answered or ended.

    Its beginning alone would put it on record, and it may be given back: then it is another node's.
    """
    known = {one.channel_id for one in read.events if one.kind in {"ANSWER", "HANGUP"}}
    for place, event in enumerate(read.events):
        begins = event.kind == "CHAN_START" and event.context in ARRIVALS
        if begins and just_now(event.at) and event.channel_id not in known:
            return CelEntries(read.events[:place], event.offset, stopped=True)
    return read


def _lies_there(recording: Recording) -> bool:
    return Path(recording.caller_file).exists() or Path(recording.dispatcher_file).exists()


def _is_given_back(events: Sequence[CelEvent]) -> bool:
    theirs = [one for one in events if one.of_citizen]
    return any(one.cause == GIVEN_BACK for one in theirs) and all(one.kind != "ANSWER" for one in theirs)


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


def _step(found: Additions, event: CelEvent, step: Step, *, before: int = 0, **detail: Scalar) -> None:
    """Add a step, numbered by the event's place in the file (`before`: just before it; -1: just behind)."""
    taken = JourneyStep(
        call_id=found.call_id,
        number=FROM_CEL + event.offset - before,
        at=event.at,
        step=step,
        detail={"by": "asterisk", **detail},
    )
    found.steps.append(taken)
