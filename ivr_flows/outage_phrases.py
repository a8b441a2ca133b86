"""Phrases about an outage: utility, place, start, expected end and reason; and the caller's options.

A phrase's name changes with its words: a call after an edit hears the edited ones.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

from hotline.city.addresses import Address, Area, house_number
from hotline.city.classifier import Utility
from hotline.city.search_terms import normalised
from hotline.outages.outage import Outage
from hotline.voice.read_aloud import as_far_as, read_aloud
from hotline.voice.speech import Language, Phrase
from ivr_flows import english_places, places_in_chat, ukrainian_places
from ivr_flows.figures import FIGURES
from ivr_flows.languages import Said, Words, in_both, phrase

LONGEST_REASON = 200
"""Letters of a reason that are read aloud."""
REMEMBERED = 1024
"""Places whose words are cached: hundreds of callers ask for the same ones."""
_OWN_SENTENCES = frozenset({Utility.LIFTS, Utility.ROADS})
"""These are not "switched off"."""

REPORTED = (Utility.WATER, Utility.HOT_WATER, Utility.HEAT, Utility.POWER, Utility.GAS, Utility.LIFTS)
"""Utilities that callers report by key, or aloud, in the order of the keys."""

CITY_EMERGENCY = phrase("city-emergency")
SEVERAL_OUTAGES = phrase("several-outages")
OUTAGE_KEYS = phrase("outage-keys")
OUTAGE_KEYS_HIDDEN = phrase("outage-keys-hidden")
OUTAGE_ALOUD = phrase("outage-aloud")
WATCH_NOTED = phrase("watch-noted")
WATCH_KNOWN = phrase("watch-known")
NO_OUTAGES = phrase("no-outages")
NO_OTHER_OUTAGES = phrase("no-other-outages")
NOTHING_AT_YOURS = phrase("nothing-at-yours")
ASK_HOUSE = phrase("ask-house")
ANOTHER_ADDRESS = phrase("another-address")
SOMETHING_OFF = phrase("something-off")
REPORT_NOTED = phrase("report-noted")
SAY_ADDRESS = phrase("say-address")
SAY_HOUSE = phrase("say-house")
SAY_WHAT_IS_OFF = phrase("say-what-is-off")
REPORT_ANYWHERE_ALOUD = phrase("report-anywhere-aloud")
_IS_IT_OFF_LIFTS = phrase("is-it-off-lifts")
_REASON = phrase("outage-reason")
ASK_WHERE = phrase("ask-where")
REPORT_ANYWHERE = phrase("report-anywhere")
CHOOSE_STREET = phrase("choose-street")
_LETTERS_ELSE = phrase("letters-else")
_WHERE_MORE = phrase("where-more")
_WHERE_ELSE = phrase("where-else")

FIXED = (
    *(CITY_EMERGENCY, SEVERAL_OUTAGES, OUTAGE_KEYS, OUTAGE_KEYS_HIDDEN, OUTAGE_ALOUD),
    *(WATCH_NOTED, WATCH_KNOWN),
    *(NO_OUTAGES, NO_OTHER_OUTAGES, NOTHING_AT_YOURS, ASK_HOUSE, ANOTHER_ADDRESS),
    *(SOMETHING_OFF, REPORT_NOTED),
    *(SAY_ADDRESS, SAY_HOUSE, SAY_WHAT_IS_OFF, REPORT_ANYWHERE_ALOUD),
    *(_REASON, ASK_WHERE, _WHERE_MORE, _WHERE_ELSE, REPORT_ANYWHERE, CHOOSE_STREET, _LETTERS_ELSE),
)


class Places(Protocol):
    """The interface of a language's module of places."""

    def name(self, street: str, /) -> str: ...
    def at(self, street: str, /) -> str: ...
    def houses(self, area: Area, /) -> str: ...
    def letter(self, letter: str, /) -> str: ...


def announcement(
    outage: Outage, addresses: Sequence[Address], timezone: tzinfo, *, now: datetime
) -> list[Phrase]:
    """Tell those at the addresses of one outage that concerns them: of its areas only those they live in."""
    parts = [area for area in outage.areas if any(area.covers(one) for one in addresses)]
    return _told(outage, parts, timezone, now)


