"""A rule as typed: its faults, and the rule that it makes."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from cti_server.frame.language import N_
from hotline.appeals.routing import ANY_MORE, OnDays, Rule
from hotline.city.addresses import Area, Streets
from hotline.city.area_notation import areas_text, read_areas
from hotline.city.classifier import Utility, classifier
from hotline.enterprises.executors import ContactHours, Executor

LONGEST_NOTE = 200
LONGEST_AREAS = 2000
AREA_FAULTS = (
    N_("There is no such street in the register of addresses: check the spelling."),
    N_("The first house has a higher number than the last."),
    N_("Write houses such as 1-15, 7а or 1-15 odd, with commas between them."),
    N_("The whole city and a street of it: leave one of them."),
)
"""Why areas cannot be read, as `hotline.city.area_notation` says it."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_WEEK = range(1, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRule:
    """The form's fields as typed; a new rule goes after the rule `after` (0: first)."""

    executor: str = ""
    utilities: Sequence[str] = ()
    categories: Sequence[str] = ()
    areas: str = ""
    since: str = "00:00"
    until: str = "00:00"
    days: Sequence[str] = field(default_factory=lambda: [str(day) for day in _WEEK])
    on_days: str = OnDays.ALL.value
    active: bool = True
    note: str = ""
    after: str = ""

    @property
    def digest(self) -> str:
        """Return a digest of the form, so that the saved rule is the one that was shown."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def as_typed(rule: Rule) -> TypedRule:
    """Write a rule as the form shows it."""
    return TypedRule(
        executor=str(rule.executor_id),
        utilities=[one.value for one in rule.utilities],
        categories=list(rule.categories),
        areas=areas_text(rule.areas),
        since=f"{rule.hours.since:%H:%M}",
        until=f"{rule.hours.until:%H:%M}",
        days=[str(day) for day in sorted(rule.hours.days)],
        on_days=rule.on_days.value,
        active=rule.active,
        note=rule.note,
    )


async def rule_of(
    typed: TypedRule, executors: Sequence[Executor], streets: Streets, *, rule_id: int
) -> tuple[Rule | None, Mapping[str, str]]:
    """Make the rule; None, and each wrong field → the reason, to be translated, with `%s` filled in."""
    faults: dict[str, str] = {}
    open_ones = {str(one.id): one for one in executors if one.active}
    if typed.executor not in open_ones:
        faults["executor"] = N_("Choose the enterprise that gets them.")
    if set(typed.utilities) - set(Utility):
        faults["categories"] = N_("Choose among the categories that are shown.")
    elif not all(map(is_known, typed.categories)):
        faults["categories"] = N_(
            "Untick what is not in the classifier any more. With nothing ticked it is for all categories."
        )
    areas, unknown = await _areas(typed.areas, streets)
    if unknown:
        faults["areas"] = unknown
    since, until = _clock(typed.since), _clock(typed.until)
    if since is None or until is None:
        faults["since"] = N_("Write hours such as 08:00; the same twice is the whole day.")
    days = frozenset(int(day) for day in typed.days if day in {str(one) for one in _WEEK})
    if not days:
        faults["days"] = N_("Choose at least one day.")
    if typed.on_days not in set(OnDays):
        faults["on_days"] = N_("Choose on which days it holds.")
    if len(typed.note) > LONGEST_NOTE:
        faults["note"] = N_("Write no more than 200 characters.")
    if faults or since is None or until is None:
        return None, faults
    rule = Rule(
        id=rule_id,
        order=0,
        executor_id=int(typed.executor),
        categories=tuple(dict.fromkeys(typed.categories)),
        utilities=tuple(Utility(one) for one in dict.fromkeys(typed.utilities)),
        areas=tuple(areas),
        hours=ContactHours(since=since, until=until, days=days),
        on_days=OnDays(typed.on_days),
        active=typed.active,
        note=typed.note,
    )
    return rule, {}


def is_known(code: str) -> bool:
    """Tell whether the classifier has this category, or for `heat-*` any category that begins so."""
    known = classifier().categories
    beginning = code.removesuffix(ANY_MORE)
    return code in known or (code != beginning and any(one.startswith(beginning) for one in known))


async def _areas(text: str, streets: Streets) -> tuple[Sequence[Area], str]:
    """Read an area a line; the line that cannot be read, if there is one, told in words."""
    if len(text) > LONGEST_AREAS:
        return (), N_("That is too much: make several rules of it.")
    read = read_areas(text, await streets.gazetteer())
    return read.areas, read.fault.reason if read.fault else ""


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None
