"""Filters of the list of outages: in the address of its page, as chips, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations

from aiohttp import web

from cti_server.frame.filters import whole
from cti_server.frame.language import N_
from cti_server.frame.lists import COLUMNS as COLUMNS_ASKED
from cti_server.frame.lists import (
    Chip,
    Condition,
    Kept,
    Part,
    chips,
    chosen_part,
    conditions,
    without_part,
)
from cti_server.frame.places import place_of
from cti_server.frame.views import KeptList
from cti_server.frame.words import UTILITIES
from cti_server.outages.register.audience import CENTRE, ENTERPRISE, Audience
from cti_server.outages.register.showing import place_text
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.words import FLAWS
from hotline.city.addresses import Address
from hotline.city.classifier import Utility
from hotline.city.search_terms import saying
from hotline.outages.outage import EntryFlaw, Outage

FILTERS = ("q", "tab", "utility", "executor", "flaw", COLUMNS_ASKED)
TABS = frozenset({"", "coming", "past", "lately"})
PARTS = (
    Part(text=N_("Off now"), query={"tab": ""}),
    Part(text=N_("The end is past"), query={"tab": "", "flaw": EntryFlaw.OVERDUE}),
    Part(text=N_("Coming"), query={"tab": "coming"}),
    Part(text=N_("Over"), query={"tab": "past"}),
    Part(text=N_("Entered within 30 days"), query={"tab": "lately"}),
)
VIEWS: Mapping[str, KeptList] = {
    ENTERPRISE.path: KeptList(
        name="enterprise-outages", path=ENTERPRISE.path, filters=FILTERS, see=ENTERPRISE.see
    ),
    CENTRE.path: KeptList(name="outages", path=CENTRE.path, filters=FILTERS, see=CENTRE.see),
}
"""The filters that users keep under a name: an enterprise's list has its own, the centre's another."""
_LABELS: Mapping[str, str] = {
    "utility": N_("What is off"),
    "executor": N_("Enterprise"),
    "flaw": N_("The entry"),
}
_LONGEST = 200
_LAST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """The filters and the page that a reader's address asks for: `kept` as typed, the others as understood.

    `place` is the address that the one box names; where it names none, `found_of` looks for its `words`.
    Pages count from 1.
    """

    kept: Kept
    tab: str = ""
    utility: Utility | None = None
    executor: int | None = None
    flaw: EntryFlaw | None = None
    place: Address | None = None
    words: str = ""
    page: int = 1

    def finds(self, outage: Outage, now: datetime) -> bool:
        """Whether this outage fits the filters, whatever its words; `tab` is read from the database."""
        if self.executor not in {None, outage.executor_id} or self.utility not in {None, outage.utility}:
            return False
        if self.flaw is not None and self.flaw not in outage.flaws(now):
            return False
        return self.place is None or outage.concerns(self.place)


async def asked(request: web.Request) -> ListQuery:
    """Read the address; what cannot be read is not asked for."""
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}
    place = await place_of(kept["q"], request.app[OUTAGES].streets)
    return ListQuery(
        kept=kept,
        tab=kept["tab"] if kept["tab"] in TABS else "",
        utility=Utility(kept["utility"]) if kept["utility"] in set(Utility) else None,
        executor=whole(kept["executor"]),
        flaw=EntryFlaw(kept["flaw"]) if kept["flaw"] in set(EntryFlaw) else None,
        place=place,
        words="" if place else kept["q"],
        page=min(whole(request.query.get("page", "")) or 1, _LAST_PAGE),
    )


async def found_of(
    request: web.Request, query: ListQuery, outages: Sequence[Outage], now: datetime
) -> Sequence[Outage]:
    """Keep those that the filters find; words in any form (`дороги` finds `дорога`)."""
    fit = [one for one in outages if query.finds(one, now)]

    def text(one: Outage) -> str:
        return f"{one.reason} {one.order} {place_text(one, request)}"

    return await saying(fit, text, query.words, request.app[OUTAGES].lemmas)


def chips_of(
    query: ListQuery, audience: Audience, on: Sequence[Outage], coming: Sequence[Outage], now: datetime
) -> Sequence[Chip]:
    """Draw the parts; `on` and `coming` are the audience's, counted where nothing else narrows the list."""
    views = VIEWS[audience.path]
    late = sum(EntryFlaw.OVERDUE in one.flaws(now) for one in on)
    counts = (
        None if views.narrowed(without_part(PARTS, query.kept)) else (len(on), late, len(coming), None, None)
    )
    return chips(PARTS, query.kept, views.address, counts)


def conditions_of(
    query: ListQuery, audience: Audience, executors: Mapping[int, str], words: NullTranslations
) -> Sequence[Condition]:
    """Tell what is set besides the chosen part and the box; an enterprise's own list is of nobody else."""
    known: Mapping[str, Mapping[str, str]] = {
        "utility": {str(one): text for one, text in UTILITIES.items()},
        "executor": {str(one): short for one, short in executors.items()},
        "flaw": FLAWS,
    }
    told = [
        (name, known[name].get(query.kept[name]))
        for name in _LABELS
        if not (audience.own and name == "executor")
    ]
    part = chosen_part(PARTS, query.kept)
    return conditions(
        told,
        labels=_LABELS,
        kept=query.kept,
        address=VIEWS[audience.path].address,
        words=words,
        part=part,
    )