def whole(outage: Outage, timezone: tzinfo, *, now: datetime) -> list[Phrase]:
    """Say it with all of its areas, as the page shows it to the user who enters it."""
    return _told(outage, outage.areas, timezone, now)


def as_one(outage: Outage, timezone: tzinfo, *, now: datetime) -> Phrase:
    """Put the whole of it into one phrase, which a person can record.

    Its words change at midnight; what somebody recorded is right until the outage itself changes.
    """
    parts = whole(outage, timezone, now=now)
    uk, en = (" ".join(part.text(language) for part in parts) for language in Language)
    return replace(recordable(outage, now=now), uk=uk, en=en)


def recordable(outage: Outage, *, now: datetime) -> Phrase:
    """Give `as_one` without its words, which take long where the outage has many areas."""
    overdue = outage.expected_end is not None and outage.expected_end <= now
    made_of = f"version {outage.version}{', overdue' if overdue else ''}"
    return Phrase(name=f"outage-{outage.id}", uk="", en="", made_of=made_of)


def _told(outage: Outage, parts: Sequence[Area], timezone: tzinfo, now: datetime) -> list[Phrase]:
    return [*_told_in_the_minute(outage, tuple(parts), timezone, now.replace(second=0, microsecond=0))]


@lru_cache(REMEMBERED)
def _told_in_the_minute(
    outage: Outage, parts: tuple[Area, ...], timezone: tzinfo, now: datetime
) -> Sequence[Phrase]:
    """Put it into words: once a minute for all who live in the same places, and not for each who calls."""
    first = parts[0] if parts else None
    also = [_also(outage, area) for area in parts[1:]]
    return [_what(outage, first), *also, _times(outage, timezone, now), *_why(outage)]


def spoken_ahead(outage: Outage, timezone: tzinfo, *, now: datetime) -> Iterator[Phrase]:
    """Return all phrases that a caller may hear of it: each area alone, and as a further one of theirs."""
    for area in outage.areas:
        yield from (_what(outage, area), _also(outage, area))
    if outage.city_wide:
        yield _what(outage, None)
    yield _times(outage, timezone, now)
    yield from _why(outage)


def where_choices(by_key: Mapping[str, str], *, more: bool, asked: Phrase = ASK_WHERE) -> list[Phrase]:
    """Ask, and offer these streets by their keys, and what else there is; `more`: another list follows."""
    offered = [_choice(street, key) for key, street in by_key.items()]
    return [asked, *offered, *([_WHERE_MORE] if more else []), _WHERE_ELSE]


def _choice(street: str, key: str) -> Phrase:
    return named(
        f"where-{key}",
        lambda said, words: said["where-choice"].format(
            street=_places(words).name(street), key=words.key(key)
        ),
    )


def letter_choices(groups: Mapping[str, str], *, first: bool) -> list[Phrase]:
    """Offer letters by their keys, those of one key together: "А, бе, ве — натисніть два."."""
    begins = "letters-first" if first else "letters-next"

    def text(said: Said, words: Words) -> str:
        offered = (
            said["letters-choice"].format(
                letters=", ".join(map(_places(words).letter, letters)), key=words.key(key)
            )
            for key, letters in groups.items()
        )
        return " ".join([said[begins], *offered])

    return [named(begins, text), _LETTERS_ELSE]


def is_it_house(number: str, letter: str) -> Phrase:
    """Ask whether the caller's house has that letter, which no key of a telephone has."""
    area = Area(street="", first=int(number), last=int(number), letter=letter)
    return named(
        f"is-it-house-{number}",
        lambda said, words: said["is-it-house"].format(house=_places(words).houses(area)),
    )


def is_it_address(there: Address) -> Phrase:
    """Ask whether that is where the caller is."""

    def text(said: Said, words: Words) -> str:
        return said["is-it-address"].format(address=address_said(there, said, words))

    return named("is-it-address", text)


def is_it_off_at(utility: Utility, there: Address) -> Phrase:
    """Ask whether this is off, and off there: both at once."""
    key = "is-it-off-at-lifts" if utility is Utility.LIFTS else "is-it-off-at"

    def text(said: Said, words: Words) -> str:
        off = said.get(f"utility-{utility}", "")
        return said[key].format(utility=off, address=address_said(there, said, words))

    return named("is-it-off-at", text)


