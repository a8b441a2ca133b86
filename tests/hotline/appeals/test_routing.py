from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.appeal import AppealKind
from hotline.appeals.routing import OnDays, Routed, RoutingCase, Rule, Unrouted, who_gets
from hotline.city.addresses import Area
from hotline.city.classifier import Urgency, Utility, classifier
from hotline.city.days_off import DaysOff
from hotline.city.terms import end_of
from hotline.enterprises.executors import ContactHours
from tests.hotline.appeals.people import KYIV

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=KYIV)
HOME = "Київський квартал, 7, кв. 12"
ASKED = RoutingCase(category="heat-none", utility=Utility.HEAT, address=HOME, local=MONDAY_NOON)
NONE_OFF = DaysOff()
RULES = st.builds(
    Rule,
    id=st.integers(1, 9),
    order=st.integers(0, 3),
    executor_id=st.integers(1, 3),
    categories=st.lists(st.sampled_from(["heat-none", "heat-*", "water-*", "*"]), max_size=2).map(tuple),
    utilities=st.lists(st.sampled_from(Utility), max_size=2).map(tuple),
    areas=st.lists(
        st.sampled_from([Area(street="Київський квартал"), Area(street="Ризький квартал", first=1)]),
        max_size=1,
    ).map(tuple),
    on_days=st.sampled_from(OnDays),
)


def test_a_complaint_goes_to_whom_a_person_sends_it_and_an_emergency_at_once() -> None:
    complaint = replace(ASKED, kind=AppealKind.COMPLAINT)
    assert who_gets([rule()], complaint, NONE_OFF) == Unrouted(0, complaint=True)
    assert gets(rule(), replace(complaint, urgency=Urgency.EMERGENCY))
    assert gets(rule(), replace(ASKED, kind=AppealKind.PROPOSAL))


def rule(**fields: object) -> Rule:
    return Rule(**{"id": 1, "order": 1, "executor_id": 7, **fields})


def gets(one: Rule, asked: RoutingCase = ASKED, days: DaysOff = NONE_OFF) -> bool:
    return isinstance(who_gets([one], asked, days), Routed)


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"categories": ("heat-none",)}, True),
        ({"categories": ("heat-*",)}, True),
        ({"categories": ("heat",)}, False),
        ({"categories": ("water-*",)}, False),
        ({"utilities": (Utility.HEAT,)}, True),
        ({"utilities": (Utility.WATER,)}, False),
        ({"categories": ("water-*",), "utilities": (Utility.HEAT,)}, True),
        ({"areas": (Area(street="Київський квартал"),)}, True),
        ({"areas": (Area(street="Київський квартал", first=1, last=7),)}, True),
        ({"areas": (Area(street="Київський квартал", first=8),)}, False),
        ({"areas": (Area(street="Київський квартал", last=6),)}, False),
        ({"areas": (Area(street="Київський"),)}, True),
        ({"areas": (Area(street="Київська вулиця"),)}, False),
        ({"areas": (Area(street="Ризький квартал"), Area(street="Київський квартал"))}, True),
        ({"hours": ContactHours(since=time(8), until=time(17))}, True),
        ({"hours": ContactHours(since=time(17), until=time(8))}, False),
        ({"hours": ContactHours(days=frozenset({6, 7}))}, False),
        ({"on_days": OnDays.WORKING}, True),
        ({"on_days": OnDays.OFF}, False),
        ({"active": False}, False),
    ],
)
def test_a_rule_fits_by_category_address_and_time(fields: dict[str, object], fits: bool) -> None:  # noqa: FBT001
    assert gets(rule(**fields)) is fits


def test_a_house_range_needs_a_house() -> None:
    area = Area(street="Київський квартал", first=1, last=99)
    assert not area.holds("Київський квартал")
    assert area.holds("київський КВАРТАЛ 99-а")
    assert not area.holds("Київський квартал, біля школи")
    assert Area(street="вулиця 77-ї Гвардійської").holds("вулиця 77-ї Гвардійської, 3")


def test_hours_over_midnight_belong_to_the_day_on_which_they_began() -> None:
    friday_night = ContactHours(since=time(22), until=time(6), days=frozenset({5}))
    friday = datetime(2026, 3, 6, 23, 0, tzinfo=KYIV)
    assert friday_night.hold(friday)
    assert friday_night.hold(friday + timedelta(hours=6))
    assert not friday_night.hold(friday + timedelta(hours=7))
    assert not friday_night.hold(friday - timedelta(hours=20))


def test_holidays_are_days_off_where_they_are_kept() -> None:
    holiday = DaysOff(each_year=frozenset({(3, 2)}))
    assert gets(rule(on_days=OnDays.OFF), days=holiday)
    assert not gets(rule(on_days=OnDays.WORKING), days=holiday)


def test_without_a_rule_a_person_assigns() -> None:
    assert who_gets([], ASKED, NONE_OFF) == Unrouted(0)
    assert who_gets([rule(categories=("gas-*",))], ASKED, NONE_OFF) == Unrouted(1)


@given(st.lists(RULES, max_size=6), st.randoms())
def test_the_first_rule_that_fits_wins_whatever_order_they_come_in(
    rules: list[Rule], random: st.DrawFn
) -> None:
    found = who_gets(rules, ASKED, NONE_OFF)
    shuffled = list(rules)
    random.shuffle(shuffled)
    again = who_gets(shuffled, ASKED, NONE_OFF)
    if isinstance(found, Unrouted):
        assert isinstance(again, Unrouted)
        assert not any(one.fits(ASKED, NONE_OFF) for one in rules)
        return
    assert isinstance(again, Routed)
    assert (again.rule.order, again.rule.id) == (found.rule.order, found.rule.id)
    assert found.rule.fits(ASKED, NONE_OFF)
    earlier = [one for one in rules if (one.order, one.id) < (found.rule.order, found.rule.id)]
    assert not any(one.fits(ASKED, NONE_OFF) for one in earlier)


OF_APPEALS = sorted(set(classifier().categories) - {classifier().information_request})


@given(st.sampled_from(OF_APPEALS), st.datetimes(timezones=st.just(KYIV)), st.text())
def test_a_rule_that_asks_for_nothing_takes_every_appeal(code: str, local: datetime, address: str) -> None:
    asked = RoutingCase(
        category=code, utility=classifier().categories[code].utility, address=address, local=local
    )
    found = who_gets([rule(order=9), rule(id=2, order=1, categories=("water-*",))], asked, NONE_OFF)
    assert isinstance(found, Routed)
    assert found.rule.order == (1 if code.startswith("water-") else 9)


def test_weekends_are_off_and_a_term_moves_to_the_next_working_day_only_when_asked() -> None:
    assert NONE_OFF.is_off(date(2026, 3, 7))
    assert NONE_OFF.next_working(date(2026, 3, 7)) == date(2026, 3, 9)


def test_a_term_that_ends_on_a_day_off_moves_where_the_city_says_so() -> None:
    saturday = end_of(date(2026, 3, 7), KYIV)
    assert NONE_OFF.moved(saturday, KYIV) == end_of(date(2026, 3, 9), KYIV)
    assert NONE_OFF.moved(end_of(date(2026, 3, 9), KYIV), KYIV).due_on == date(2026, 3, 9)
