"""Wires the set-up of a new city."""

from collections.abc import Callable

from attrs import frozen

from cti_server.new_city.sources import NewCitySources
from hotline.clock import SystemClock
from hotline.new_city.setup import SetupStep
from ivr_flows import prompts
from service.intake.imports import Imports
from service.new_city.line import LineAtHand
from service.new_city.speaking import Speaking
from service.new_city.trial import Trial
from service.processes.among import Lasting
from service.settings.settings import Settings
from service.voice.phrase_book import StoredPhraseBook
from service.wiring.voices import Voices, keep_fallback
from storage.store import Storage


@frozen
class NewCity:
    """What the pages of the set-up rest on. Where it is not `open_now`, nothing of it lasts."""

    sources: NewCitySources
    open_now: bool
    speaking: Speaking
    trial: Trial

    def lasting(self) -> Lasting:
        if not self.open_now:
            return {}
        return {"new-city-spoken": self.speaking.keep(), "new-city-tried": self.trial.keep()}


async def new_city(
    settings: Settings,
    storage: Storage,
    *,
    speaking: Voices,
    imports: Imports,
    begin_anew: Callable[[], None],
) -> NewCity:
    """Make it; the demo city is never set up."""

    async def spoken() -> None:
        await keep_fallback(storage, speaking.fallback, clock)
        await storage.city_setup.note(SetupStep.VOICE)

    clock, trial = SystemClock(), Trial()
    aloud = Speaking(speaking.synthesis, prompts.every_phrase, spoken)
    sources = NewCitySources(
        setup=storage.city_setup,
        documents=storage.city_documents,
        imports=imports,
        executors=storage.executors,
        rules=storage.rules,
        calls=storage.calls,
        book=StoredPhraseBook(storage.outages, storage.city_messages, clock, settings.timezone),
        studio=speaking.studio,
        speaking=aloud,
        trial=trial,
        line=LineAtHand(settings, begin_anew),
        clock=clock,
        begun=clock.now(),
    )
    open_now = not settings.demo and await storage.city_setup.needed()
    return NewCity(sources, open_now, aloud, trial)
