from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.outages.alerts import LOOKS_BACK, Proposal, Threshold, alerts, covering
from hotline.outages.outage import Outage, OutageKind
from hotline.outages.reports import KnownReport, OutageReport, voices

NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KYIV, RIGA, AVENUE = "Київський квартал", "Ризький квартал", "проспект Незалежності"
RULE = Threshold()


def report(minutes: int, house: str = "7", street: str = KYIV, **differs: Any) -> KnownReport:
    """One from the number +38067000000N, N minutes before noon."""
    quarter = differs.pop("quarter", "")
    values: dict[str, Any] = {
        "id": minutes,
        "utility": Utility.WATER,
        "address": Address(street=street, house=house, quarter=quarter),
        "at": NOON - minutes * MINUTE,
        "number": f"+38067{minutes:07d}",
        "call_id": f"c{minutes}",
    }
    return KnownReport(**values | differs)


def found(reports: Sequence[KnownReport], *outages: Outage) -> Sequence[Proposal]:
    return alerts(reports, outages, NOON, RULE)


def water(*areas: Area, **differs: Any) -> Outage:
    values = {"utility": Utility.WATER, "kind": OutageKind.UNPLANNED, "starts_at": NOON - MINUTE} | differs
    return Outage(id=1, areas=areas, entered_at=NOON, **values)


def test_a_report_comes_from_a_call_or_an_appeal() -> None:
    with pytest.raises(ValueError, match="call or from an appeal"):
        OutageReport(utility=Utility.GAS, address=Address(street=KYIV), at=NOON)


def test_three_different_callers_from_one_quarter_are_an_alert_with_their_houses() -> None:
    (one,) = found([report(1, "3"), report(2, "9а"), report(3, "5")])
    assert one.areas == (Area(street=KYIV, first=3, last=9),)
    assert one.voices == 3
    assert [each.id for each in one.reports] == [3, 2, 1]


def test_two_are_not_enough() -> None:
    assert found([report(1), report(2)]) == []


def test_who_calls_again_and_then_has_an_appeal_registered_is_one() -> None:
    again = [report(1), report(2, number="+380670000001"), report(3, number=None, applicant_id=5)]
    assert voices(again) == 2
    again.append(report(4, number="+380670000001", applicant_id=5, call_id=None, appeal="2600001"))
    assert voices(again) == 1
    assert found(again) == []


def test_all_who_hide_their_number_and_name_are_one_together() -> None:
    assert voices([report(1, number=None), report(2, number=None), report(3, number=None)]) == 1


def test_reports_that_are_far_apart_in_time_are_none() -> None:
    assert found([report(1), report(20), report(60)]) == []
    assert len(found([report(1), report(20), report(30)])) == 1


def test_reports_of_different_things_or_places_are_none() -> None:
    assert found([report(1), report(2), report(3, utility=Utility.HOT_WATER)]) == []
    assert found([report(1), report(2), report(3, street=RIGA)]) == []


def test_one_house_is_proposed_as_one_house() -> None:
    (one,) = found([report(1, "7а"), report(2, "7А"), report(3, "7 а")])
    assert one.areas == (Area(street=KYIV, first=7, last=7, letter="а"),)


def test_where_somebody_named_no_house_the_whole_street_is_proposed() -> None:
    (one,) = found([report(1), report(2), report(3, "")])
    assert one.areas == (Area(street=KYIV),)


def test_houses_of_several_streets_of_a_quarter_are_the_quarter() -> None:
    (one,) = found([report(1), report(2, "4", AVENUE, quarter=KYIV), report(3, "6", AVENUE, quarter=KYIV)])
    assert one.areas == (Area(street=KYIV),)


def test_houses_of_one_street_in_a_quarter_are_that_street() -> None:
    (one,) = found([report(at, house, AVENUE, quarter=KYIV) for at, house in ((1, "4"), (2, "6"), (3, "8"))])
    assert one.areas == (Area(street=AVENUE, first=4, last=8),)


def test_two_quarters_without_the_same_are_one_alert_of_two_areas() -> None:
    (one,) = found(
        [report(number, street=KYIV) for number in (1, 2, 3)] + [report(n, "", RIGA) for n in (4, 5, 6)]
    )
    assert set(one.areas) == {Area(street=KYIV, first=7, last=7), Area(street=RIGA)}


def test_what_an_outage_tells_already_is_no_alert() -> None:
    three = [report(1), report(2), report(3)]
    assert found(three, water(Area(street=KYIV))) == []
    assert found(three, water()) == []
    assert len(found(three, water(Area(street=RIGA)))) == 1
    assert len(found(three, water(utility=Utility.POWER))) == 1
    assert len(found(three, water(starts_at=NOON + MINUTE))) == 1
    assert len(found(three, water(ended_at=NOON))) == 1
    assert covering(three[0], [water(Area(street=KYIV))], NOON) == water(Area(street=KYIV))


