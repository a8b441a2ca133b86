"""An ear beside a talk that is told what it hears."""

from datetime import datetime

from hotline.events import Events, TalkHeard
from hotline.speech.live import Hearing, LiveTalks, Saying
from hotline.speech.slots import Knowledge, told_in
from hotline.speech.transcripts import Speaker
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from storage.city.name_words import NameWords
from storage.store import Storage
from tests.fakes.said import SURE, heard

NAMES = NameWords()


class EarBeside:
    """Hears a call as it is told; `>` begins what the dispatcher says."""

    def __init__(self, live: LiveTalks, storage: Storage, events: Events, now: datetime) -> None:
        self._live = live
        self._storage = storage
        self._events = events
        self._now = now

    def begins(self, call_id: str, dispatcher_id: int) -> None:
        self._live.begin(call_id, dispatcher_id)
        self._tell(call_id)

    def leaves_out(self, call_id: str, seconds: float) -> None:
        talk = self._live.handed(call_id)
        assert talk is not None
        talk.add(Saying(speaker=Speaker.CALLER, heard=heard(""), left_out=seconds))
        self._tell(call_id)

    async def hears(self, call_id: str, text: str, *, confidence: float = SURE) -> None:
        talk = self._live.handed(call_id)
        assert talk is not None
        speaker = Speaker.DISPATCHER if text.startswith(">") else Speaker.CALLER
        saying = Saying(speaker=speaker, heard=heard(text.removeprefix("> "), confidence))
        knowledge = Knowledge(
            register=await self._storage.streets.gazetteer(),
            words=built_in()[Language.UKRAINIAN],
            names=NAMES,
        )
        told = await told_in(saying.heard, speaker, self._storage.lemmas)
        talk.slots.take(told, knowledge, self._now)
        talk.add(saying)
        self._tell(call_id)

    def stands(self, call_id: str, hearing: Hearing) -> None:
        talk = self._live.handed(call_id)
        assert talk is not None
        talk.hearing = hearing
        self._tell(call_id)

    def _tell(self, call_id: str) -> None:
        talk = self._live.handed(call_id)
        assert talk is not None
        for dispatcher_id in talk.dispatchers:
            self._events.tell(TalkHeard(call_id=call_id, dispatcher_id=dispatcher_id, at=self._now))
