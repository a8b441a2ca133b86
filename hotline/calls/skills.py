"""Skills: what callers choose by key asks for one, and the accounts of dispatchers name theirs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from hotline.city.classifier import Utility
from hotline.voice.speech import Language


class Skill(StrEnum):
    """A language that a dispatcher speaks beside Ukrainian, or a topic that they know best."""

    ENGLISH = "english"
    OUTAGES = "outages"
    """Of supplies in general: the caller has not said of which."""
    APPEALS = "appeals"
    """What became of an appeal."""
    WATER = "water"
    HOT_WATER = "hot-water"
    HEAT = "heat"
    POWER = "power"
    GAS = "gas"
    LIFTS = "lifts"


LANGUAGES: Mapping[Language, Skill] = {Language.ENGLISH: Skill.ENGLISH}
"""Languages that not every dispatcher speaks."""


def topic_of(utility: Utility) -> Skill | None:
    """Give the topic of a supply; None where nobody is asked for it by key."""
    return Skill(utility) if utility.value in set(Skill) else None


class Wanted(NamedTuple):
    """Skills that a caller is served by: the one, and a topic beside a language; None: anybody has it."""

    skill: Skill | None
    topic: Skill | None = None


def wanted(language: Language, topic: Skill | None) -> Wanted:
    """Say which skills a caller is served by: a language goes before any topic."""
    spoken = LANGUAGES.get(language)
    return Wanted(topic) if spoken is None else Wanted(spoken, topic)
