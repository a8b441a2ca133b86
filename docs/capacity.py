"""Writes the table of docs/design/capacity.md by the model in tests/capacity: what so many calls a year take.

python docs/capacity.py
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from tests.capacity.model import (
    EMERGENCY,
    HOURS_A_YEAR,
    WINTER,
    Calls,
    Costs,
    Size,
    busiest_hour_share,
    size,
)

PAGE = Path(__file__).parent / "design" / "capacity.md"
YEARS = (10_000, 100_000, 1_000_000, 10_000_000)
MEASURED = Costs(
    call_ms=14,
    person_ms=200,
    menu_second_ms=2.6,
    talk_second_ms=9,
    rows=17,
    kilobytes=8.5,
    rest_ms_of_node=21,
    rest_ms_of_others=28,
)
"""On the two processors of docs/performance.md, 1 December 2026."""
_PART = re.compile(r"(<!-- (table|assumptions) -->\n).*?(<!-- end -->)", re.DOTALL)


def drawn(text: str) -> str:
    """Give the page with its parts written anew."""
    parts = {
        "table": table([size(calls, Calls(), MEASURED) for calls in YEARS]),
        "assumptions": assumptions(),
    }
    return _PART.sub(lambda found: f"{found[1]}{parts[found[2]]}{found[3]}", text)


def table(sizes: Sequence[Size]) -> str:
    """Give what each of these takes, as rows of a table."""
    rows: Sequence[tuple[str, Sequence[str]]] = (
        ("calls a year", [f"{one.calls:,}" for one in sizes]),
        ("calls in the busiest hour of an ordinary year", [f"{one.busy_hour:,.0f}" for one in sizes]),
        ("dispatchers in that hour", [f"{one.dispatchers:,}" for one in sizes]),
        ("talks at once in it", [f"{one.talks_at_once:,.1f}" for one in sizes]),
        ("cores in it, all machines together", [f"{one.cores:,.2f}" for one in sizes]),
        ("calls in an hour of emergency", [f"{one.emergency_hour:,.0f}" for one in sizes]),
        ("callers at once in it", [f"{one.emergency_at_once:,}" for one in sizes]),
        ("cores in it", [f"{one.emergency_cores:,.2f}" for one in sizes]),
        ("Asterisk nodes for it, one of them to spare", [f"{one.nodes}" for one in sizes]),
        ("rows a year", [f"{one.rows:,.0f}" for one in sizes]),
        ("GB of the database a year", [f"{one.gigabytes:,.2f}" for one in sizes]),
    )
    head, *others = rows
    lines = [_row(*head), "|---" * (len(sizes) + 1) + "|", *(_row(*one) for one in others)]
    return "\n".join(lines) + "\n"


def assumptions() -> str:
    """Give what the table takes for granted, and what of it is measured."""
    of, costs = Calls(), MEASURED
    busiest = busiest_hour_share() * HOURS_A_YEAR
    return f"""\
Assumed:
- the busiest hour has {busiest:.1f} times the calls of an hour on average: days and weeks as in `BY_HOUR` and
  `BY_WEEKDAY`, the busiest month {WINTER} times the average; an hour of emergency has
  {EMERGENCY:.0f} times as many
- {of.menu_seconds:.0f} s in the menu; {of.to_person:.0%} ask for a dispatcher, in an emergency
  {of.to_person_in_emergency:.0%}: the rest heard of their own outage (`bench blackout`)
- {of.talk_seconds:.0f} s of talk and {of.after_call_seconds:.0f} s after it;
  {of.answered_share:.0%} are answered within {of.answered_seconds:.0f} s, by Erlang C: nobody gives up
- in an emergency who is not answered waits {of.longest_wait_seconds:.0f} s on average

Measured, or set:
- {costs.call_ms:g} ms of a core a call, whatever its length; {costs.menu_second_ms:g} ms for a second
  in which somebody is played something, {costs.talk_second_ms:g} ms for one of a talk that is recorded;
  {costs.person_ms:g} ms for who asks for a dispatcher, with twenty desks open
- {costs.rest_ms_of_node:g} ms in each second for a node and {costs.rest_ms_of_others:g} ms for all else,
  whether anybody calls or not
- {costs.rows:g} rows and {costs.kilobytes:g} kB of the database a call
- processors are used by {costs.used:.0%} at most; a node has {costs.cores_of_node} cores, and sound
  ports for {costs.callers_of_node:,} callers
"""


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
