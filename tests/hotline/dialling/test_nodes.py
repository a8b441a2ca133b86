"""The node of a call, by its id."""

import pytest

from hotline.dialling.nodes import is_here, node_of, on_node, system_name
from telephony.ids import calling_back, is_outgoing, leg_id, outgoing_id, place_kept, trial_id


@pytest.mark.parametrize(
    ("call_id", "node"),
    [
        ("hotline-1764590000.12", ""),
        ("hotline-a-1764590000.12", "a"),
        ("hotline-north2-1764590000.12", "north2"),
        ("out-0123456789abcdef", ""),
        ("out-survey-12-19ab3f", ""),
        ("out-survey-12-19ab3f.b", "b"),
        (outgoing_id("b"), "b"),
        (trial_id("b"), "b"),
        (outgoing_id(""), ""),
        (calling_back("hotline-a-1764590000.12", 2, "a"), "a"),
        (calling_back("hotline-1764590000.12", 2, ""), ""),
        ("somebody", ""),
    ],
)
def test_a_call_tells_its_node(call_id: str, node: str) -> None:
    assert node_of(call_id) == node
    assert is_here(call_id, "")
    assert is_here(call_id, node)
    assert not is_here(call_id, "other")


@pytest.mark.parametrize("node", ["", "a"])
def test_a_kept_place_is_found_in_the_name_of_its_call_back(node: str) -> None:
    kept = f"{system_name(node)}-1764590000.12"
    back = calling_back(kept, 3, node)
    assert place_kept(back) == kept
    assert is_outgoing(back)
    assert back == on_node(f"out-back-3-{kept}", node)
    assert leg_id(back, 1) == f"ring-{back}-1"
