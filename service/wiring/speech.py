"""Ears, wired to the models that are set."""

from hotline.speech.hearing import Use
from service.settings.speech import SpeechSettings
from service.speech.models import usable
from telephony.speech.models import look_at
from telephony.speech.talk_ears import TalkEars


def talk_ears(settings: SpeechSettings) -> TalkEars:
    """Make the pool for callers; without a model, or those of turns, it is empty and calls go by keys."""
    found = usable(settings.models, Use.CONVERSATIONS)
    models = {language: look_at(model.folder) for language, model in found.items()}
    return TalkEars(models, settings.talk_at_once)
