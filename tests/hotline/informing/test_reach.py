"""How many an order would tell, for how long and at what price, before it begins."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.delivery.wording import sms_parts
from hotline.informing.orders import Audience, NewOrder, Way
from hotline.informing.reach import AROUND_A_CALL, Prices, Reach, estimate, reach_of

MOBILE, ANOTHER, LANDLINE, LETTER = "+380671112201", "+380671112202", "+380457900033", "a@city.example"
ADDRESSES = {MOBILE, ANOTHER, LANDLINE, LETTER}
ORDER = NewOrder(
    number="12-р",
    dated=date(2026, 12, 1),
    issued_by="Міський голова",
    subject="Вода",
    text="а" * 350,
    short="а" * 71,
    ways=frozenset({Way.CALL, Way.SMS}),
    audience=Audience(),
    starts_at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
)


def reach(order: NewOrder, sms: Sequence[str] = UKRAINIAN_MOBILES) -> Reach:
    return reach_of(order, ADDRESSES, unwanted={ANOTHER}, sms=sms)


def test_who_asked_not_to_be_called_gets_the_message_and_in_an_emergency_the_call_too() -> None:
    assert reach(ORDER) == Reach(called=2, unwanted=1, messages=2, letters=0, silent=1)
    assert reach(replace(ORDER, exempt="Загроза життю")).called == 3


def test_whom_none_of_its_ways_reaches_is_counted() -> None:
    written = replace(ORDER, ways=frozenset({Way.SMS, Way.EMAIL}))
    assert reach(written) == Reach(messages=2, letters=1, silent=1)


def test_a_mobile_to_which_the_city_sends_no_messages_is_told_by_nobody() -> None:
    written = replace(ORDER, ways=frozenset({Way.SMS}))
    assert reach(written, sms=("+38050",)) == Reach(silent=4)
    assert reach(written, sms=("+38067", "+38045")) == Reach(messages=2, silent=2)


def test_time_and_price_follow_from_the_lines_and_the_parts() -> None:
    prices = Prices(sms_part=Decimal("0.85"), call_minute=Decimal(1))
    found = estimate(ORDER, Reach(called=5, messages=3), at_once=2, prices=prices)
    assert found.a_call == timedelta(seconds=35) + AROUND_A_CALL
    assert found.calling == 3 * found.a_call
    assert (found.all_parts, found.sms_cost, found.call_cost) == (6, Decimal("5.10"), Decimal("5.00"))
    assert found.cost == Decimal("10.10")


def test_a_price_that_nobody_has_set_is_no_price_of_nothing() -> None:
    found = estimate(ORDER, Reach(called=5, messages=3), at_once=1, prices=Prices(sms_part=Decimal(1)))
    assert (found.sms_cost, found.call_cost, found.cost) == (Decimal(6), None, None)
    only_written = estimate(ORDER, Reach(messages=3), at_once=0, prices=Prices(sms_part=Decimal(1)))
    assert only_written.cost == Decimal(6)


def test_calls_that_nobody_places_take_no_time_and_cost_nothing() -> None:
    prices = Prices(sms_part=Decimal(1), call_minute=Decimal(1))
    found = estimate(ORDER, Reach(called=5, messages=3), at_once=0, prices=prices)
    assert (found.calling, found.cost) == (None, Decimal(6))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        *(("", 0), ("а" * 70, 1), ("а" * 71, 2), ("а" * 134, 2), ("😀" * 36, 2)),
        *(("a" * 160, 1), ("a" * 161, 2), ("é" * 160, 1), ("`" * 71, 2)),
        *(("[" * 80, 1), ("[" * 81, 2)),
    ],
)
def test_a_short_message_costs_as_many_parts_as_it_has(text: str, parts: int) -> None:
    assert sms_parts(text) == parts
