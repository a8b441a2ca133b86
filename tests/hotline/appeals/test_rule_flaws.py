from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.routing import Misfit, OnDays, RoutingCase, Rule, revision, who_gets
from hotline.appeals.rule_flaws import EmergencyGap, RuleFinding, RuleFlaw, emergency_gap, flaws
from hotline.appeals.rule_trying import ReroutedAppeal, elsewhere, try_rules
from hotline.city.addresses import Area
from hotline.city.classifier import Utility, classifier
from hotline.city.days_off import DaysOff
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from tests.hotline.appeals.people import APPEAL, HEAT, KYIV, WATER

NONE_OFF = DaysOff()
KNOWN = classifier()
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=KYIV)
ASKED = RoutingCase(category="heat-none", utility=Utility.HEAT, address="Київський квартал, 7", local=MONDAY)
QUARTER = Area(street="Київський квартал")
DAY = ContactHours(since=time(8), until=time(17), days=frozenset(range(1, 6)))


def rule(number: int, **fields: object) -> Rule:
    return Rule(**{"id": number, "order": number, "executor_id": HEAT, **fields})


def found(*rules: Rule, days: DaysOff = NONE_OFF, closed: frozenset[int] = frozenset()) -> list[RuleFinding]:
    return list(flaws(rules, KNOWN, days, closed))


def test_rules_that_share_nothing_have_no_flaws() -> None:
    assert found(rule(1, categories=("heat-*",)), rule(2, categories=("water-*",))) == []
    assert found(rule(1, hours=DAY), rule(2, hours=ContactHours(since=time(17), until=time(8)))) == []


def test_what_an_earlier_rule_takes_whole_never_fires() -> None:
    assert found(rule(1, categories=("heat-*",)), rule(2, categories=("heat-none",))) == [
        RuleFinding(rule_id=2, flaw=RuleFlaw.HIDDEN, by=(1,))
    ]
    assert found(rule(1), rule(2, areas=(QUARTER,))) == [
        RuleFinding(rule_id=2, flaw=RuleFlaw.HIDDEN, by=(1,))
    ]
    assert found(rule(1, active=False), rule(2)) == []


def test_several_rules_together_hide_one() -> None:
    night = ContactHours(since=time(17), until=time(8), days=DAY.days)
    weekend = ContactHours(days=frozenset({6, 7}))
    monday_morning = ContactHours(since=time(0), until=time(8), days=frozenset({1}))
    hiding = (rule(1, hours=DAY), rule(2, hours=night), rule(3, hours=weekend))
    assert [one.flaw for one in found(*hiding, rule(4))] == []
    (hidden,) = found(*hiding, rule(4, hours=monday_morning), rule(5))
    assert (hidden.rule_id, hidden.flaw) == (5, RuleFlaw.HIDDEN)


def test_a_part_that_goes_to_another_enterprise_is_told() -> None:
    part = Area(street="Київський квартал", first=1, last=9)
    assert found(rule(1, executor_id=WATER, areas=(part,)), rule(2, areas=(QUARTER,))) == [
        RuleFinding(rule_id=2, flaw=RuleFlaw.PARTLY_HIDDEN, by=(1,))
    ]
    assert found(rule(1, areas=(part,)), rule(2, areas=(QUARTER,))) == []
    beyond = Area(street="Київський квартал", first=10)
    assert found(rule(1, executor_id=WATER, areas=(part,)), rule(2, areas=(beyond,))) == []
    assert found(rule(1, areas=(part, QUARTER)), rule(2, areas=(beyond,)))[0].flaw is RuleFlaw.HIDDEN
    assert (
        found(rule(1, areas=(Area(street="Київський"),)), rule(2, areas=(part,)))[0].flaw is RuleFlaw.HIDDEN
    )


def test_what_names_nothing_or_no_day_or_a_closed_enterprise_never_fires() -> None:
    assert found(rule(1, categories=("no-such",)))[0].flaw is RuleFlaw.NO_CATEGORY
    sundays = ContactHours(days=frozenset({7}))
    assert found(rule(1, hours=sundays, on_days=OnDays.WORKING))[0].flaw is RuleFlaw.NO_TIME
    assert found(rule(1, hours=DAY, on_days=OnDays.OFF))[0].flaw is RuleFlaw.NO_TIME
    holidays = DaysOff(each_year=frozenset({(3, 2)}))
    assert found(rule(1, hours=DAY, on_days=OnDays.OFF), days=holidays) == []
    assert [one.flaw for one in found(rule(1), rule(2), closed=frozenset({HEAT}))] == [RuleFlaw.CLOSED] * 2
    assert found(rule(1), rule(2, executor_id=WATER), closed=frozenset({HEAT})) == [
        RuleFinding(rule_id=1, flaw=RuleFlaw.CLOSED)
    ]


