"""Words of talks beside the dispatchers, wired to the models that are set."""

from hotline.clock import SystemClock
from hotline.events import Events
from hotline.speech.hearing import Use
from hotline.speech.live import LiveTalks
from hotline.speech.slots import Knowledge
from hotline.speech.vocabulary import vocabularies
from hotline.voice.speech import Language
from service.settings.settings import Settings
from service.speech.beside import BesideTalks, ears_beside
from service.speech.models import usable
from storage.city.name_words import NameWords
from storage.store import Storage


def talks_beside(settings: Settings, storage: Storage, live: LiveTalks, events: Events) -> BesideTalks | None:
    """Write talks along for the desks; None where no model can be used for it, or none is wanted."""
    models = usable(settings.speech.models, Use.BESIDE)
    if not models or not settings.speech.beside_at_once:
        return None
    names, words = NameWords(), vocabularies(settings.speech.words)

    async def knowledge(language: Language) -> Knowledge:
        return Knowledge(register=await storage.streets.gazetteer(), words=words[language], names=names)

    return BesideTalks(
        calls=storage.calls,
        live=live,
        opens=ears_beside(models),
        languages=frozenset(models),
        at_once=settings.speech.beside_at_once,
        knowledge=knowledge,
        lemmas=storage.lemmas,
        events=events,
        clock=SystemClock(),
        zone=settings.timezone,
    )
