"""Draws the state machines into docs/states.md, each from its table of transitions in the code.

python docs/states.py
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from hotline.appeals.appeal import AppealState
from hotline.appeals.transitions import Allowed
from hotline.transitions import Transitions

STATES = Path(__file__).with_name("states.md")
_PICTURE = re.compile(r"(<!-- machine ([\w.]+)\.(\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Edge = tuple[str, str, str]
"""From which state, to which, by which event."""


def edges(machine: Transitions | Sequence[Allowed]) -> Iterator[Edge]:
    """List what the table allows, in its order; the beginning and the end are drawn as `[*]`."""
    if not isinstance(machine, Transitions):
        yield from _acts(machine)
        return
    yield from (("[*]", state, "") for state in machine.table if state in machine.initial)
    for state, events in machine.table.items():
        yield from ((state, after, event) for event, after in events.items())
        if not events:
            yield state, "[*]", ""


def _acts(table: Sequence[Allowed]) -> Iterator[Edge]:
    """List the acts that lead from one state of an appeal to another, each once, whoever does it."""
    moving = [row for row in table if row.after is not None]
    yield "[*]", AppealState.REGISTERED, ""
    for state in AppealState:
        led = {(state, row.after, row.act.name): None for row in moving if state in row.before}
        yield from ((before, after, act) for before, after, act in led if after is not before)
        if not led:
            yield state, "[*]", ""


def picture(drawn: Iterable[Edge]) -> str:
    """Draw them; the events between the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, after, event in drawn:
        arrows.setdefault((before, after), []).append(event)
    names = dict.fromkeys(state for arrow in arrows for state in arrow)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{one}" as {_id(one)}' for one in names if _id(one) != one]
    for (before, after), events in arrows.items():
        said = f": {', '.join(events)}" if any(events) else ""
        lines.append(f"    {_id(before)} --> {_id(after)}{said}")
    return "\n".join([*lines, "```"]) + "\n"


def drawn(text: str) -> str:
    """Give the page with its pictures made anew."""

    def anew(found: re.Match[str]) -> str:
        machine = getattr(import_module(found[2]), found[3])
        return f"{found[1]}{picture(edges(machine))}{found[4]}"

    return _PICTURE.sub(anew, text)


def machines(text: str) -> list[str]:
    """Name the tables that the page draws."""
    return [f"{found[2]}.{found[3]}" for found in _PICTURE.finditer(text)]


def _id(state: str) -> str:
    """Give a state's name as Mermaid takes it."""
    return state if state == "[*]" else state.replace("-", "_")


if __name__ == "__main__":
    STATES.write_text(drawn(STATES.read_text(encoding="utf-8")), encoding="utf-8")
