"""Keeps the voice ahead of the callers: what is off now is spoken ahead, what is over is deleted.

An outage's words change when it is entered, at midnight ("today") and when it takes longer than said.
"""

import asyncio
import logging
from datetime import timedelta, tzinfo

from hotline.clock import Clock
from hotline.outages import Outages
from hotline.speech import Language, Phrase
from ivr_flows import prompts
from service.background import repeat
from telephony.engines import SynthesisError
from telephony.synthesis import RHVoice

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
TIDY_EVERY = timedelta(days=1)
KEPT = timedelta(days=7)


class Announcements:
    """Speaks current outages ahead, in every language of the city."""

    def __init__(self, *, voice: RHVoice, outages: Outages, clock: Clock, timezone: tzinfo) -> None:
        self._voice = voice
        self._outages = outages
        self._clock = clock
        self._timezone = timezone
        self._tidied_at = clock.now()

    async def keep(self) -> None:
        """Look now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="announcements not looked after")

    async def once(self) -> None:
        now = self._clock.now()
        for outage in await self._outages.now(now):
            for language in Language:
                await self._speak(prompts.outage(outage, self._timezone, now=now), language)
        if now - self._tidied_at > TIDY_EVERY:
            self._tidied_at = now
            gone = await asyncio.to_thread(
                self._voice.forget, made_before=now - KEPT, keep=list(prompts.every_phrase())
            )
            log.info("old announcements deleted phrases=%d", gone)

    async def _speak(self, phrase: Phrase, language: Language) -> None:
        try:
            await self._voice.media(phrase, language)
        except SynthesisError as error:
            log.error("announcement cannot be spoken phrase=%s reason=%s", phrase.name, error)
