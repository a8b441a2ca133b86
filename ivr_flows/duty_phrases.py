"""Phrases of the call to a duty contact about an emergency."""

from hotline.appeals.appeal import Appeal
from hotline.city.classifier import classifier
from hotline.voice import ukrainian
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import CATALOGUES, phrase

LONGEST_TEXT = 200
"""Signs of what a dispatcher wrote that are read aloud."""

WHO_CALLS = phrase("duty-who-calls")
KEYS = phrase("duty-keys")
ACCEPTED = phrase("duty-accepted")
NOT_NEEDED = phrase("duty-not-needed")
NOT_ACCEPTED = phrase("duty-not-accepted")

FIXED = (WHO_CALLS, KEYS, ACCEPTED, NOT_NEEDED, NOT_ACCEPTED)


def emergency(appeal: Appeal) -> Phrase:
    """Say what happened and where; of an emergency without a category of its own, as it was written down."""
    return Phrase(
        name=f"duty-emergency-{appeal.number}",
        uk=_said(appeal, Language.UKRAINIAN, ukrainian.place(appeal.address)),
        en=_said(appeal, Language.ENGLISH, appeal.address),
    )


def _said(appeal: Appeal, language: Language, where: str) -> str:
    said = CATALOGUES[language]
    return said["duty-emergency"].format(
        what=_what(appeal, language).rstrip("."), where=where or said["duty-nowhere"]
    )


def _what(appeal: Appeal, language: Language) -> str:
    known = classifier(appeal.classifier)
    category = known.categories.get(appeal.category)
    told = " ".join(appeal.text.split())[:LONGEST_TEXT]
    if category is None or (category.code == known.emergency and told):
        return told
    return category.name(language)
