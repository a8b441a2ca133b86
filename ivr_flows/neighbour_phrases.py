"""Phrases for callers of another city, whose telephone we answer by agreement.

While they are said the catalogue's `‹city›` is that city (`hotline.voice.city_name.in_name_of`).
"""

from datetime import datetime, tzinfo

from hotline.neighbours.line import NeighbourLine
from hotline.voice.city_name import CITY_NAME
from hotline.voice.speech import Language, Phrase
from ivr_flows.languages import CATALOGUES, in_both, phrase

OUTAGES = phrase("neighbour-outages")
NO_OUTAGES = phrase("neighbour-no-outages")
MORE_OUTAGES = phrase("neighbour-more-outages")
MENU = phrase("neighbour-menu")

FIXED = (OUTAGES, NO_OUTAGES, MORE_OUTAGES, MENU)


def answered_by() -> Phrase:
    """Tell whose dispatchers answer: the city's own."""
    ours, key = CITY_NAME.get(), "neighbour-answered-by"
    return Phrase(
        name=key,
        uk=CATALOGUES[Language.UKRAINIAN][key].format(whose=ours.whose),
        en=CATALOGUES[Language.ENGLISH][key].format(whose=ours.en),
    )


def as_of(line: NeighbourLine, timezone: tzinfo, *, now: datetime) -> Phrase:
    """Tell how old the copy is, where the other city's hotline is away."""
    made, today = line.agreement.read_at.astimezone(timezone), now.astimezone(timezone).date()
    return in_both(
        "neighbour-as-of",
        lambda said, words: said["neighbour-as-of"].format(
            moment=f"{words.near_day(made.date(), today)} {words.at(made.time())}"
        ),
    )


def message(line: NeighbourLine) -> Phrase | None:
    """Give the message to the whole of that city; None while none is on."""
    on = line.copy.message
    if on is None:
        return None
    return Phrase(name=f"neighbour-{line.agreement.id}-message-{on.mark}", uk=on.uk, en=on.en, once=True)
