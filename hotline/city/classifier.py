"""The classifier of appeals: categories with their utility, urgency and term. Data of the city, not code.

A version that appeals were registered by never changes; a change is a new file with the next version.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.search_terms import normalised
from hotline.city.terms import Deadline, Term, Unit, soonest

CURRENT = 3


class Urgency(StrEnum):
    """How soon somebody has to go there."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Utility(StrEnum):
    """A supply or service of buildings that can fail."""

    WATER = "water"
    HOT_WATER = "hot-water"
    HEAT = "heat"
    POWER = "power"
    GAS = "gas"
    LIFTS = "lifts"
    ROADS = "roads"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of questions by which appeals are counted (resolution 858/2008), such as 090."""

    code: str
    uk: str
    en: str

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One line of the classifier. `words` are further words that people say for it."""

    code: str
    uk: str
    en: str
    utility: Utility
    urgency: Urgency
    term: Term
    words: str = ""
    section: str = ""
    """The code of its group; empty: among the rest."""
    acknowledge: Term | None = None
    """Within which the executor must say that they have it; None: as its urgency says."""
    interruption: bool = False
    """An applicant in this category is without the utility: many such reports may be an outage."""

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.uk


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """All categories of one version. `urgent` holds the terms that an urgency sets at most."""

    version: int
    categories: Mapping[str, Category]
    urgent: Mapping[Urgency, Term]
    acknowledge: Mapping[Urgency, Term]
    """The time within which an executor must acknowledge appeals of this urgency; None: there is no clock."""
    sections: Mapping[str, Section]
    emergency: str
    """The category of an emergency of which nothing more is known yet."""
    information_request: str = ""
    """The category of requests for public information, and of nothing else; empty in versions before it."""

    def find(self, text: str, limit: int = 8) -> Sequence[Category]:
        """Categories with words that begin as the words of the text do, in either language; all for none."""
        begun = normalised(text).split()
        found = [one for one in self.categories.values() if _has(one, begun)]
        return found[:limit]

    def section_of(self, code: str) -> Section | None:
        """Give the group that the category is counted in; None for the rest and for an unknown code."""
        category = self.categories.get(code)
        return self.sections.get(category.section) if category else None

    def deadline(self, code: str, urgency: Urgency, received_at: datetime, zone: ZoneInfo) -> Deadline:
        """The category's own term, or the urgency's when that ends sooner."""
        terms = (self.categories[code].term, *(one for key, one in self.urgent.items() if key is urgency))
        return soonest(received_at, terms, zone)

    def acknowledgement(self, code: str, urgency: Urgency) -> timedelta | None:
        """Give how long an executor may leave it unacknowledged; None where no clock runs."""
        if urgency not in self.acknowledge:
            return None
        category = self.categories.get(code)
        term = (category.acknowledge if category else None) or self.acknowledge[urgency]
        return timedelta(**{term.unit.value: term.amount})


@cache
def classifier(version: int = CURRENT) -> Classifier:
    """Read the version from its file; KeyError or ValueError for a file that is wrong."""
    text = files("hotline").joinpath(f"data/classifier-{version}.toml").read_text("utf-8")
    read = tomllib.loads(text)
    categories = [_category(one) for one in read["category"]]
    by_code = {one.code: one for one in categories}
    sections = {one["code"]: Section(**one) for one in read["section"]}
    if any(one.section and one.section not in sections for one in categories):
        raise ValueError(f"Classifier {version}: a category is in a section that is not there.")
    if len(by_code) < len(categories) or read["emergency"] not in by_code:
        raise ValueError(f"Classifier {version}: a code stands twice, or that of emergencies is missing.")
    return Classifier(
        version=read["version"],
        categories=by_code,
        urgent={Urgency(key): _term(one) for key, one in read["urgent"].items()},
        acknowledge={Urgency(key): _term(one) for key, one in read["acknowledge"].items()},
        sections=sections,
        emergency=read["emergency"],
        information_request=read.get("information_request", ""),
    )


def _category(read: Mapping[str, Any]) -> Category:
    return Category(
        code=read["code"],
        uk=read["uk"],
        en=read["en"],
        utility=Utility(read["utility"]),
        urgency=Urgency(read["urgency"]),
        term=_term(read["term"]),
        words=read.get("words", ""),
        section=read.get("section", ""),
        acknowledge=_term(read["acknowledge"]) if "acknowledge" in read else None,
        interruption=read.get("interruption", False),
    )


def _term(text: str) -> Term:
    amount, unit = text.split()
    return Term(int(amount), Unit(unit))


def _has(category: Category, begun: Sequence[str]) -> bool:
    there = normalised(f"{category.code} {category.uk} {category.en} {category.words}").split()
    return all(any(word.startswith(part) for word in there) for part in begun)
