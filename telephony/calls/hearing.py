"""Lets an ear hear one caller: a copy of what comes from their telephone, and of nothing else, into the pool.

The copy (a snoop inwards) and the channel that carries it out are channels of ours in a bridge of their own:
what the hotline itself says and plays is in neither.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import MutableMapping

from attrs import define, field

from hotline.errors import CallGone
from hotline.speech.hearing import Hints, NotHeard
from hotline.voice.speech import Language
from telephony.ari.actions import Ari
from telephony.ari.errors import AriRefused
from telephony.calls.channel import FollowedChannel
from telephony.ids import carrier_id, copy_id, hearing_bridge
from telephony.speech.sound_out import read_sound
from telephony.speech.talk_ears import Listening, TalkEars

log = logging.getLogger(__name__)

REFUSED_SECONDS = 60.0
ENTERED_WITHIN = 3.0
"""Seconds for our own channels to be reported in our application; they take milliseconds."""


@define(eq=False, repr=False, kw_only=True)
class Hearing:
    """Hears callers on one Asterisk, each question by an ear that is free."""

    _ari: Ari
    _ears: TalkEars
    _media_url: str
    """Where Asterisk gives sound: `ws://…/media/`, to which the name of the connection is added."""
    _channels: MutableMapping[str, FollowedChannel]
    _tasks: asyncio.TaskGroup
    _refused_until: float = field(default=0.0, init=False)
    """By the event loop's clock: an Asterisk without such channels is not asked at every question."""

    def hears(self, language: Language) -> bool:
        """Whether somebody who speaks it could be heard now."""
        return self._can_be_asked and self._ears.free(language)

    def begin(
        self, caller: FollowedChannel, language: Language, hints: Hints, most_seconds: float
    ) -> Listening | None:
        """Ask a question of a free ear, and bring it the caller's sound; None where none is free."""
        if not self._can_be_asked:
            return None
        listening = self._ears.begin(language, hints, most_seconds, caller.changed)
        if listening is not None:
            self._tasks.create_task(self._carry(caller.id, listening), name=f"hear {caller.id}")
        return listening

    @property
    def _can_be_asked(self) -> bool:
        return asyncio.get_running_loop().time() >= self._refused_until

    async def _carry(self, caller: str, listening: Listening) -> None:
        """Carry their sound to the ear until the question is over, then leave nothing behind."""
        name = uuid.uuid4().hex
        copy, carrier = copy_id(caller, name), carrier_id(caller, name)
        try:
            await self._open(caller, copy, carrier, listening)
        except (CallGone, NotHeard) as error:
            log.info("caller not heard call_id=%s: %s", caller, error)
        except AriRefused as error:
            self._refused_until = asyncio.get_running_loop().time() + REFUSED_SECONDS
            log.warning("callers cannot be heard on this Asterisk, they answer by keys: %s", error)
        finally:
            listening.lose()
        for channel in (copy, carrier):
            with contextlib.suppress(CallGone):
                await self._ari.hang_up(channel)
            self._channels.pop(channel, None)  # one that was never made ends by no event
        with contextlib.suppress(CallGone):
            await self._ari.destroy_bridge(hearing_bridge(copy))

    async def _open(self, caller: str, copy: str, carrier: str, listening: Listening) -> None:
        ours = [self._channels.setdefault(one, FollowedChannel(one, one)) for one in (copy, carrier)]
        await self._ari.snoop_inwards(caller, copy)
        made = await self._ari.carry_out(carrier)
        reading = asyncio.create_task(read_sound(f"{self._media_url}{made.connection}", listening.take))
        ended = asyncio.create_task(listening.ended.wait())
        try:
            await self._ari.create_bridge(hearing_bridge(copy))
            for one in ours:
                await _entered(one)
            await self._ari.add_to_bridge(hearing_bridge(copy), copy, carrier)
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                await reading
        finally:
            for task in (reading, ended):
                task.cancel()
            await asyncio.gather(reading, ended, return_exceptions=True)


async def _entered(channel: FollowedChannel) -> None:
    await channel.until(lambda: channel.entered, ENTERED_WITHIN)
