"""What a swap does to the roster is weighed: rest, averages, two shifts at once, and shifts that are gone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.shifts.advice import who_could_come
from hotline.shifts.rest import Breach
from hotline.shifts.roster import DAY, Shift
from hotline.shifts.shift_rules import shift_rules
from hotline.shifts.swap_states import SwapState
from hotline.shifts.swaps import Exchange, Swap, SwapFault, weigh
from hotline.shifts.wishes import DayWish, Wish

ZONE = ZoneInfo("Europe/Kyiv")
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLENA, TARAS = 1, 2


def shift(user: int, day: int, since: int = 8, until: int = 20) -> Shift:
    return Shift(user_id=user, day=MONDAY + day * DAY, since=time(since), until=time(until % 24))


def weighed(given: Shift, *others: Shift, wanted: Shift | None = None, now: datetime = NOW) -> Exchange:
    swap = Swap(id=1, state=SwapState.OFFERED, given=given, to=None, wanted=wanted, words="", offered_at=NOW)
    return weigh(swap, TARAS, [given, *others], shift_rules(), now, ZONE)


def test_a_shift_passes_to_who_takes_it_and_theirs_to_the_giver() -> None:
    assert weighed(shift(OLENA, 0)) == Exchange(shifts=[shift(TARAS, 0)])
    there_and_back = weighed(shift(OLENA, 0), shift(TARAS, 3), wanted=shift(TARAS, 3))
    assert there_and_back == Exchange(shifts=[shift(TARAS, 0), shift(OLENA, 3)])


def test_rest_that_it_breaks_is_told_and_what_was_broken_before_is_not_its_fault() -> None:
    exchange = weighed(shift(OLENA, 1, 6, 14), shift(TARAS, 0))
    assert [(one.breach, one.shift.user_id) for one in exchange.breaches] == [(Breach.REST, TARAS)]
    assert not exchange.holds_the_rules
    assert exchange.fault is None, "the head may approve it"
    before = (shift(TARAS, 3), shift(TARAS, 4, 6, 14))
    assert weighed(shift(OLENA, 0), *before).holds_the_rules


def test_more_hours_than_the_rule_are_told() -> None:
    own = [shift(TARAS, day, 8, 8) for day in (-21, -19, -17, -14, -12, -10)]
    assert weighed(shift(OLENA, 0), *own).over == frozenset()
    assert weighed(shift(OLENA, 0), *own, shift(TARAS, 2, 8, 20)).over == {TARAS}


@pytest.mark.parametrize(
    ("given", "others", "now", "fault"),
    [
        (shift(OLENA, 0), [], NOW + timedelta(hours=18), SwapFault.BEGUN),
        (shift(OLENA, 0), [shift(TARAS, 0, 20, 8)], NOW, SwapFault.TWICE),
        (shift(OLENA, 1, 6, 14), [shift(TARAS, 0, 20, 8)], NOW, SwapFault.TWICE),
    ],
    ids=["begun", "a shift of that day", "at once"],
)
def test_what_cannot_be(given: Shift, others: list[Shift], now: datetime, fault: SwapFault) -> None:
    assert weighed(given, *others, now=now).fault is fault


def test_a_shift_that_the_roster_has_no_more_is_not_swapped() -> None:
    gone = Swap(
        id=1, state=SwapState.AGREED, given=shift(OLENA, 0), to=None, wanted=None, words="", offered_at=NOW
    )
    changed = [shift(OLENA, 0, 9, 18)]
    assert weigh(gone, TARAS, changed, shift_rules(), NOW, ZONE).fault is SwapFault.CHANGED


def test_who_wishes_to_come_is_advised_first_and_who_asks_for_a_day_off_never() -> None:
    nadia, ivan = 3, 4
    lacking = [0] * 16 + [1] * 24 + [0] * 8
    shifts = [shift(TARAS, -1, 20, 8), shift(ivan, 3)]
    wishes = [
        DayWish(user_id=OLENA, day=MONDAY, wish=Wish.OFF, reason="", made_at=NOW),
        DayWish(user_id=nadia, day=MONDAY, wish=Wish.WORK, reason="", made_at=NOW),
    ]
    people = [OLENA, TARAS, ivan, nadia]
    found = who_could_come(MONDAY, lacking, people, shifts, wishes, shift_rules(), ZONE)
    assert [(one.user_id, one.kind.code, one.hours, one.wishes_to) for one in found] == [
        (nadia, "day", 0, True),
        (ivan, "day", 12, False),
    ], "Taras comes from the night"
