"""Talks are written along for the desks: an ear for each, as many at once as the city has set.

The sound is that of the recording, which grows while people talk: who refused it is not heard.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.calls.call import CallLog
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.events import CallEnded, Event, Events, TalkEnded, TalkHeard, TalkStarted, TalkTakenUp
from hotline.isolation import run_isolated
from hotline.speech.hearing import Model, NotHeard
from hotline.speech.live import Hearing, LiveTalk, LiveTalks, Saying
from hotline.speech.slots import Knowledge, told_in
from hotline.voice.speech import Language
from telephony.speech.beside_process import HeardTalk, Sides, hearing_beside
from telephony.speech.models import look_at

log = logging.getLogger(__name__)

ROOM = 256
"""Talks that may have begun and were not looked at; one more is not heard."""
EAR_WITHIN = 5.0
"""Seconds that a talk waits for an ear: a colleague's, who passed the caller on, hears its last words yet."""
LAST_WORDS_WITHIN = 60.0
"""Seconds after a talk for what was said last."""


class OpensEarBeside(Protocol):
    """Hears a talk for as long as the block lasts."""

    def __call__(self, language: Language, sides: Sides) -> AbstractAsyncContextManager[HeardTalk]:
        """Raises NotHeard."""
        ...


Begun = TalkStarted | TalkTakenUp
"""A talk that was taken up has a recording, too: an ear that begins far behind says what it left out."""
KnowledgeOf = Callable[[Language], Awaitable[Knowledge]]


@define(eq=False, repr=False, kw_only=True)
class BesideTalks:
    """Begins an ear with each talk, and puts what it hears where the desks find it."""

    _calls: CallLog
    _live: LiveTalks
    _opens: OpensEarBeside
    _languages: frozenset[Language]
    _at_once: int
    _knowledge: KnowledgeOf
    _lemmas: Lemmas
    _events: Events
    _clock: Clock
    _zone: ZoneInfo
    _begun: asyncio.Queue[Begun] = field(factory=lambda: asyncio.Queue(ROOM), init=False)
    _over: dict[tuple[str, int], asyncio.Event] = field(factory=dict, init=False)
    _free: asyncio.Semaphore = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._free = asyncio.Semaphore(self._at_once)

    def tell(self, event: Event) -> None:
        """Hear of talks; returns at once."""
        match event:
            case TalkStarted() | TalkTakenUp():
                self._begin(event)
            case TalkEnded(call_id=call_id, dispatcher_id=dispatcher_id):
                if over := self._over.get((call_id, dispatcher_id)):
                    over.set()
            case CallEnded(call_id=call_id):
                for (one, _), over in self._over.items():
                    if one == call_id:
                        over.set()
            case _:
                pass

    def _begin(self, event: Begun) -> None:
        key = event.call_id, event.dispatcher_id
        is_known = isinstance(event, TalkTakenUp) and self._live.of(*key) is not None
        if key in self._over or is_known or self._begun.full():  # one ear a talk, though it may have died
            return
        self._over[key] = asyncio.Event()
        self._begun.put_nowait(event)

    async def keep(self) -> NoReturn:
        """Hear talks, for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                event = await self._begun.get()
                tasks.create_task(self._isolated(event), name="beside-talk")

    async def _isolated(self, event: Begun) -> None:
        try:
            await run_isolated(partial(self._hear, event), f"talk not written along call_id={event.call_id}")
        finally:
            self._over.pop((event.call_id, event.dispatcher_id), None)

    async def _hear(self, event: Begun) -> None:
        call = await self._calls.find(event.call_id)
        sides = await self._sides(event)
        if call is None or sides is None or call.language not in self._languages:
            return
        talk = self._live.begin(event.call_id, event.dispatcher_id)
        became = Hearing.BROKEN
        try:
            if not await self._has_ear():
                became = Hearing.NO_EAR
                return
            try:
                await self._write_along(event, talk, call.language, sides)
                became = Hearing.ENDED
            finally:
                self._free.release()
        except NotHeard as error:
            log.warning("talk not written along call_id=%s: %s", event.call_id, error)
        finally:
            if talk.dispatchers[-1] == event.dispatcher_id:
                talk.hearing = became
            self._tell(event, talk)

    async def _sides(self, event: Begun) -> Sides | None:
        """Find the recording of this talk; None where the caller has refused it."""
        there = [
            one
            for one in await self._calls.recordings(event.call_id)
            if one.dispatcher_id == event.dispatcher_id
        ]
        newest = max(there, key=lambda one: one.started_at, default=None)
        if newest is None or newest.listening_file is not None:
            return None
        return Sides(Path(newest.caller_file), Path(newest.dispatcher_file))

    async def _has_ear(self) -> bool:
        try:
            async with asyncio.timeout(EAR_WITHIN):
                await self._free.acquire()
        except TimeoutError:
            return False
        return True

    async def _write_along(self, event: Begun, talk: LiveTalk, language: Language, sides: Sides) -> None:
        talk.hearing = Hearing.GOES_ON
        over = self._over[event.call_id, event.dispatcher_id]
        async with self._opens(language, sides) as ear:
            self._tell(event, talk)
            try:
                async with asyncio.timeout(None) as limit:
                    ending = asyncio.create_task(_end(ear, over, limit), name="beside-end")
                    try:
                        async for saying in ear.said():
                            await self._take(event, talk, saying)
                    finally:
                        ending.cancel()
            except TimeoutError:
                log.warning("last words of a talk not written along call_id=%s", event.call_id)

    async def _take(self, event: Begun, talk: LiveTalk, saying: Saying) -> None:
        if saying.heard.words:
            told = await told_in(saying.heard, saying.speaker, self._lemmas)
            knowledge = await self._knowledge(saying.heard.language)
            now = self._clock.now().astimezone(self._zone)
            await asyncio.to_thread(talk.slots.take, told, knowledge, now)
        talk.add(saying)
        self._tell(event, talk)

    def _tell(self, event: Begun, talk: LiveTalk) -> None:
        """Tell the desk of this talk, and that of the colleague to whom the caller was passed on."""
        for dispatcher_id in {event.dispatcher_id, talk.dispatchers[-1]}:
            self._events.tell(
                TalkHeard(call_id=event.call_id, dispatcher_id=dispatcher_id, at=self._clock.now())
            )


async def _end(ear: HeardTalk, over: asyncio.Event, limit: asyncio.Timeout) -> None:
    await over.wait()
    ear.end()
    limit.reschedule(asyncio.get_running_loop().time() + LAST_WORDS_WITHIN)


def ears_beside(models: Mapping[Language, Model]) -> OpensEarBeside:
    """Open ears on these models, each in a process of its own."""

    def opened(language: Language, sides: Sides) -> AbstractAsyncContextManager[HeardTalk]:
        return hearing_beside(look_at(models[language].folder), language, sides)

    return opened