def address_said(there: Address, said: Said, words: Words) -> str:
    """Write it to be read aloud; a house in which there is more than number and letter, as it is."""
    number = house_number(there)
    plain = number is not None and normalised(there.house) == f"{number[0]}{number[1]}"
    places = _places(words)
    house = said["house-as-written"].format(house=there.house)
    if plain and number is not None:
        house = places.houses(Area(street="", first=number[0], last=number[0], letter=number[1]))
    return places.name(there.street) + (f", {house}" if there.house else "")


def is_it_off(utility: Utility) -> Phrase:
    """Ask whether a report is to be taken down that this is off."""
    if utility is Utility.LIFTS:
        return _IS_IT_OFF_LIFTS
    return in_both(
        f"is-it-off-{utility}",
        lambda said, _words: said["is-it-off"].format(utility=said[f"utility-{utility}"]),
    )


def _what(outage: Outage, area: Area | None) -> Phrase:
    own = f"-{outage.utility}" if outage.utility in _OWN_SENTENCES else ""

    def text(said: Said, words: Words) -> str:
        place = said["outage-everywhere"] if area is None else where(area, words)
        utility = said.get(f"utility-{outage.utility}", "")
        return said[f"outage-{outage.kind}{own}"].format(utility=utility, where=place)

    return named(f"outage-{outage.id}-what", text)


def _also(outage: Outage, area: Area) -> Phrase:
    return named(
        f"outage-{outage.id}-also",
        lambda said, words: said["outage-also"].format(where=where(area, words)),
    )


def _times(outage: Outage, timezone: tzinfo, now: datetime) -> Phrase:
    return named(
        f"outage-{outage.id}-times",
        lambda said, words: (
            f"{_since(outage, timezone, now, said, words)} {until(outage, timezone, now, said, words)}"
        ),
    )


def _since(outage: Outage, timezone: tzinfo, now: datetime, said: Said, words: Words) -> str:
    began = outage.starts_at.astimezone(timezone)
    day = words.near_day(began.date(), now.astimezone(timezone).date())
    return said["outage-since"].format(moment=f"{day} {words.at(began.time())}")


def until(outage: Outage, timezone: tzinfo, now: datetime, said: Said, words: Words) -> str:
    """Say until when it lasts, as a sentence of that language."""
    if outage.expected_end is None:
        return said["outage-until-unknown"]
    if outage.expected_end <= now:
        return said["outage-overdue"]
    over = outage.expected_end.astimezone(timezone)
    # Midnight belongs to the day that it ends: "today until midnight" is what people say.
    last_day = (over - timedelta(microseconds=1)).date()
    day = words.near_day(last_day, now.astimezone(timezone).date())
    return said["outage-until"].format(moment=f"{day} {words.until(over.time())}")


def _why(outage: Outage) -> Sequence[Phrase]:
    return why(outage.reason, f"outage-{outage.id}-reason")


def why(reason: str, name: str) -> Sequence[Phrase]:
    """Read the reason as it was written: a phrase of its own, the voice is chosen by a phrase's letters."""
    aloud = as_far_as(read_aloud(reason), LONGEST_REASON)
    if not aloud:
        return []
    said = named(name, lambda _said, _words: aloud)
    return [_REASON, replace(said, read=lambda _language: reason, choices=False)]


@lru_cache(REMEMBERED)
def where(area: Area, words: Words) -> str:
    """Say where an area is: `на вулиці Атомників, будинки 1–15`, in words."""
    places = _places(words)
    houses = places.houses(area)
    return f"{places.at(area.street)}, {houses}" if houses else places.at(area.street)


def _places(words: Words) -> Places:
    """Give the places of a language, or those of chats, whose words are figures."""
    ukrainian = words.LANGUAGE is Language.UKRAINIAN
    if words in FIGURES.values():
        return places_in_chat.UKRAINIAN if ukrainian else places_in_chat.ENGLISH
    return ukrainian_places if ukrainian else english_places


def named(stem: str, text: Callable[[Said, Words], str]) -> Phrase:
    made = in_both(stem, text)
    digest = hashlib.sha256(f"{made.uk}\n{made.en}".encode()).hexdigest()[:8]
    return replace(made, name=f"{stem}-{digest}")
