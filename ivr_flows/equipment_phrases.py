"""Phrases of the call about equipment that is out of order."""

from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import CATALOGUES, phrase

KEYS = phrase("equipment-keys")
KNOWN = phrase("equipment-known")
NOT_CONFIRMED = phrase("equipment-not-confirmed")

FIXED = (KEYS, KNOWN, NOT_CONFIRMED)


def fault(what: str, fault_id: int) -> Phrase:
    """Say what is out of order, by the name that people gave it."""
    said = {language: CATALOGUES[language]["equipment-fault"].format(what=what) for language in Language}
    return Phrase(name=f"equipment-fault-{fault_id}", uk=said[Language.UKRAINIAN], en=said[Language.ENGLISH])
