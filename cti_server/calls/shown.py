"""Filters of the list of calls in words, each with the address without it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from gettext import NullTranslations

from cti_server.calls.filters import address
from cti_server.calls.words import DIRECTIONS
from cti_server.frame.filters import day
from cti_server.frame.language import N_
from cti_server.frame.lists import Condition, Kept, Part, conditions
from cti_server.frame.moments import day_shown
from cti_server.frame.words import OUTCOMES
from hotline.calls.call import Outcome
from hotline.line.line import Dispatcher

PATH = "/calls"
LABELS: Mapping[str, str] = {
    "from": N_("From"),
    "to": N_("To"),
    "direction": N_("Direction"),
    "outcome": N_("Outcome"),
    "dispatcher": N_("Dispatcher"),
    "missed": N_("Calls"),
    "said": N_("Said"),
}


def conditions_of(
    kept: Kept, part: Part | None, dispatchers: Mapping[int, Dispatcher], words: NullTranslations
) -> Sequence[Condition]:
    """Tell what is set besides the chosen part and the number in the box."""
    return conditions(
        _set(kept, dispatchers),
        labels=LABELS,
        kept=kept,
        address=partial(address, PATH),
        words=words,
        part=part,
    )


def _set(kept: Kept, dispatchers: Mapping[int, Dispatcher]) -> Iterator[tuple[str, str | None]]:
    directions = {str(one): text for one, text in DIRECTIONS.items()}
    outcomes = {str(one): text for one, text in OUTCOMES.items() if isinstance(one, Outcome)}
    names = {str(one.id): one.name for one in dispatchers.values()}
    for name in LABELS:
        value = kept[name]
        if not value:
            continue
        match name:
            case "from" | "to":
                yield name, day_shown(value) if day(value) else None
            case "said":
                yield name, value
            case "missed":
                yield name, N_("Missed only") if value == "1" else None
            case _:
                known = {"direction": directions, "outcome": outcomes, "dispatcher": names}[name]
                yield name, known.get(value)
