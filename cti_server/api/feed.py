"""The stream of events for other systems: numbered, the latest kept for clients that come back soon.

It lives in this process' memory. A restart begins a new numbering, and a client that asks to go on after an
old position hears what the database has kept since its moment (`missed.py`), and that it missed the rest.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import msgspec

from cti_server.api import messages
from cti_server.api.messages import Event, Hello
from hotline import events as told
from hotline.appeals.appeal import Appeal
from hotline.clock import Clock
from hotline.desk.callers import Callers
from hotline.line.line import Dispatcher, Dispatchers
from hotline.line.presence_states import Presence, Wish
from hotline.line.queue_entry_states import QueueEntryState

CallEvent = (
    told.CallArrived
    | told.DispatcherOffered
    | told.OfferWithdrawn
    | told.TalkStarted
    | told.TalkEnded
    | told.CallEnded
)
RecordingEvent = told.RecordingPaused | told.RecordingResumed | told.RecordingFinished | told.RecordingErased
Told = told.AppealRegistered | told.AppealChanged | CallEvent | RecordingEvent
"""Events of the bus of which a message can be made at any time."""
KEPT = 2000
ROOM = 256
"""Events that may wait for one client before it is dropped as too slow."""
LOOK_SECONDS = 1.0
"""How soon the stream reports a change that another process made in the line."""
KEPT_SECONDS = 600.0
"""How long the line is watched after the last client left."""


class Follower:
    """One client of the stream."""

    def __init__(self) -> None:
        self.dropped = asyncio.Event()
        self._waiting: deque[Event] = deque()
        self._news = asyncio.Event()

    def put(self, event: Event) -> None:
        """Queue the event; returns at once. When there is no room the client is dropped instead."""
        if len(self._waiting) >= ROOM:
            self.dropped.set()
            return
        self._waiting.append(event)
        self._news.set()

    async def next(self) -> Event:
        """Wait for the next event to send."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


