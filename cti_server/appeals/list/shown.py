"""Filters of the list of appeals as people see them: its parts as chips, what is set besides in words."""

from collections.abc import Iterator, Mapping, Sequence
from gettext import NullTranslations

from attrs import frozen

from cti_server.appeals.list.filters import NOBODY, OPEN, OWED, Asked, address
from cti_server.appeals.list.words import DUES, MARKS
from cti_server.appeals.words import KINDS, SIGNS, URGENCIES
from cti_server.frame.filters import day
from cti_server.frame.language import N_
from cti_server.frame.lists import Condition, Kept, Part, chosen_part, conditions
from cti_server.frame.moments import day_shown
from cti_server.frame.words import APPEAL_STATES
from hotline.appeals.appeal import AppealState
from hotline.appeals.lists import Due

PARTS = (
    Part(text=N_("Overdue"), query={"due": Due.OVERDUE}),
    Part(text=N_("Due today"), query={"due": Due.TODAY}),
    Part(text=N_("Nobody's"), query={"state": OWED, "executor": NOBODY}),
    Part(text=N_("Disputed"), query={"state": AppealState.DISPUTED}),
)
COLUMNS: Mapping[str, str] = {
    "registered": N_("Registered"),
    "about": N_("What it is about"),
    "address": N_("Address and applicant"),
    "executor": N_("Executor"),
    "registrar": N_("Registered by"),
    "state": N_("State"),
    "term": N_("Term"),
}
"""Columns behind the number, which always stands first."""
USUAL = ("registered", "about", "address", "executor", "state", "term")
STATES: Mapping[str, str] = {OPEN: N_("Not ended yet"), OWED: N_("Work is owed"), **APPEAL_STATES}
LABELS: Mapping[str, str] = {
    "text": N_("Words"),
    "number": N_("Number or index"),
    "state": N_("State"),
    "due": N_("Term"),
    "mark": N_("Control"),
    "address": N_("Address"),
    "category": N_("Category"),
    "executor": N_("Executor"),
    "urgency": N_("Urgency"),
    "kind": N_("Kind"),
    "sign": N_("Sign"),
    "from": N_("Registered from"),
    "to": N_("Registered to and with"),
    "closed-from": N_("Closed from"),
    "closed-to": N_("Closed to and with"),
    "by": N_("Registered by"),
}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "state": STATES,
    "due": DUES,
    "mark": MARKS,
    "urgency": URGENCIES,
    "kind": KINDS,
    "sign": SIGNS,
}
_DAYS = frozenset({"from", "to", "closed-from", "closed-to"})


@frozen(kw_only=True)
class Names:
    """Names in the reader's language of what the address has as codes and ids."""

    words: NullTranslations
    categories: Mapping[str, str]
    executors: Mapping[str, str]
    users: Mapping[str, str]


def conditions_of(asked: Asked, names: Names) -> Sequence[Condition]:
    """Tell what is set besides the chosen part and the box, each with the address without it."""
    part = chosen_part(PARTS, asked.kept)
    return conditions(
        _set(asked.kept, names),
        labels=LABELS,
        kept=asked.kept,
        address=address,
        words=names.words,
        part=part,
    )


def _set(kept: Kept, names: Names) -> Iterator[tuple[str, str | None]]:
    """Give each filter that is set: its name, and its value in words; None for what there is not."""
    named = {
        "category": names.categories,
        "by": names.users,
        "executor": {NOBODY: names.words.gettext("Nobody yet"), **names.executors},
    }
    for name in LABELS:
        value = kept[name]
        if not value:
            continue
        if name in _CHOICES:
            yield name, _CHOICES[name].get(value)
        elif name in named:
            yield name, named[name].get(value)
        elif name in _DAYS:
            yield name, day_shown(value) if day(value) else None
        else:
            yield name, value
