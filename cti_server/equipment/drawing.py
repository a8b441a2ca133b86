"""An item as the pages show it: its state, its words, its days as a strip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.equipment.sources import EQUIPMENT
from cti_server.frame.language import language_of
from hotline.equipment.catalogue import advice, name_of, sentence, words
from hotline.equipment.history import DayOfItem, Span, by_day, share_in_order, spans
from hotline.equipment.items import Change, Item
from hotline.equipment.states import Standing, State
from hotline.voice.speech import Language

DAYS = 30
STEP, WIDTH, HEIGHT = 10, 9, 40
LEAST = 4.0
"""A fault of minutes is seen beside a day."""
_FROM_BELOW = (State.OUT_OF_ORDER, State.DISTURBED, State.NOT_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a day's column."""

    state: State
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """An item with all that its card shows, in the reader's language."""

    item: Item
    name: str
    standing: Standing
    state: State
    state_word: str
    says: str
    advice: str
    maintained: bool
    pieces: Sequence[Piece]
    days: Sequence[DayOfItem]
    worked: float | None
    """The share of the shown days in which it worked."""
    spans: Sequence[Span]


def draw(days: Sequence[DayOfItem]) -> Sequence[Piece]:
    """Draw each day as a column: what was amiss from below, the rest in order."""
    found = []
    for place, day in enumerate(days):
        below = 0.0
        for state in _FROM_BELOW:
            if part := day.shares.get(state):
                height = min(max(part * HEIGHT, LEAST), HEIGHT - below)
                found.append(_piece(state, place, below, height))
                below += height
        if day.shares.get(State.IN_ORDER) and below < HEIGHT:
            found.append(_piece(State.IN_ORDER, place, below, HEIGHT - below))
    return found


def _piece(state: State, place: int, below: float, height: float) -> Piece:
    return Piece(state=state, x=place * STEP, y=round(HEIGHT - below - height, 1), height=round(height, 1))


async def shown_items(request: web.Request, items: Sequence[Item], days: int = DAYS) -> Sequence[ShownItem]:
    """Read the history of these items and draw it."""
    sources = request.app[EQUIPMENT]
    now, zone = sources.clock.now(), sources.timezone
    today = now.astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=days - 1), datetime.min.time(), zone)
    only = items[0].id if len(items) == 1 else None
    changes: dict[int, list[Change]] = {}
    for one in await sources.equipment.changes(since, only):
        changes.setdefault(one.item_id, []).append(one)
    watches = await sources.equipment.watches(since)
    language = Language(language_of(request))
    found = []
    for item in items:
        history = spans(changes.get(item.id, ()), watches, now)
        drawn = by_day(history, today, days, zone)
        standing = sources.watching.standing(item.id)
        state = standing.settled.state
        found.append(
            ShownItem(
                item=item,
                name=name_of(item, language),
                standing=standing,
                state=state,
                state_word=words(language).states[state],
                says=sentence(standing.shown, language),
                advice=advice(standing.shown, language),
                maintained=item.maintained(now),
                pieces=draw(drawn),
                days=drawn,
                worked=share_in_order(history, since),
                spans=history,
            )
        )
    return found


def state_words(request: web.Request) -> Mapping[str, str]:
    return words(Language(language_of(request))).states
