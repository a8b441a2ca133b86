"""Records one caller: a message that is kept, or words that a recogniser reads at once."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from attrs import define, field

from hotline.calls.call import CallLog, Scalar, Step, VoiceMessage
from hotline.calls.conversation import Spoken
from hotline.clock import Clock
from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.calls.channel import FollowedChannel
from telephony.calls.journey import Journey
from telephony.calls.talk import DIALPLAN_SECONDS, Talks
from telephony.ids import TRUNK, is_outgoing
from telephony.voice.audio import spoken_seconds

SILENCE_SECONDS = 6
"""A caller who is silent for that long has said what they had to say."""
END_SECONDS = 5.0
CLOSED_SECONDS = 2.0
"""How long Asterisk may take to close the file of a caller who hung up."""


@define(eq=False, repr=False)
class TakingDown:
    """Recordings of one caller, made by Asterisk into `folder`."""

    _channel: FollowedChannel
    _number: str | None
    _ari: Ari
    _log: CallLog
    _journey: Journey
    _talks: Talks
    _clock: Clock
    _folder: Path
    _goes_on: Callable[[], Awaitable[None]]
    """Ends the words and the music that they hear while they wait for the beep."""
    _out_of_dialling: bool = field(default=False, init=False)

    async def message(self, most_seconds: int, **detail: Scalar) -> Spoken:
        """Keep what they say; when nobody spoke, the journey tells that it was no message."""
        name = self._new_name()
        message = VoiceMessage(
            id=name,
            call_id=self._channel.id,
            number=self._number,
            file=str(self._folder / f"{name}.wav"),
            began_at=self._clock.now(),
        )
        await self._talks.keep_message(message)
        await self._start(name, most_seconds)
        await self._journey.note(Step.MESSAGE_LEFT, {"message": name, **detail})
        try:
            await self._ended(name, most_seconds)
        except CallGone:
            await self._channel.finished(name, CLOSED_SECONDS)
        seconds = await self._talks.message_kept(message)
        if not seconds:
            await self._journey.note(Step.MESSAGE_EMPTY, {"message": name})
        return Spoken(message=name, seconds=seconds)

    async def words(self, most_seconds: int) -> Spoken:
        """Record what will be read by a recogniser and kept nowhere."""
        name = f"{self._new_name()}-dictated"
        await self._start(name, most_seconds)
        await self._ended(name, most_seconds)
        return Spoken(
            message=name, seconds=await asyncio.to_thread(spoken_seconds, self._folder / f"{name}.wav")
        )

    async def end_left_behind(self) -> None:
        """End messages of before a restart, which would hold up a prompt."""
        for message in await self._log.unfinished_messages():
            if message.call_id == self._channel.id:
                with contextlib.suppress(CallGone):  # it ended by itself
                    await self._ari.stop_recording(message.id)

    def _new_name(self) -> str:
        return f"{self._channel.id}-{uuid.uuid4().hex[:8]}"

    async def _start(self, name: str, most_seconds: int) -> None:
        await self._goes_on()
        await self._leave_dialling()
        await self._ari.record(
            self._channel.id, name, most_seconds=most_seconds, most_silence=SILENCE_SECONDS
        )

    async def _ended(self, name: str, most_seconds: int) -> None:
        """Wait for the recording's end; keys pressed in it answer no question, also the one that ended it."""
        await self._channel.until(lambda: self._channel.has_finished(name), most_seconds + END_SECONDS)
        await self._channel.swallow("#")
        self._channel.keys.clear()

    async def _leave_dialling(self) -> None:
        """Take a call of ours out of the bridge in which Asterisk dialled it: there it records nothing."""
        if self._out_of_dialling or not is_outgoing(self._channel.id):
            return
        self._channel.in_dialplan = True
        await self._ari.leave_to(self._channel.id, TRUNK)
        if not await self._channel.until(lambda: not self._channel.in_dialplan, DIALPLAN_SECONDS):
            raise CallGone(f"{self._channel.id} did not come back from the dialplan")
        self._out_of_dialling = True
