"""Every machine of the hotline: each pair of a state and an event is in its table, or raises."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

import hotline
from hotline.errors import ForbiddenTransition
from hotline.transitions import Transitions

Machine = Transitions[Any, Any]


class GatewayHook(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


class Hand(StrEnum):
    PUSH = "push"
    TURN = "turn"


DOOR: Transitions[GatewayHook, Hand] = Transitions(
    subject="The door",
    initial=frozenset({GatewayHook.OPEN}),
    table={
        GatewayHook.OPEN: {Hand.PUSH: GatewayHook.SHUT},
        GatewayHook.SHUT: {Hand.PUSH: GatewayHook.OPEN, Hand.TURN: GatewayHook.LOCKED},
        GatewayHook.LOCKED: {},
    },
)


def _states(machine: Machine) -> type[StrEnum]:
    return type(next(iter(machine.table)))


def _events(machine: Machine) -> type[StrEnum]:
    return type(next(event for events in machine.table.values() for event in events))


def machines() -> Iterator[tuple[str, Machine]]:
    """Every table of the package, by its name in the module of its states."""
    for module in pkgutil.walk_packages(hotline.__path__, "hotline."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Transitions) and _states(value).__module__ == module.name:
                yield f"{module.name}.{name}", value


MACHINES = dict(machines())
every = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())


@every
def test_each_pair_of_state_and_event_is_in_the_table_or_raises(machine: Machine) -> None:
    for state in _states(machine):
        for event in _events(machine):
            if event in machine.table[state]:
                assert machine.after(state, event) is machine.table[state][event]
                assert state in machine.sources(event)
            else:
                assert state not in machine.sources(event)
                with pytest.raises(ForbiddenTransition, match=f"is {state}: {event} is not possible"):
                    machine.after(state, event)


@every
def test_no_state_is_left_out_and_each_is_reached(machine: Machine) -> None:
    assert set(machine.table) == set(_states(machine))
    reached, waiting = set(machine.initial), list(machine.initial)
    while waiting:
        for state in machine.table[waiting.pop()].values():
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    assert reached == set(_states(machine))


@every
def test_no_event_is_left_that_leads_nowhere(machine: Machine) -> None:
    assert {event for events in machine.table.values() for event in events} == set(_events(machine))


def test_the_table_says_what_is_possible_and_whereto_it_leads() -> None:
    assert DOOR.possible(GatewayHook.SHUT) == {Hand.PUSH, Hand.TURN}
    assert DOOR.possible(GatewayHook.LOCKED) == frozenset()
    assert DOOR.sources(Hand.PUSH) == {GatewayHook.OPEN, GatewayHook.SHUT}
    assert DOOR.target(Hand.TURN) is GatewayHook.LOCKED


def test_a_statement_cannot_be_made_of_an_event_with_two_ends() -> None:
    with pytest.raises(ValueError, match=r"push leads to \['open', 'shut'\]"):
        DOOR.target(Hand.PUSH)


def test_what_is_refused_says_whose_state_it_is() -> None:
    with pytest.raises(ForbiddenTransition, match=r"The door is open: turn is not possible then\."):
        DOOR.after(GatewayHook.OPEN, Hand.TURN)
