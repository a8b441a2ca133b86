"""The list of orders: one box, parts, the rest folded. Orders are few: each is looked at as it is read."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.frame.filters import day
from cti_server.frame.language import N_, words_of
from cti_server.frame.leafing import Read, leaf_of, sifted
from cti_server.frame.lists import (
    MOST_COUNTED,
    Chip,
    Condition,
    Kept,
    Part,
    chips,
    chosen_part,
    conditions,
    turned,
    without_part,
)
from cti_server.frame.moments import day_shown
from cti_server.frame.pages import render
from cti_server.frame.views import KeptList, views_of
from cti_server.informing.sources import INFORMING
from cti_server.informing.words import CONTEXT, STATES, WAYS
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.informing.order_states import OrderState
from hotline.informing.orders import InformingOrder, Way

PATH = "/informing"
PAGE_ROWS = 100
FILTERS = ("q", "state", "way", "from", "to")
VIEWS = KeptList(name="informing", path=PATH, filters=FILTERS, see=Permission.PREPARE_INFORMING)
GOING_ON = "going-on"
_GOING_ON = (OrderState.APPROVED, OrderState.PREPARING, OrderState.RUNNING, OrderState.PAUSED)
PARTS = (
    Part(text=N_("Wait for approval"), query={"state": OrderState.SUBMITTED}),
    Part(text=N_("Under way"), query={"state": GOING_ON}),
    Part(text=N_("Drafts"), query={"state": OrderState.DRAFT}),
    Part(text=N_("Finished"), query={"state": OrderState.DONE}),
    Part(text=N_("Stopped"), query={"state": OrderState.STOPPED}),
)
_STATES: Mapping[str, Sequence[OrderState]] = {GOING_ON: _GOING_ON, **{one: (one,) for one in OrderState}}
"""What `state` may ask for → the states that it means."""
_STATE_WORDS: Mapping[str, str] = {GOING_ON: N_("Under way"), **STATES}
_LABELS: Mapping[str, str] = {
    "state": N_("How it stands"),
    "way": N_("Way of telling"),
    "from": N_("Dated from"),
    "to": N_("Dated to"),
}
_LONGEST = 200


@allowed(Permission.PREPARE_INFORMING)
async def listing(request: web.Request) -> web.Response:
    """List orders, those that wait or go on first."""
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS}
    leaf = await leaf_of(request, _found(request, kept), PAGE_ROWS)
    return render(
        request,
        "informing/list.html.jinja2",
        leaf=leaf,
        kept=kept,
        chips=await _chips(request, kept),
        most_counted=MOST_COUNTED,
        conditions=_conditions(kept, words_of(request)),
        turned=turned(kept, VIEWS.address),
        state_words=_STATE_WORDS,
        **await views_of(request, VIEWS, kept),
        **CONTEXT,
    )


def _found(request: web.Request, kept: Kept) -> Read[InformingOrder]:
    """Make a reader of the orders that the filters find."""
    sources = request.app[INFORMING]

    async def sift(some: Sequence[InformingOrder]) -> Sequence[InformingOrder]:
        fit = [one for one in some if _fits(one, kept)]
        return await saying(fit, _text, kept["q"], sources.lemmas)

    return sifted(sources.orders.latest, sift)


def _fits(order: InformingOrder, kept: Kept) -> bool:
    """Tell if an order has the chosen state, way and date; an unknown value chooses all."""
    states, first, last = _STATES.get(kept["state"]), day(kept["from"]), day(kept["to"])
    return (
        (states is None or order.state in states)
        and (kept["way"] not in set(Way) or kept["way"] in order.ways)
        and (first is None or first <= order.dated)
        and (last is None or order.dated <= last)
    )


def _text(order: InformingOrder) -> str:
    return f"{order.number} {order.subject} {order.text} {order.issued_by}"


async def _chips(request: web.Request, kept: Kept) -> Sequence[Chip]:
    """Draw the parts, counted while nothing else narrows the list."""
    if VIEWS.narrowed(without_part(PARTS, kept)):
        return chips(PARTS, kept, VIEWS.address, None)
    by_state = await request.app[INFORMING].orders.by_state()
    counts = [sum(by_state.get(state, 0) for state in _STATES[one.query["state"]]) for one in PARTS]
    return chips(PARTS, kept, VIEWS.address, counts)


def _conditions(kept: Kept, words: NullTranslations) -> Sequence[Condition]:
    days = {name: day_shown(kept[name]) if day(kept[name]) else None for name in ("from", "to")}
    known = {"state": _STATE_WORDS.get(kept["state"]), "way": WAYS.get(kept["way"]), **days}
    return conditions(
        known.items(),
        labels=_LABELS,
        kept=kept,
        address=VIEWS.address,
        words=words,
        part=chosen_part(PARTS, kept),
    )