SOME = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 9),
        order=st.integers(0, 9),
        executor_id=st.sampled_from([HEAT, WATER]),
        categories=st.lists(st.sampled_from(["heat-none", "heat-*", "water-*"]), max_size=2).map(tuple),
        areas=st.lists(
            st.sampled_from([QUARTER, Area(street="Київський квартал", last=5), Area(street="Київський")]),
            max_size=1,
        ).map(tuple),
        hours=st.sampled_from(
            [
                ContactHours(),
                DAY,
                ContactHours(since=time(17), until=time(8)),
                ContactHours(since=time(20), until=time(6), days=frozenset({5, 7})),
            ]
        ),
        on_days=st.sampled_from(OnDays),
        active=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(
    SOME,
    st.sampled_from(["heat-none", "heat-weak", "water-none"]),
    st.sampled_from(
        ["Київський квартал, 3", "Київський квартал, 9", "Київський квартал", "Ризький квартал, 1"]
    ),
    st.integers(0, 7 * 24 * 4 - 1),
    st.sampled_from([NONE_OFF, DaysOff(each_year=frozenset({(3, 4)}))]),
)
def test_what_is_said_never_to_fire_never_does(
    rules: list[Rule], category: str, address: str, quarter: int, days: DaysOff
) -> None:
    local = MONDAY.replace(hour=0) + timedelta(minutes=15 * quarter)
    known = KNOWN.categories.get(category)
    asked = RoutingCase(
        category=category, utility=known.utility if known else None, address=address, local=local
    )
    never = {one.rule_id for one in flaws(rules, KNOWN, days) if one.flaw is not RuleFlaw.PARTLY_HIDDEN}
    fired = who_gets(rules, asked, days)
    if known is not None:
        assert getattr(fired, "rule", rule(99)).id not in never
    tried = try_rules(rules, asked, days)
    assert [one.rule for one in tried if one.misfit is None] == (
        [fired.rule] if hasattr(fired, "rule") else []
    )


def test_a_dry_run_says_of_each_rule_why_it_was_passed_over() -> None:
    rules = [
        rule(1, active=False),
        rule(2, executor_id=WATER),
        rule(3, categories=("water-*",)),
        rule(4, areas=(Area(street="Ризький квартал"),)),
        rule(5, on_days=OnDays.OFF),
        rule(6, hours=ContactHours(since=time(17), until=time(8))),
        rule(7),
        rule(8),
    ]
    tried = try_rules(rules, ASKED, NONE_OFF, closed={WATER})
    assert [one.misfit for one in tried] == [
        *(Misfit.OFF, Misfit.CLOSED, Misfit.CATEGORY, Misfit.ADDRESS, Misfit.DAY, Misfit.HOURS),
        None,
    ]
    assert tried[-1].rule.id == 7


def test_a_change_tells_which_appeals_would_have_gone_elsewhere() -> None:
    before, after = [rule(1, categories=("heat-*",))], [rule(1, categories=("heat-*",), executor_id=WATER)]
    other = replace(APPEAL, number="2600002", category="water-none")
    assert elsewhere(before, after, [APPEAL, other], days=NONE_OFF, zone=KYIV) == [
        ReroutedAppeal(appeal=APPEAL, before=HEAT, after=WATER)
    ]
    assert elsewhere(before, [], [APPEAL], days=NONE_OFF, zone=KYIV) == [
        ReroutedAppeal(appeal=APPEAL, before=HEAT, after=None)
    ]
    assert elsewhere(before, after, [APPEAL], days=NONE_OFF, zone=KYIV, closed={HEAT, WATER}) == []


@pytest.mark.parametrize("change", [{"note": "x"}, {"active": False}, {"hours": DAY}, {"order": 7}])
def test_a_revision_names_one_very_set(change: dict[str, object]) -> None:
    rules = [rule(1), rule(2)]
    assert revision(rules) == revision(rules[::-1])
    assert revision(rules) != revision([replace(rules[0], **change), rules[1]])


DUTY = Contact(name="Диспетчерська", number="+380671112201")
ATTENDED = Executor(id=HEAT, name="КП «Тепломережі»", short="Тепломережі", contacts=(DUTY,))
NIGHT = ContactHours(since=time(17), until=time(8))


def gap(*rules: Rule, executor: Executor = ATTENDED, days: DaysOff = NONE_OFF) -> EmergencyGap | None:
    return emergency_gap(rules, KNOWN, days, {executor.id: executor})


@pytest.mark.parametrize(
    "rules",
    [
        (rule(1, categories=("emergency",)),),
        (rule(1),),
        (rule(1, hours=ContactHours(since=time(8), until=time(17))), rule(2, hours=NIGHT)),
        (rule(1, on_days=OnDays.OFF), rule(2, on_days=OnDays.WORKING)),
    ],
)
def test_an_emergency_finds_somebody_at_every_hour(rules: tuple[Rule, ...]) -> None:
    assert gap(*rules) is None
    assert gap(*rules, days=DaysOff(each_year=frozenset({(1, 1)}))) is None


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ((), EmergencyGap.NO_RULE),
        ((rule(1, categories=("heat-*",)),), EmergencyGap.NO_RULE),
        ((rule(1, active=False),), EmergencyGap.NO_RULE),
        ((rule(1, areas=(QUARTER,)),), EmergencyGap.NO_RULE),
        ((rule(1, executor_id=WATER),), EmergencyGap.NO_RULE),
        ((rule(1, hours=NIGHT),), EmergencyGap.NO_HOURS),
        ((rule(1, on_days=OnDays.WORKING),), EmergencyGap.NO_HOURS),
    ],
)
def test_an_emergency_that_may_find_nobody_is_told(rules: tuple[Rule, ...], why: EmergencyGap) -> None:
    assert gap(*rules) is why


@pytest.mark.parametrize("contact", [replace(DUTY, number=None), replace(DUTY, kind=ContactKind.MANAGER)])
def test_an_enterprise_without_a_duty_number_is_nobody(contact: Contact) -> None:
    assert gap(rule(1), executor=replace(ATTENDED, contacts=(contact,))) is EmergencyGap.NO_NUMBER


def test_a_closed_enterprise_is_passed_over() -> None:
    assert gap(rule(1), executor=replace(ATTENDED, active=False)) is EmergencyGap.NO_RULE
