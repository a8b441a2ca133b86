"""docs/design/capacity.md is what its model gives, and the model is what happens when it is played."""

import math

import pytest

from tests.capacity.model import (
    BY_HOUR,
    BY_WEEKDAY,
    Calls,
    answered_within,
    dispatchers,
    erlang_c,
    mean_wait,
    size,
)
from tests.capacity.played import play, spread
from tests.setup.drawings import page, script

SERVICE_SECONDS = 220.0


def test_the_table_is_current() -> None:
    there = page("design/capacity")
    assert script("capacity").drawn(there) == there, "run `python docs/capacity.py`"


@pytest.mark.parametrize(
    ("servers", "load", "waits"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (10, 8.0, 0.409), (10, 10.0, 1.0)]
)
def test_the_share_that_waits_is_erlangs(servers: int, load: float, waits: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(waits, abs=5e-4)


def test_a_line_that_is_played_waits_as_the_formula_says() -> None:
    servers, load = 8, 5.5
    played = play(
        calls_a_second=load / SERVICE_SECONDS / 0.5,
        menu_seconds=45,
        to_person=0.5,
        service_seconds=SERVICE_SECONDS,
        dispatchers=servers,
        hours=150,
    )
    assert played.had_to_wait == pytest.approx(erlang_c(servers, load), abs=0.03)
    assert played.mean_wait_seconds == pytest.approx(mean_wait(servers, load, SERVICE_SECONDS), rel=0.25)
    assert played.within == pytest.approx(answered_within(servers, load, 20, SERVICE_SECONDS), abs=0.03)
    assert played.gave_up == 0


def test_the_dispatchers_of_the_model_answer_in_time_and_one_fewer_would_not() -> None:
    people = Calls()
    for calls in (30, 300, 3000):
        enough = dispatchers(calls, people)
        load = calls * people.to_person * SERVICE_SECONDS / 3600
        assert answered_within(enough, load, 20, SERVICE_SECONDS) >= 0.8
        assert answered_within(enough - 1, load, 20, SERVICE_SECONDS) < 0.8


def test_people_who_give_up_leave_more_room_than_the_formula_allows_for() -> None:
    people = Calls()
    enough = dispatchers(340, people)
    played = play(
        calls_a_second=340 / 3600,
        menu_seconds=people.menu_seconds,
        to_person=people.to_person,
        service_seconds=SERVICE_SECONDS,
        dispatchers=enough,
        hours=20,
        patience_seconds=120,
    )
    assert played.within > 0.8
    assert played.gave_up < 0.05


def test_the_node_with_the_fewest_calls_gets_the_next_so_that_nodes_share_evenly() -> None:
    shares = spread(calls_a_second=15, call_seconds=8, nodes=3, calls=300)
    assert sum(shares) == 300
    assert max(shares) - min(shares) <= 6


def test_ten_times_the_calls_take_fewer_than_ten_times_the_dispatchers() -> None:
    costs = script("capacity").MEASURED
    small, large = (size(calls, Calls(), costs) for calls in (100_000, 1_000_000))
    assert large.dispatchers < 10 * small.dispatchers
    assert large.rows == 10 * small.rows
    assert large.nodes >= small.nodes >= 2


def test_a_small_hotline_takes_what_its_programs_take_at_rest() -> None:
    costs = script("capacity").MEASURED
    rest = (2 * costs.rest_ms_of_node + costs.rest_ms_of_others) / 1000 / costs.used
    assert size(1, Calls(), costs).cores == pytest.approx(rest, rel=0.01)


def test_shares_of_the_day_and_of_the_week_are_of_a_hundred() -> None:
    assert math.isclose(sum(BY_WEEKDAY), 100)
    assert math.isclose(sum(BY_HOUR), 100, abs_tol=1)
