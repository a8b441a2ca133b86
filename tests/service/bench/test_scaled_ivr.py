"""What the bench of several machines tells of its turns: each part a call above its rest, and the ratios."""

import pytest

from tests.bench.process import Used
from tests.bench.scaled.ivr import BOTH, ONE_NODE, SINGLE, SQLITE, Cost, figures

REST = Used(6.0, 2.0)
"""Of each part, in two seconds."""
PARTS = ("asterisk", "service", "database")


def cost(each: float, *, edge: float = 0.0, calls: int = 10) -> Cost:
    """Give what so many calls cost whose every part costs so much a call, a half of it in the kernel."""
    used = {part: Used(each, each / 2) * calls for part in PARTS}
    if edge:
        used["edge"] = Used(edge, edge) * calls
    return Cost(
        calls=calls,
        failed=0,
        seconds=4,
        used={part: one + REST * 2 for part, one in used.items()},
        idle_seconds=2,
        idle=dict.fromkeys(used, REST),
        first_prompt_ms=[2.0, None],
        by_node={"a": 4, "b": 6},
    )


def test_each_form_is_told_by_part_and_several_machines_beside_one() -> None:
    costs = {SINGLE: cost(10), SQLITE: cost(8), ONE_NODE: cost(11, edge=2), BOTH: cost(11, edge=3)}
    told = figures(costs)
    assert told["single_cpu_ms_per_call"] == 30
    assert told["both_nodes_cpu_ms_per_call"] == 36
    assert told["both_nodes_edge_ms_per_call"] == 3
    assert told["both_nodes_system_ms_per_call"] == 19.5
    assert told["both_nodes_idle_ms_a_second"] == 12
    assert told["scaled_overhead"] == pytest.approx(0.2)
    assert told["one_node_overhead"] == pytest.approx(35 / 30 - 1, abs=0.001)
    assert told["overhead_over_sqlite"] == 0.5
    assert told["slope_per_node"] == 2
    assert (told["calls_on_a"], told["calls_on_b"]) == (4, 6)


def test_a_program_s_time_and_the_kernel_s_part_of_it_add_up_and_are_taken_off() -> None:
    assert Used(5, 2) + Used(1, 1) == Used(6, 3)
    assert Used(5, 2) - Used(1, 1) == Used(4, 1)
    assert Used(5, 2) * 2 == Used(10, 4)