class Feed:
    """Takes events from the bus and queues them for every client. `tell` is a listener of the bus."""

    def __init__(self, dispatchers: Dispatchers, callers: Callers, clock: Clock) -> None:
        self._dispatchers = dispatchers
        self._callers = callers
        self._clock = clock
        self._name = secrets.token_hex(4)
        self._last = 0
        self._kept: deque[tuple[str, Event | Told]] = deque(maxlen=KEPT)
        """With their positions; what nobody followed as it happened is a message only once somebody asks."""
        self._followers: set[Follower] = set()
        self._line_news = asyncio.Event()
        self._watched_until = 0.0
        self._duties: dict[int, tuple[Presence, str, Wish | None]] | None = None
        self._counts: tuple[int, int, int] | None = None

    def tell(self, event: told.Event) -> None:
        """Take an event; returns at once."""
        if isinstance(event, told.LineChanged):
            self._line_news.set()
        elif isinstance(
            event,
            told.ConsultBegan | told.ConsultEnded | told.TalkHeard | told.TalkTakenUp | told.ListeningChanged,
        ):
            return  # a matter of the desks: no program is told
        elif isinstance(event, told.OutageChanged):
            self._publish(_of_outage(event, self._clock.now()))
        else:
            self._publish(event)

    @asynccontextmanager
    async def follow(self, after: str | None = None) -> AsyncIterator[tuple[Hello, Follower]]:
        """Count a client in; what happened after the position `after` already waits for it."""
        await self._watch()
        follower = Follower()
        missed = self._after(after)
        hello = Hello(version=messages.VERSION, position=self._position, resumed=missed is not None)
        for event in missed or ():
            follower.put(event)
        self._followers.add(follower)
        try:
            yield hello, follower
        finally:
            self._followers.discard(follower)
            self._watched_until = asyncio.get_running_loop().time() + KEPT_SECONDS

    async def refresh(self) -> None:
        """Wait for news of the line, a while at most, and tell what changed; to be repeated for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._line_news.wait()
        self._line_news.clear()
        if self._followers or asyncio.get_running_loop().time() < self._watched_until:
            await self._look()
        else:
            self._duties = self._counts = None

    async def _watch(self) -> None:
        """Read the present state before reporting the first change."""
        if self._duties is None:
            await self._look()
        self._watched_until = asyncio.get_running_loop().time() + KEPT_SECONDS

    async def _look(self) -> None:
        dispatchers, counts = await self._dispatchers.all(), await self._count()
        now, before = self._clock.now(), self._duties
        self._duties = {one.id: (one.presence, one.reason, one.wish) for one in dispatchers}
        if before is not None:
            for one in dispatchers:
                if before.get(one.id) != self._duties[one.id]:
                    self._publish(_presence(one))
        if self._counts not in (None, counts):
            waiting, offered, talking = counts
            self._publish(messages.LineChanged(at=now, waiting=waiting, offered=offered, talking=talking))
        self._counts = counts

    async def _count(self) -> tuple[int, int, int]:
        states = [one.entry.state for one in await self._callers.in_line()]
        return (
            states.count(QueueEntryState.WAITING),
            states.count(QueueEntryState.OFFERED),
            states.count(QueueEntryState.TALKING),
        )

    def _publish(self, what: Event | Told) -> None:
        self._last += 1
        position = self._position
        self._kept.append((position, what))
        if self._followers:
            numbered = _numbered(position, what)
            for follower in tuple(self._followers):
                follower.put(numbered)

    @property
    def _position(self) -> str:
        return f"{self._name}-{self._last}-{int(self._clock.now().timestamp() * 1000)}"

    def _after(self, position: str | None) -> Sequence[Event] | None:
        """List what came after the position; None when it is not one of ours, or too long ago."""
        name, number, *_moment = [*(position or "").split("-"), ""]
        if name != self._name or not number.isdecimal():
            return None
        since = self._last - int(number)
        if not 0 <= since <= min(len(self._kept), ROOM):
            return None
        return [_numbered(*one) for one in list(self._kept)[len(self._kept) - since :]]


def _numbered(position: str, what: Event | Told) -> Event:
    message = message_of(what) if isinstance(what, Told) else what
    return msgspec.structs.replace(message, id=position)


def _presence(one: Dispatcher) -> Event:
    return messages.PresenceChanged(
        at=one.since,
        dispatcher_id=one.id,
        presence=one.presence,
        reason=one.reason,
        wish=messages.wish_of(one),
    )


def message_of(event: Told) -> Event:
    """Make the message of an event; who publishes it gives it its position."""
    match event:
        case told.AppealRegistered():
            return _appeal(event.appeal)
        case told.AppealChanged():
            return _changed(event)
        case (
            told.RecordingPaused()
            | told.RecordingResumed()
            | told.RecordingFinished()
            | told.RecordingErased()
        ):
            return _of_recording(event)
        case _:
            return _of_call(event)


def _of_call(event: CallEvent) -> Event:
    at, call_id = event.at, event.call_id
    match event:
        case told.CallArrived(number=number, direction=direction):
            return messages.CallArrived(at=at, call_id=call_id, number=number, direction=direction)
        case told.DispatcherOffered(dispatcher_id=who, number=number, attempt=attempt):
            return messages.CallOffered(
                at=at, call_id=call_id, number=number, dispatcher_id=who, attempt=attempt
            )
        case told.OfferWithdrawn(dispatcher_id=who):
            return messages.OfferWithdrawn(at=at, call_id=call_id, dispatcher_id=who)
        case told.TalkStarted(dispatcher_id=who):
            return messages.CallAnswered(at=at, call_id=call_id, dispatcher_id=who)
        case told.TalkEnded(dispatcher_id=who):
            return messages.TalkEnded(at=at, call_id=call_id, dispatcher_id=who)
        case told.CallEnded(outcome=outcome):
            return messages.CallEnded(at=at, call_id=call_id, outcome=outcome)


def _of_recording(event: RecordingEvent) -> Event:
    at, call_id, recording_id = event.at, event.call_id, event.recording_id
    match event:
        case told.RecordingPaused(dispatcher_id=who, until=until):
            return messages.RecordingPaused(
                at=at, call_id=call_id, recording_id=recording_id, dispatcher_id=who, until=until
            )
        case told.RecordingResumed(dispatcher_id=who, by=by):
            return messages.RecordingResumed(
                at=at, call_id=call_id, recording_id=recording_id, dispatcher_id=who, by=by
            )
        case told.RecordingFinished(seconds=seconds, sha256=sha256):
            return messages.RecordingFinished(
                at=at, call_id=call_id, recording_id=recording_id, seconds=seconds, sha256=sha256
            )
        case told.RecordingErased(cause=cause):
            return messages.RecordingErased(at=at, call_id=call_id, recording_id=recording_id, cause=cause)


def _appeal(appeal: Appeal) -> Event:
    return messages.AppealRegistered(
        at=appeal.registered_at,
        number=appeal.number,
        kind=appeal.kind,
        category=appeal.category,
        urgency=appeal.urgency,
        call_id=appeal.call_id,
        state=appeal.state,
        executor_id=appeal.executor_id,
        version=appeal.version,
    )


def _changed(event: told.AppealChanged) -> Event:
    return messages.AppealChanged(
        at=event.at,
        number=event.appeal.number,
        act=event.act,
        internal=event.hidden,
        state=event.appeal.state,
        executor_id=event.appeal.executor_id,
        version=event.appeal.version,
    )


def _of_outage(event: told.OutageChanged, at: datetime) -> Event:
    one = event.outage
    return messages.OutageChanged(
        at=at,
        outage_id=one.id,
        act=event.act,
        utility=one.utility,
        kind=one.kind,
        starts_at=one.starts_at,
        expected_end=one.expected_end,
        ended_at=one.ended_at,
        cancelled=one.cancelled,
        executor_id=one.executor_id,
        version=one.version,
    )
