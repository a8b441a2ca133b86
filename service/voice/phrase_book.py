"""Everything that the hotline says, put together for the page on which people listen to it."""

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from attrs import define

from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.informing.city_messages import PHRASE, CityMessages
from hotline.outages.outage import Outages
from hotline.voice.speech import Phrase
from hotline.voice.voice_recordings import PhraseGroup
from ivr_flows import (
    appeal_phrases,
    duty_phrases,
    equipment_phrases,
    message_phrases,
    outage_phrases,
    power_call_phrases,
    prompts,
)

OUTAGE = "outage-"
_PLACES = re.compile(r"position-(first|far|\d+)")
_WAITS = re.compile(r"wait-(long|\d+)")


@define(eq=False, repr=False)
class StoredPhraseBook:
    """Implements `hotline.voice.voice_recordings.PhraseBook` on catalogues, outages and messages."""

    _outages: Outages
    _messages: CityMessages
    _clock: Clock
    _timezone: tzinfo

    async def groups(self) -> Sequence[PhraseGroup]:
        now = self._clock.now()
        outages = [*await self._outages.now(now), *await self._outages.coming(now)]
        told = [outage_phrases.as_one(one, self._timezone, now=now) for one in outages]
        messages = [one.phrase for one in await self._messages.all()]
        return [
            PhraseGroup(name="messages", phrases=messages),
            PhraseGroup(name="outages", phrases=told),
            *_fixed(),
        ]

    async def named(self, name: str) -> Phrase:
        number = name.rpartition("-")[2]
        if number.isdecimal():
            if name == f"{PHRASE}{number}":
                return (await self._messages.get(int(number))).phrase
            if name == f"{OUTAGE}{number}":
                outage = await self._outages.get(int(number))
                return outage_phrases.as_one(outage, self._timezone, now=self._clock.now())
        for phrase in prompts.every_phrase():
            if phrase.name == name:
                return phrase
        raise NotFound("There is no phrase %(name)s.", name=name)


def _fixed() -> Iterator[PhraseGroup]:
    """Sort the phrases known ahead of every call; those of no other group come last."""
    known = {
        "call": prompts.FIXED,
        "fallback": prompts.FALLBACK,
        "asked": outage_phrases.FIXED,
        "appeals": appeal_phrases.FIXED,
        "duty": duty_phrases.FIXED,
        "equipment": equipment_phrases.FIXED,
        "power-calls": power_call_phrases.FIXED,
        "head": message_phrases.FIXED,
    }
    sorted_in = {phrase.name for phrases in known.values() for phrase in phrases}
    rest = [phrase for phrase in prompts.every_phrase() if phrase.name not in sorted_in]
    counted = {
        "places": [phrase for phrase in rest if _PLACES.fullmatch(phrase.name)],
        "waits": [phrase for phrase in rest if _WAITS.fullmatch(phrase.name)],
    }
    counted["other"] = [one for one in rest if one not in counted["places"] and one not in counted["waits"]]
    for name, phrases in (known | counted).items():
        yield PhraseGroup(name=name, phrases=phrases)