def test_what_was_reported_long_ago_raises_nothing_now() -> None:
    old = [replace(report(n), at=NOON - LOOKS_BACK - n * MINUTE) for n in (1, 2, 3)]
    assert found(old) == []
    assert len(found([replace(one, alert_id=9) for one in old])) == 1


def test_an_open_alert_grows_by_single_reports_from_its_place() -> None:
    kept = [report(n, alert_id=9) for n in (100, 101, 102)]
    (one,) = found([*kept, report(1, "20"), report(2, street=RIGA)])
    assert one.areas == (Area(street=KYIV, first=7, last=20),)
    assert [each.id for each in one.reports] == [102, 101, 100, 1]


STREETS = (KYIV, RIGA, AVENUE)
REPORTS = st.lists(
    st.builds(
        lambda minutes, street, house, quarter, who, utility, kept: {
            "at": NOON - minutes * MINUTE,
            "utility": utility,
            "address": Address(street=street, house=house, quarter=quarter if street == AVENUE else ""),
            "number": None if who is None else f"+38067000000{who}",
            "alert_id": 9 if kept else None,
        },
        st.integers(0, 90),
        st.sampled_from(STREETS),
        st.sampled_from(("", "1", "7", "7а", "12", "30/2")),
        st.sampled_from((KYIV, RIGA, "")),
        st.sampled_from((1, 2, 3, 4, 5, None)),
        st.sampled_from((Utility.WATER, Utility.POWER)),
        st.booleans(),
    ),
    max_size=14,
).map(lambda many: [KnownReport(id=at, call_id=f"c{at}", **one) for at, one in enumerate(many)])


def fresh(reports: Sequence[KnownReport]) -> Sequence[KnownReport]:
    return [replace(one, alert_id=None) for one in reports]


@given(REPORTS)
def test_each_alert_has_enough_voices_of_one_utility_and_its_areas_hold_all_its_reports(
    reports: Sequence[KnownReport],
) -> None:
    for one in found(fresh(reports)):
        assert one.voices >= RULE.voices
        assert {each.utility for each in one.reports} == {one.utility}
        for each in one.reports:
            assert any(area.covers(each.address) for area in one.areas)


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(reports: Sequence[KnownReport], chance: Any) -> None:
    mixed = list(reports)
    chance.shuffle(mixed)
    assert found(mixed) == found(reports)


@given(REPORTS)
def test_an_alert_keeps_what_it_was_made_of_whatever_comes(reports: Sequence[KnownReport]) -> None:
    proposed = {each.id for one in found(reports) for each in one.reports}
    assert {one.id for one in reports if one.alert_id is not None} <= proposed


@given(REPORTS, REPORTS)
def test_further_reports_never_take_one_away(
    reports: Sequence[KnownReport], more: Sequence[KnownReport]
) -> None:
    before = {each.id for one in found(reports) for each in one.reports}
    further = [replace(one, id=one.id + 100) for one in more]
    after = {each.id for one in found([*reports, *further]) for each in one.reports}
    assert before <= after


@given(REPORTS)
def test_who_reports_again_from_there_raises_nothing_more(reports: Sequence[KnownReport]) -> None:
    again = [replace(one, id=one.id + 100) for one in fresh(reports)]
    quiet = {one.utility for one in found(fresh(reports))}
    assert {one.utility for one in found([*fresh(reports), *again])} == quiet


@given(REPORTS)
def test_what_was_raised_and_is_counted_in_is_raised_the_same_again(reports: Sequence[KnownReport]) -> None:
    first = found(fresh(reports))
    counted = {each.id for one in first for each in one.reports}
    again = found([replace(one, alert_id=9 if one.id in counted else None) for one in fresh(reports)])
    assert [{each.id for each in one.reports} for one in first] == [
        {each.id for each in one.reports} for one in again
    ]
    assert [set(one.areas) for one in first] == [set(one.areas) for one in again]


@given(REPORTS)
def test_an_outage_of_what_was_raised_ends_all_of_it(reports: Sequence[KnownReport]) -> None:
    entered = [
        water(*one.areas, utility=one.utility, starts_at=NOON - MINUTE) for one in found(fresh(reports))
    ]
    assert not {each.id for one in found(fresh(reports)) for each in one.reports} & {
        each.id for one in found(fresh(reports), *entered) for each in one.reports
    }
