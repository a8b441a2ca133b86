"""No state is written by hand: statements take it from the tables of transitions."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import storage
from tests.hotline.test_transitions import MACHINES

FILES = [file for file in Path(storage.__path__[0]).rglob("*.py") if "migrations" not in file.parts]
COLUMNS = frozenset({"state", "presence", "wish"})
INITIAL: dict[str, frozenset[StrEnum]] = {
    type(state).__name__: machine.initial for machine in MACHINES.values() for state in machine.initial
}
"""The states in which a machine may begin, by the name of its states' class."""


def _typed(value: ast.expr) -> tuple[str, str] | None:
    """The class and the name of a state that stands in the code: `QueueEntryState.LEFT.value`."""
    if isinstance(value, ast.Attribute) and value.attr == "value":
        value = value.value
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in INITIAL:
        return value.value.id, value.attr
    return None


def _written() -> Iterator[tuple[str, tuple[str, str], bool]]:
    """Each state that is written as it stands in the code, and whether a statement updates to it."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "values"
            ):
                pairs: list[tuple[object, ast.expr, bool]] = [
                    (one.arg, one.value, True) for one in node.keywords
                ]
            elif isinstance(node, ast.Dict):
                named = zip(node.keys, node.values, strict=True)
                pairs = [(key.value, value, False) for key, value in named if isinstance(key, ast.Constant)]
            else:
                continue
            for column, value, updates in pairs:
                if column in COLUMNS and (typed := _typed(value)) is not None:
                    yield f"{file.name}:{value.lineno}", typed, updates


def test_no_statement_writes_a_state_that_is_typed_into_it() -> None:
    assert [where for where, _, updates in _written() if updates] == []


def test_rows_begin_in_a_state_in_which_the_machine_may() -> None:
    begun = [(where, typed) for where, typed, updates in _written() if not updates]
    assert begun
    for where, (states, name) in begun:
        assert name in {one.name for one in INITIAL[states]}, where
