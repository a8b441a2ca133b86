"""A followed channel of Asterisk: its events, and waiting for their effects.

Asterisk reports on one channel from several places, so that events within some milliseconds come out of
order. Each fact here only moves forward: in any order of the events, the final knowledge is the same.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from hotline.errors import CallGone
from telephony.ari.messages import (
    UP,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    ChannelHold,
    ChannelUnhold,
    Dial,
    Event,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFailed,
    RecordingFinished,
    StasisEnd,
    StasisStart,
    snapshot_of,
)
from telephony.calls.machine_detection import MachineDetection

KEYS_HELD = 32
"""Keys pressed ahead that we keep; a flood of digits beyond that forgets the oldest."""
HOLDS_KEPT = 32
"""Changes that wait to be taken down; of a telephone that changes faster the oldest are forgotten."""
END_KEY_SECONDS = 1.0
ANSWERED = "ANSWER"
RINGS = frozenset({"RINGING", "PROGRESS"})
HOW_FAR: Mapping[str, int] = {
    "": 0,
    "PROCEEDING": 1,
    "PROGRESS": 2,
    "RINGING": 2,
    "NOANSWER": 3,
    "BUSY": 3,
    "CANCEL": 3,
    "CONGESTION": 3,
    "CHANUNAVAIL": 3,
    ANSWERED: 4,
}
"""The progress of a call that we place, by the `dialstatus` of Dial. The event without a status means
dialling, and Asterisk publishes it when it has dialled already: after RINGING, and after ANSWER where that
came within milliseconds. An answer is final: nothing revokes it, and the cause reports how the channel ended
afterwards."""
_ENDED = HOW_FAR["NOANSWER"]
"""The place of Asterisk's rarer statuses: all mean that the call failed."""


class Attendant(Protocol):
    """Sees to it that the caller on a channel is not left alone in silence."""

    def waited_for(self) -> None:
        """Hear that somebody waits for what comes from the channel."""
        ...

    def waited_for_no_more(self) -> None: ...

    def takes(self, key: str) -> bool:
        """Whether a key was meant for the attendant, and answers nothing else."""
        ...


