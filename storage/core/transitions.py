"""Statements that move rows by a table of transitions: a row in any other state stays as it is."""

from typing import Any

from sqlalchemy import ColumnElement, Table, Update, case, literal, update

from hotline.transitions import EventT, StateT, Transitions
from storage.core.constants import is_one_of


def allows(
    column: ColumnElement[str], machine: Transitions[StateT, EventT], event: EventT
) -> ColumnElement[bool]:
    """Tell in SQL whether the event is possible in the state that stands in the column."""
    return is_one_of(column, (state.value for state in machine.sources(event)))


def leads_to(
    column: ColumnElement[str], machine: Transitions[StateT, EventT], event: EventT
) -> ColumnElement[str]:
    """Give in SQL the state to which the event leads from the one in the column."""
    steps = {state.value: machine.after(state, event).value for state in machine.sources(event)}
    if len(set(steps.values())) == 1:
        return literal(next(iter(steps.values())))
    return case(steps, value=column)


def moving(table: Table, machine: Transitions[StateT, EventT], event: EventT, **values: Any) -> Update:
    """Make the statement that moves rows by the column `state` of their table, with the values beside it."""
    moved = update(table).where(allows(table.c.state, machine, event))
    return moved.values(state=leads_to(table.c.state, machine, event), **values)
