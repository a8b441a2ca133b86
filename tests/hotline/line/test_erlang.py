"""Erlang C and A agree with what was published, and with our line simulated."""

from dataclasses import replace

import pytest

from hotline.line.erlang import Demand, needed, perform
from tests.hotline.line.simulated_line import simulate

TECHNION = Demand(rate=48 / 60, handling=60.0)
"""48 calls a minute of a minute each, 50 agents: both models compared by O. Garnett, A. Mandelbaum and
M. Reiman, "Designing a Call Center with Impatient Customers" (2002), and in "The Palm/Erlang-A Queue, with
Applications to Call Centers" by A. Mandelbaum and S. Zeltyn (2005), whose callers have two minutes' patience.
"""
CHECKPOINT = Demand(rate=360 / 1800, handling=240.0)
"""The worked example of "The Erlang-C Formula" (mitan.co.uk): 360 calls in half an hour, 55 agents."""
BRONSON = Demand(rate=300 / 365, handling=2.0)
"""R. Bronson, "Operations Research" (Schaum, 1982), 24.6; in days: 300 a year, 2 days each, 3 servers."""
HOTLINE = Demand(rate=90 / 1800, handling=200.0, patience=150.0)


def test_erlang_c_is_as_published() -> None:
    found = perform(CHECKPOINT, 55, 15)
    assert found.waits == pytest.approx(0.239, abs=0.0005)
    assert found.mean_wait == pytest.approx(8.2, abs=0.05)
    assert found.in_time == pytest.approx(0.846, abs=0.0005)
    found = perform(BRONSON, 3, 0)
    assert found.mean_wait == pytest.approx(0.43, abs=0.005)
    assert found.mean_wait * BRONSON.rate == pytest.approx(0.352, abs=0.0005)
    found = perform(TECHNION, 50, 58.1)
    assert found.mean_wait == pytest.approx(20.8, abs=0.05)
    assert found.in_time == pytest.approx(0.9, abs=0.0005), "58.1 s are the 90th percentile"


def test_erlang_a_is_as_published() -> None:
    found = perform(replace(TECHNION, patience=120.0), 50, 20)
    assert found.abandons == pytest.approx(0.031, abs=0.0005)
    assert found.mean_wait == pytest.approx(3.7, abs=0.05)
    talking = TECHNION.load * (1 - found.abandons) / 50
    assert talking == pytest.approx(0.93, abs=0.005)


def test_callers_who_would_wait_for_ever_make_erlang_a_erlang_c() -> None:
    patient, eternal = perform(replace(CHECKPOINT, patience=1e7), 55, 15), perform(CHECKPOINT, 55, 15)
    assert patient.in_time == pytest.approx(eternal.in_time, abs=1e-4)
    assert patient.waits == pytest.approx(eternal.waits, abs=1e-4)


@pytest.mark.parametrize("dispatchers", [7, 10, 13])
@pytest.mark.parametrize("patience", [None, 150.0])
def test_the_simulated_line_fares_as_foretold(dispatchers: int, patience: float | None) -> None:
    demand = replace(HOTLINE, patience=patience)
    if patience is None and dispatchers <= demand.load:
        assert perform(demand, dispatchers, 20).in_time == 0.0, "a line that grows for ever"
        return
    foretold = perform(demand, dispatchers, 20)
    met = simulate(demand, dispatchers, 20, callers=60_000, seed=7)
    assert met.in_time == pytest.approx(foretold.in_time, abs=0.015)
    assert met.abandons == pytest.approx(foretold.abandons, abs=0.01)
    assert met.mean_wait == pytest.approx(foretold.mean_wait, rel=0.15)


@pytest.mark.parametrize("patience", [None, 150.0])
def test_as_many_as_are_needed_meet_the_target_in_the_simulation_and_one_less_does_not(
    patience: float | None,
) -> None:
    demand = replace(HOTLINE, patience=patience)
    enough = needed(demand, within=20, target=0.8)
    assert simulate(demand, enough, 20, callers=60_000, seed=11).in_time >= 0.8
    assert simulate(demand, enough - 1, 20, callers=60_000, seed=11).in_time < 0.8


def test_the_patience_is_found_again_from_waits_and_those_who_gave_up() -> None:
    met = simulate(HOTLINE, 8, 20, callers=60_000, seed=3)
    assert met.mean_wait / met.abandons == pytest.approx(150, rel=0.05), "as `LineSum.patience` estimates it"


def test_impatient_callers_need_fewer_and_more_calls_need_more() -> None:
    by_calls = [
        needed(replace(HOTLINE, rate=calls / 1800), within=20, target=0.8) for calls in (1, 30, 90, 400)
    ]
    assert by_calls == sorted(by_calls)
    assert needed(replace(HOTLINE, patience=None), within=20, target=0.8) > by_calls[2]


def test_nobody_is_needed_where_nobody_calls_and_many_spare_dispatchers_are_no_fault() -> None:
    assert needed(replace(HOTLINE, rate=0.0), within=20, target=0.8) == 0
    assert perform(replace(HOTLINE, rate=0.001), 400, 20).in_time == pytest.approx(1)
