"""Phrases of the calls about an emergency: to a duty contact, and to who answers for the centre."""

from datetime import datetime, tzinfo

from hotline.appeals.appeal import Appeal
from hotline.city.classifier import classifier
from hotline.voice import ukrainian
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import CATALOGUES, in_both, phrase

LONGEST_TEXT = 200
"""Signs of what a dispatcher wrote that are read aloud."""
UNTAKEN = "untaken-since-"
"""Begins the name of the phrase that is said in the call to who answers for the centre alone."""

WHO_CALLS = phrase("duty-who-calls")
KEYS = phrase("duty-keys")
ACCEPTED = phrase("duty-accepted")
NOT_NEEDED = phrase("duty-not-needed")
NOT_ACCEPTED = phrase("duty-not-accepted")
OWED = phrase("duty-owed")
TAKE_KEYS = phrase("untaken-take-keys")
TAKEN = phrase("untaken-taken")
NEXT_CALLED = phrase("untaken-next-called")
NOBODY_LEFT = phrase("untaken-nobody-left")
NOT_TAKEN = phrase("untaken-not-taken")

FIXED = (
    *(WHO_CALLS, KEYS, ACCEPTED, NOT_NEEDED, NOT_ACCEPTED, OWED),
    *(TAKE_KEYS, TAKEN, NEXT_CALLED, NOBODY_LEFT, NOT_TAKEN),
)


def emergency(appeal: Appeal) -> Phrase:
    """Say what happened and where; of an emergency without a category of its own, as it was written down."""
    return Phrase(
        name=f"duty-emergency-{appeal.number}",
        uk=_said(appeal, Language.UKRAINIAN, ukrainian.place(appeal.address)),
        en=_said(appeal, Language.ENGLISH, appeal.address),
    )


def untaken(appeal: Appeal, zone: tzinfo, *, now: datetime) -> Phrase:
    """Say since when nobody has taken it."""
    came, today = appeal.registered_at.astimezone(zone), now.astimezone(zone).date()
    return in_both(
        f"{UNTAKEN}{appeal.number}",
        lambda said, words: said["untaken-since"].format(
            moment=f"{words.near_day(came.date(), today)} {words.at(came.time())}"
        ),
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
