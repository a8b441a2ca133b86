"""Papers on appeals: the registration index and the names on documents. Data of the city.

Papers are filed under an index such as К-401 (resolution 348/1997 of the Cabinet); callers key the number.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hotline.appeals.appeal import AppealKind, Subject

_PATRONYMIC = re.compile(r"(?:ович|євич|йович|івна|ївна|овна|ич)$", re.IGNORECASE)
_FULL_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRule:
    """How appeals of these kinds are indexed; `series` names the counter, which begins anew each year."""

    kinds: frozenset[AppealKind]
    series: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperwork:
    """The organisation on the papers, and its rules of indexing."""

    organisation: str
    unit: str
    head: str
    case: str
    anonymous: str
    collective: str
    given_names: frozenset[str]
    rules: Sequence[IndexRule]

    def rule(self, kind: AppealKind) -> IndexRule:
        """Find the rule for this kind; raises LookupError for a kind that no rule names."""
        return next(rule for rule in self.rules if kind in rule.kinds)

    def letter(self, applicant: str, subject: Subject) -> str:
        """Give the letter of the applicant's surname, or the letters of collective and anonymous appeals."""
        if subject is Subject.COLLECTIVE:
            return self.collective
        surname = surname_of(applicant, self.given_names)
        return surname[0].upper() if surname else self.anonymous


def index_of(rule: IndexRule, *, letter: str, running: int, number: str, year: int) -> str:
    """Write the registration index by the rule."""
    return rule.pattern.format(
        letter=letter, running=running, number=number, year=year, yy=f"{year % 100:02d}"
    )


def surname_of(name: str, given_names: frozenset[str]) -> str:
    """Find the surname: the first word before a patronymic or given name at the end, otherwise the last."""
    parts = name.split()
    if not parts:
        return ""
    full = len(parts) >= _FULL_NAME and bool(_PATRONYMIC.search(parts[-1]))
    turned = parts[-1] in given_names and parts[0] not in given_names
    return parts[0] if full or turned else parts[-1]


@cache
def paperwork() -> Paperwork:
    """Read the city's file; ValueError or LookupError for one that is wrong."""
    read = tomllib.loads(files("hotline").joinpath("data/paperwork.toml").read_text("utf-8"))
    rules = [
        IndexRule(
            kinds=frozenset(map(AppealKind, one["kinds"])), series=one["series"], pattern=one["pattern"]
        )
        for one in read.pop("index")
    ]
    made = Paperwork(rules=rules, given_names=frozenset(read.pop("given_names")), **read)
    for kind in AppealKind:
        index_of(made.rule(kind), letter="", running=1, number="", year=1)  # a wrong pattern is found at once
    return made
