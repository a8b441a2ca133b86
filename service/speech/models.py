"""The models that are set and can be used here, each for its work."""

import logging
from collections.abc import Mapping, Sequence

from hotline.speech.hearing import Model, NotHeard, Use
from hotline.voice.speech import Language
from telephony.speech.models import SET_UP, look_at
from telephony.speech.turn_models import turn_models

log = logging.getLogger(__name__)

_WITHOUT: Mapping[Use, str] = {
    Use.MESSAGES: "voice messages are only listened to",
    Use.RECORDINGS: "talks are only listened to",
    Use.BESIDE: "desks show no words of a talk",
    Use.CONVERSATIONS: "callers answer by keys",
}
_HEARD_AS_IT_COMES = frozenset({Use.CONVERSATIONS, Use.BESIDE})


def usable(models: Sequence[Model], use: Use) -> Mapping[Language, Model]:
    """Give those that can be used for this; of any other, and of none, one line of the log says why."""
    found = {}
    for model in models:
        if model.use is not use:
            continue
        if fault := _fault(model):
            log.warning("model not used use=%s language=%s: %s", model.use, model.language, fault)
        else:
            found[model.language] = model
    if all(model.use is not use for model in models):
        log.info("no model is set that hears %s: %s", use, _WITHOUT[use])
    return found


def _fault(model: Model) -> str:
    try:
        found = look_at(model.folder)
        if model.use in _HEARD_AS_IT_COMES:
            turn_models()
    except NotHeard as error:
        return str(error)
    return "" if found.is_installed else f"the package for {found.engine} models is not installed: {SET_UP}"