class FollowedChannel:
    """The known state of a channel. `take` gets every event about it, in Asterisk's order."""

    def __init__(self, channel_id: str, name: str) -> None:
        self.id = channel_id
        self.name = name
        self.keys: deque[str] = deque(maxlen=KEYS_HELD)
        self.pressed = False
        """Whether any key was ever pressed on it."""
        self.sounding_since: datetime | None = None
        self.hung_up = False
        self.left_at: datetime | None = None
        self.entered = False
        """Whether Asterisk reported it in our application: a created channel gets there a moment later."""
        self.dialled = ""
        """How far ringing this channel has come, in Asterisk's words: RINGING, ANSWER, BUSY …"""
        self.up = False
        """Whether Asterisk has told that the channel was answered, by a Dial or by its state in any event."""
        self.greeting = MachineDetection()
        self.cause = 0
        """Why it ended (ISDN), once it is destroyed."""
        self.destroyed = False
        self.holds = False
        """The telephone has put us on hold."""
        self.hold_changes: deque[tuple[datetime, bool]] = deque(maxlen=HOLDS_KEPT)
        """When it did so, and when it went on, until somebody takes these down."""
        self.in_dialplan = False
        """Sent through the dialplan, from where it comes back at once."""
        self.attendant: Attendant | None = None
        self._finished: set[str] = set()
        self._waiting: dict[asyncio.Future[bool], Callable[[], bool]] = {}
        """What each who waits is waiting for."""
        self._served = 0
        """How many of them serve the caller; others wait beside, for what is no matter of the caller's."""
        self._looks_again = False

    @property
    def gone(self) -> bool:
        return self.left_at is not None

    @property
    def rings(self) -> bool:
        """Whether the dialled telephone rings, and nobody has answered it yet."""
        return self.dialled in RINGS and not self.up

    def take(self, event: Event) -> None:
        self.greeting.take(event)
        if (now := snapshot_of(event)) is not None:
            self.stands(now)
        if isinstance(event, ChannelHold | ChannelUnhold):
            self.holds = isinstance(event, ChannelHold)
            self.hold_changes.append((event.timestamp, self.holds))
        self._take(event)

    def stands(self, now: Channel) -> None:
        """Take the state that Asterisk reports: an Up channel was answered, whatever the events said."""
        if now.state == UP and not self.up:
            self.up = True
            self.changed()

    def _take(self, event: Event) -> None:
        match event:
            case ChannelDtmfReceived():
                self._take_key(event.digit)
            case PlaybackStarted():
                self.sounding_since = self.sounding_since or event.timestamp
            case PlaybackFinished():
                self._finished.add(event.playback.id)
            case RecordingFinished() | RecordingFailed():
                self._finished.add(event.recording.name)
            case ChannelHangupRequest():
                self.hung_up = True
                self.left_at = self.left_at or event.timestamp
            case Dial():
                self._dialled(event.dialstatus)
            case ChannelDestroyed():
                self.cause = event.cause
                self.destroyed = True
                self.hung_up = True
                self.left_at = self.left_at or event.timestamp
            case StasisStart():
                self.entered = True
                self.in_dialplan = False
            case StasisEnd():
                self.left_at = self.left_at or (None if self.in_dialplan else event.timestamp)
            case _:
                return
        self.changed()

    def ended_untold(self, at: datetime) -> None:
        """Take note that the channel is not there any more, though no event has told of its end."""
        self.hung_up = self.destroyed = True
        self.left_untold(at)

    def left_untold(self, at: datetime) -> None:
        """Take note that the channel has left our application, though no event has told so."""
        self.left_at = self.left_at or at
        self.changed()

    def _take_key(self, key: str) -> None:
        self.pressed = True
        if self.attendant is None or not self.attendant.takes(key):
            self.keys.append(key)

    def _dialled(self, status: str) -> None:
        if HOW_FAR.get(status, _ENDED) > HOW_FAR.get(self.dialled, _ENDED):
            self.dialled = status
        self.up = self.up or status == ANSWERED

    def changed(self) -> None:
        """Wake each task whose condition holds, now or once the caller of this has done the rest.

        Most events change no such condition, and to wake a task costs more than to look.
        """
        if not self._wake() and not self._looks_again:
            self._looks_again = True
            asyncio.get_running_loop().call_soon(self._look_again)

    def _look_again(self) -> None:
        self._looks_again = False
        self._wake()

    def _wake(self) -> bool:
        """Wake them; True when nobody waits on."""
        waits_on = False
        for change, ready in self._waiting.items():
            if not change.done():
                if self.gone or ready():
                    change.set_result(True)
                else:
                    waits_on = True
        return not waits_on

    def has_finished(self, name: str) -> bool:
        """Whether this playback or recording has ended."""
        return name in self._finished

    async def until(
        self, ready: Callable[[], bool], seconds: float | None = None, *, beside: bool = False
    ) -> bool:
        """Wait until `ready`; False when the time is up first. Raises CallGone when the channel goes.

        Who waits `beside` does not wait for the caller, who is left alone meanwhile unless others do.
        """
        latest = _latest(seconds)
        while not ready():
            if self.gone:
                raise CallGone(f"{self.id} hung up")
            if not await self._changes(ready, latest, beside=beside):
                return False
        return True

    async def swallow(self, end: str) -> None:
        """Take the key that ends what was complete without it, so that it answers nothing else."""
        await self.until(lambda: bool(self.keys), END_KEY_SECONDS)
        if self.keys and self.keys[0] == end:
            self.keys.popleft()

    async def finished(self, name: str, seconds: float) -> bool:
        """Wait for the end of a playback or recording though the channel is gone; False: it was not told."""
        return await self._even_so(lambda: self.has_finished(name), seconds)

    async def told_cause(self, seconds: float) -> int:
        """Wait until it is known why the channel, which is gone, ended; 0: it was not told."""
        await self._even_so(lambda: self.destroyed, seconds)
        return self.cause

    async def _even_so(self, ready: Callable[[], bool], seconds: float) -> bool:
        latest = _latest(seconds)
        while not ready():
            if not await self._changes(ready, latest):
                return False
        return True

    async def _changes(
        self, ready: Callable[[], bool], latest: float | None, *, beside: bool = False
    ) -> bool:
        """Wait until it is to be looked at again; False when the event loop's clock passes `latest` first.

        Each call waits a dozen times: one timer costs a fifth of what `asyncio.timeout` does.
        """
        loop = asyncio.get_running_loop()
        change: asyncio.Future[bool] = loop.create_future()
        alarm = None if latest is None else loop.call_at(latest, _too_late, change)
        self._waiting[change] = ready
        if not beside:
            self._served += 1
            if self.attendant is not None:
                self.attendant.waited_for()
        try:
            return await change
        finally:
            self._waiting.pop(change, None)
            if not beside:
                self._served -= 1
                if self.attendant is not None and not self._served:
                    self.attendant.waited_for_no_more()
            if alarm is not None:
                alarm.cancel()


def _latest(seconds: float | None) -> float | None:
    """Give the moment by the event loop's clock until which somebody waits."""
    return None if seconds is None else asyncio.get_running_loop().time() + seconds


def _too_late(change: "asyncio.Future[bool]") -> None:
    if not change.done():
        change.set_result(False)
