"""Conditions of alert rules, judged as Prometheus judges them (setup/monitoring/alerts_test.yml)."""

import pytest

from cti_server.operation.conditions import Figures, Labels, Values
from cti_server.operation.rules import RULES

OF = {rule.name: rule.when for rule in RULES}
ABANDONED: Labels = (("fate", "abandoned"),)
ANSWERED: Labels = (("fate", "answered"),)


def holds(name: str, *readings: tuple[float, Values]) -> list[Labels]:
    """Judge one rule after these readings, each with its minute."""
    figures = Figures()
    for minute, values in readings:
        figures.add(values, minute * 60, OF[name].remembered)
    return list(OF[name].holds(figures))


def callers(abandoned: float, answered: float) -> Values:
    return {"hotline_callers_today": {ABANDONED: abandoned, ANSWERED: answered}}


def test_each_third_gives_up_and_midnights_fall_to_nothing_is_none() -> None:
    busy = [(0, callers(2, 40)), (31, callers(3, 41)), (42, callers(12, 50))]
    assert holds("HotlineCallersGiveUp", *busy) == [ABANDONED]
    assert holds("HotlineCallersGiveUp", *busy, (90, callers(0, 0))) == []
    assert holds("HotlineCallersGiveUp", (0, callers(2, 40)), (29, callers(30, 40))) == [], "no half hour yet"
    assert holds("HotlineCallersGiveUp", (0, callers(2, 40)), (31, callers(12, 80))) == [], "a fifth"


def test_a_counter_has_grown_within_its_minutes_or_since_the_watch_began() -> None:
    def found(count: float) -> Values:
        return {"hotline_defects": {(("truth", "talk-ends"),): count, (("truth", "call-ends"),): 4}}

    grown = [(("truth", "talk-ends"),)]
    assert holds("HotlineDefects", (0, found(0)), (1, found(1))) == grown
    assert holds("HotlineDefects", (0, found(0)), (1, found(1)), (9, found(1))) == grown
    assert holds("HotlineDefects", (0, found(0)), (1, found(1)), (12, found(1))) == []


@pytest.mark.parametrize(("ready", "waits", "expected"), [(0, 121, [()]), (1, 121, []), (0, 119, [])])
def test_conditions_together_hold_when_each_does(ready: float, waits: float, expected: list[Labels]) -> None:
    now = {
        "hotline_line_waiting": {(): 1.0},
        "hotline_desks_ready": {(): ready},
        "hotline_line_longest_wait_seconds": {(): waits},
    }
    assert holds("HotlineNobodyReady", (0, now)) == expected


def test_of_labels_each_case_counts_and_what_is_missing_is_none() -> None:
    states: Values = {
        "hotline_equipment_state": {
            (("item", "3"), ("kind", "router"), ("state", "out-of-order")): 1,
            (("item", "3"), ("kind", "router"), ("state", "in-order")): 0,
            (("item", "4"), ("kind", "disk"), ("state", "out-of-order")): 0,
        }
    }
    assert holds("HotlineEquipmentOutOfOrder", (0, states)) == [
        (("item", "3"), ("kind", "router"), ("state", "out-of-order"))
    ]
    assert holds("HotlineEquipmentOutOfOrder", (0, {})) == []
    files: Values = {"process_open_fds": {(): 900}, "process_max_fds": {(): 1000}}
    assert holds("HotlineDescriptors", (0, files)) == [()]
    assert holds("HotlineDescriptors", (0, {**files, "process_open_fds": {(): 800}})) == []
    assert holds("HotlineDescriptors", (0, {"process_open_fds": {(): 900}})) == []
