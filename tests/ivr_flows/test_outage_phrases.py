"""An outage in words: what, where, since when, until when, why."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hotline.city.addresses import Address, Area, Side, demo_streets
from hotline.city.classifier import Utility
from hotline.outages.outage import Outage, OutageKind
from hotline.voice.speech import Language
from ivr_flows.outage_phrases import announcement, spoken_ahead, where_choices

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
VILNIUS, ATOMNYKIV = "Вільнюський квартал", "вулиця Атомників"
OUTAGE = Outage(
    id=7,
    entered_at=datetime(2026, 3, 10, 7, 0, tzinfo=UTC),
    utility=Utility.HOT_WATER,
    kind=OutageKind.EMERGENCY,
    starts_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    expected_end=datetime(2026, 11, 25, 16, 30, tzinfo=UTC),
)
IN_PARTS = replace(
    OUTAGE,
    areas=(Area(street=VILNIUS, first=1, last=15, side=Side.ODD), Area(street=ATOMNYKIV)),
    reason="Заміна засувки на вул. Новій.",
)
FIVE = Address(street=VILNIUS, house="5")


def said(outage: Outage, *there: Address, language: Language = Language.UKRAINIAN) -> str:
    told = announcement(outage, there, KYIV, now=NOON)
    return " ".join(phrase.text(language) for phrase in told)


def test_an_outage_says_what_since_when_and_until_when() -> None:
    assert said(OUTAGE) == (
        "Аварійне відключення гарячої води по всьому місту. Почалося вчора об одинадцятій годині. "
        "Відновлення очікується сьогодні до вісімнадцятої години тридцяти хвилин."
    )
    assert said(OUTAGE, language=Language.ENGLISH) == (
        "Emergency outage of hot water in the whole city. It began yesterday at eleven in the morning. "
        "It is expected to be over today by six thirty in the evening."
    )


def test_a_caller_hears_of_their_own_part_alone_and_why() -> None:
    assert said(IN_PARTS, FIVE) == (
        "Аварійне відключення гарячої води у В+ільнюському кварт+алі, "
        "непарні будинки з першого по п'ятнадцятий. Почалося вчора об одинадцятій годині. "
        "Відновлення очікується сьогодні до вісімнадцятої години тридцяти хвилин. "
        "Причина: Заміна засувки на вулиці Новій."
    )


def test_two_homes_of_one_number_are_both_told() -> None:
    both = said(IN_PARTS, FIVE, Address(street=ATOMNYKIV, house="3"))
    assert "п'ятнадцятий. Також на в+улиці +Атомників. Почалося" in both


def test_lifts_and_roads_are_not_switched_off() -> None:
    lifts = replace(IN_PARTS, utility=Utility.LIFTS, kind=OutageKind.REPAIR)
    roads = replace(OUTAGE, utility=Utility.ROADS, kind=OutageKind.PLANNED)
    assert said(lifts, FIVE).startswith("Через ремонт не працюють ліфти у В+ільнюському кварт+алі,")
    assert said(roads).startswith("Через планові роботи перекрито рух по всьому місту.")


def test_an_outage_without_an_end_says_so() -> None:
    assert said(replace(OUTAGE, expected_end=None)).endswith("Час відновлення ще не визначено.")


def test_an_outage_past_its_end_does_not_promise_the_past() -> None:
    late = said(replace(OUTAGE, expected_end=NOON))
    assert "Відновлення очікується" not in late
    assert "довше, ніж очікувалося" in late


def test_midnight_belongs_to_the_day_that_it_ends() -> None:
    midnight = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    assert said(replace(OUTAGE, expected_end=midnight)).endswith("сьогодні до опівночі.")


def test_what_is_changed_is_a_phrase_of_another_name_and_the_rest_keeps_its_own() -> None:
    before = announcement(IN_PARTS, [FIVE], KYIV, now=NOON)
    moved = replace(IN_PARTS, expected_end=NOON + timedelta(hours=9))
    after = announcement(moved, [FIVE], KYIV, now=NOON)
    same = [one.name == other.name for one, other in zip(before, after, strict=True)]
    assert same == [True, False, True, True]


areas = st.builds(
    Area,
    street=st.sampled_from([street.name for street in demo_streets()] + ["вулиця Ставкова", "Тиха"]),
    first=st.none() | st.integers(1, 300),
    last=st.none() | st.integers(1, 300),
    side=st.sampled_from(Side),
    letter=st.sampled_from(["", "а", "Б"]),
)


outages = st.builds(
    lambda begun, lasting, **more: replace(
        OUTAGE,
        starts_at=NOON - begun,
        expected_end=None if lasting is None else NOON - begun + lasting,
        **more,
    ),
    begun=st.timedeltas(timedelta(0), timedelta(days=400)),
    lasting=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    utility=st.sampled_from(Utility),
    kind=st.sampled_from(OutageKind),
    areas=st.lists(areas, max_size=3).map(tuple),
    reason=st.text("абвАБВ 0123№.,", max_size=300),
)


@given(outages)
def test_everything_that_can_be_entered_can_be_said_in_both_languages(outage: Outage) -> None:
    there = [Address(street=area.street) for area in outage.areas]
    told = announcement(outage, there, KYIV, now=NOON)
    assert set(told) <= set(spoken_ahead(outage, KYIV, now=NOON))
    for phrase in told:
        for language in Language:
            text = phrase.text(language)
            assert text.strip()
            assert not re.search(r"[{}0-9]|\s\s|None", text), text


@given(st.lists(areas, min_size=1, max_size=8))
def test_every_place_can_be_offered_by_a_key(areas: list[Area]) -> None:
    by_key = {str(place + 1): area.street for place, area in enumerate(areas)}
    asked = where_choices(by_key, more=True)
    assert len(asked) == len(areas) + 3
    assert all(phrase.text(language).strip() for phrase in asked for language in Language)
