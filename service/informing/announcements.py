"""Synthesises announcements ahead of the callers, and deletes those of outages that are over.

An outage's words change when it is entered, at midnight ("today") and when it takes longer than announced.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from hotline.clock import Clock
from hotline.informing.city_messages import CityMessages
from hotline.informing.standing_orders import StandingOrders
from hotline.isolation import repeat
from hotline.knowledge.articles import Articles
from hotline.knowledge.spoken import spoken
from hotline.outages.outage import Outage, Outages
from hotline.power.forecast import forecast
from hotline.power.queues import power_queues
from hotline.power.schedule import KnownPower, PowerSchedules
from hotline.voice.speech import Language, Phrase, Voice
from ivr_flows import outage_phrases, power_phrases, prompts, question_phrases
from ivr_flows.asking_where import lists_of_streets
from telephony.voice.engines import SynthesisError
from telephony.voice.synthesis import RHVoice

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
TIDY_EVERY = timedelta(days=1)
KEPT = timedelta(days=7)


class Announcements:
    """Speaks current outages ahead, in every language of the city."""

    def __init__(
        self,
        *,
        synthesis: RHVoice,
        voice: Voice,
        outages: Outages,
        messages: CityMessages,
        articles: Articles,
        orders: StandingOrders,
        power: PowerSchedules,
        fallback: Callable[[], Awaitable[None]],
        clock: Clock,
        timezone: tzinfo,
    ) -> None:
        """`fallback` has Asterisk's own dialplan say the same; raises SynthesisError."""
        self._synthesis = synthesis
        self._voice = voice
        self._messages = messages
        self._articles = articles
        self._orders = orders
        self._power = power
        self._fallback = fallback
        self._outages = outages
        self._clock = clock
        self._timezone = timezone
        self._power_told: tuple[KnownPower, datetime, Sequence[Phrase]] | None = None
        self._tidied_at = clock.now()

    async def keep(self) -> None:
        """Look now and then, for ever."""
        await repeat(self.once, every=EVERY_SECONDS, failure="announcements not looked after")

    async def once(self) -> None:
        now = self._clock.now()
        for message in await self._messages.all():
            for language in Language:
                await self._speak(message.phrase, language)
        articles, today = await self._articles.all(), now.astimezone(self._timezone).date()
        for language in Language:
            for article in spoken(articles, today, language):
                await self._speak(question_phrases.answer(article), language)
        for order in await self._orders.ahead():
            await self._speak(order.phrase, Language.UKRAINIAN)
        await self._speak_fallback()
        holding = await self._outages.now(now)
        # In a thread: a street that is not of the catalogue may take a look into a dictionary of words.
        told = await asyncio.to_thread(self._of, holding, now)
        for phrase in (*told, *await self._of_power(now)):
            for language in Language:
                await self._speak(phrase, language)
        if now - self._tidied_at > TIDY_EVERY:
            self._tidied_at = now
            gone = await asyncio.to_thread(
                self._synthesis.forget, made_before=now - KEPT, keep=list(prompts.every_phrase())
            )
            log.info("old announcements deleted phrases=%d", gone)

    def _of(self, holding: Sequence[Outage], now: datetime) -> Sequence[Phrase]:
        """Give what callers may hear of these, what concerns most of them first."""
        told = [
            phrase
            for outage in holding
            for phrase in outage_phrases.spoken_ahead(outage, self._timezone, now=now)
        ]
        asked = [outage_phrases.where_choices(one, more=False) for one in lists_of_streets(holding)]
        return [*told, *(phrase for one in asked for phrase in one)]

    async def _of_power(self, now: datetime) -> Sequence[Phrase]:
        """Give what callers of each queue may hear; many queues are cut at the same hours.

        It is put together again when anything else is known, and each minute: what grows old is told so.
        """
        known, minute = await self._power.known(), now.replace(second=0, microsecond=0)
        if self._power_told is None or self._power_told[:2] != (known, minute):
            self._power_told = known, minute, self._phrases_of_power(known, now)
        return self._power_told[2]

    def _phrases_of_power(self, known: KnownPower, now: datetime) -> Sequence[Phrase]:
        each = (
            power_phrases.told(
                forecast(known, queues, (), now=now, zone=self._timezone), self._timezone, now=now
            )
            for queues in (*([one] for one in known.queues), *power_queues().together)
        )
        return [*dict.fromkeys(phrase for phrases in each for phrase in phrases)]

    async def _speak_fallback(self) -> None:
        try:
            await self._fallback()
        except SynthesisError as error:
            log.error("fallback prompts not renewed reason=%s", error)

    async def _speak(self, phrase: Phrase, language: Language) -> None:
        try:
            await self._voice.media(phrase, language)
        except SynthesisError as error:
            log.error("announcement cannot be spoken phrase=%s reason=%s", phrase.name, error)
