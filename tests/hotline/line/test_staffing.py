"""Advice for a weekday, from its calls and shifts."""

import pytest

from hotline.calls.counted import Counted
from hotline.line.report import CallCount, WorkCount, add_up
from hotline.line.staffing import advise

DAYS = 4
NINE = 18


def test_a_busy_half_hour_needs_more_than_were_there_and_a_silent_one_nobody() -> None:
    rows = add_up(
        [
            CallCount(key=NINE, figure=Counted.IN_TIME, waited=10, calls=200, milliseconds=2_000_000),
            CallCount(key=NINE, figure=Counted.ANSWERED, waited=60, calls=120, milliseconds=7_200_000),
            CallCount(key=NINE, figure=Counted.ABANDONED, waited=90, calls=40, milliseconds=3_600_000),
        ],
        [WorkCount(key=NINE, talk=320 * 150.0, after_call=320 * 50.0)],
    )
    found = advise(rows, {NINE: 4 * 0.5 * DAYS}, DAYS)
    assert [one.half_hour for one in found] == list(range(48))
    busy = found[NINE]
    assert busy.offered == 90
    assert busy.service_level == pytest.approx(200 / 360)
    assert busy.on_shift == 4
    assert 10 <= busy.needed <= busy.needed_patient <= 16, "ten erlangs, and some to spare"
    assert busy.lacking == busy.needed - 4
    silent = found[2]
    assert (silent.needed, silent.needed_patient, silent.lacking, silent.service_level) == (0, 0, 0, None)


def test_a_line_that_never_rang_has_no_advice_to_give() -> None:
    assert {one.needed for one in advise({}, {}, DAYS)} == {0}
