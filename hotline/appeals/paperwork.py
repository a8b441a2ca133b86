"""Papers on appeals: the registration index and the names on documents. Data of the city.

Papers are filed under an index such as К-401 (resolution 348/1997 of the Cabinet); callers key the number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.appeal import AppealKind, Subject
from hotline.documents.blanks import blanks_in
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.reading import Fields, document_of

_PATRONYMIC = re.compile(r"(?:ович|євич|йович|івна|ївна|овна|ич)$", re.IGNORECASE)
_FULL_NAME = 3
_BLANKS = frozenset({"letter", "running", "number", "year", "yy"})
_COUNTING = frozenset({"running", "number"})
_LONGEST_PATTERN = 40
_LONGEST_LETTER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRule:
    """How appeals of these kinds are indexed; `series` names the counter, which begins anew each year."""

    kinds: frozenset[AppealKind]
    series: str
    pattern: str

    def repeats(self, other: "IndexRule") -> bool:
        """Tell whether both would give the same indices within a year: one pattern, counted in two series.

        The number of the appeal is never given twice, whatever counts.
        """
        if self.series == other.series or self.pattern != other.pattern:
            return False
        return "number" not in (blanks_in(self.pattern, _BLANKS) or ())


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
    edrpou: str = ""
    """The organisation's code of the state's register (ЄДРПОУ)."""
    sev_system: str = ""
    """The id of its system of documents in СЕВ ОВВ, and that system's name."""
    sev_name: str = ""
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


def read_paperwork(text: str, _version: int) -> Paperwork:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    rules = [_rule(row) for row in document.rows("index")]
    made = Paperwork(
        organisation=document.text("organisation"),
        unit=document.text("unit"),
        head=document.text("head"),
        case=document.text("case"),
        anonymous=document.text("anonymous", longest=_LONGEST_LETTER),
        collective=document.text("collective", longest=_LONGEST_LETTER),
        given_names=frozenset(document.texts("given_names")),
        rules=rules,
        edrpou=document.text("edrpou", needed=False),
        sev_system=document.text("sev_system", needed=False),
        sev_name=document.text("sev_name", needed=False),
    )
    ruled = frozenset[AppealKind]().union(*(one.kinds for one in rules))
    for kind in AppealKind:
        if kind not in ruled:
            document.note(Flaw.NO_RULE, "index", value=kind.value)
    document.end()
    return made


PAPERWORK = InForce(DocumentKind.PAPERWORK, read_paperwork)


def paperwork() -> Paperwork:
    """Give the one in force."""
    return PAPERWORK.get()


def _rule(row: Fields) -> IndexRule:
    series, pattern = row.code("series"), row.text("pattern", longest=_LONGEST_PATTERN)
    kinds = frozenset(row.chosen("kinds", AppealKind, one) for one in row.texts("kinds"))
    blanks = blanks_in(pattern, _BLANKS)
    if blanks is None:
        row.note(Flaw.WRONG_PATTERN, "pattern", value=pattern)
    elif pattern and not blanks & _COUNTING:
        row.note(Flaw.NOT_COUNTED, "pattern", value=pattern)
    return IndexRule(kinds=kinds, series=series, pattern=pattern)
