"""Words about equipment in the languages of people: names, states, what a look found, what to do.

They stand in `hotline/data/equipment-LANGUAGE.toml`; board, notices and `hotline doctor` say the same.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hotline.equipment.items import Item
from hotline.equipment.states import Look
from hotline.voice.speech import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language: names by kind, words by state, texts of tasks; sentences and advice by `Look.said`."""

    kinds: Mapping[str, str]
    states: Mapping[str, str]
    tasks: Mapping[str, str]
    looks: Mapping[str, str]
    advice: Mapping[str, str]


@cache
def words(language: Language) -> Words:
    file = files("hotline").joinpath(f"data/equipment-{language.value}.toml")
    return Words(**tomllib.loads(file.read_text("utf-8")))


def name_of(item: Item, language: Language) -> str:
    """Give the name that people gave it, else that of its kind."""
    return item.name or words(language).kinds[item.kind]


def sentence(look: Look, language: Language) -> str:
    """Say what the look found."""
    return words(language).looks[look.said].format(**look.values)


def advice(look: Look, language: Language) -> str:
    """Say what to do; empty where there is nothing to do."""
    return words(language).advice.get(look.said, "")
