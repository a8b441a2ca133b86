"""One bad look is no fault, one good one no recovery; what answers now and then is disturbed."""

from collections.abc import Sequence

import pytest

from hotline.equipment.states import NEVER, Look, Settling, State

LOOKS = {
    "+": Look(state=State.IN_ORDER, said="works"),
    "-": Look(state=State.OUT_OF_ORDER, said="refused"),
    "~": Look(state=State.DISTURBED, said="http-status"),
    "?": Look(state=State.NOT_KNOWN, said="not-checked"),
}
SIGNS = {State.IN_ORDER: "+", State.OUT_OF_ORDER: "-", State.DISTURBED: "~", State.NOT_KNOWN: "?"}


def settled(looks: str, *, needed: int = 3, before: Look = NEVER) -> str:
    """Give the state after each of the looks."""
    settling = Settling(needed, before)
    return "".join(SIGNS[settling.after(LOOKS[one]).state] for one in looks)


@pytest.mark.parametrize(
    ("looks", "states"),
    [
        ("+++", "+++"),
        ("+-+--+", "++++++"),
        ("+---", "+++-"),
        ("+---++-+++", "+++------+"),
        ("---", "??-"),
        ("+-?-", "+++-"),
        ("+---???", "+++---?"),
        ("+---?-?-", "+++-----"),
        ("+???+", "+++?+"),
    ],
)
def test_so_many_looks_in_a_row_count(looks: str, states: str) -> None:
    assert settled(looks) == states


def test_what_comes_and_goes_is_disturbed_until_it_is_steady() -> None:
    states = settled("+-" * 10)
    assert states.endswith("~")
    assert states.count("~") > len(states) / 2
    assert "-" not in states
    assert settled("+-" * 10 + "+" * 20).endswith("+"), "it is in order again once it is steady"
    assert settled("+" + "-" * 30 + "+++").endswith("+"), "one long fault is no coming and going"


def test_a_state_of_before_a_restart_stays_until_the_looks_say_otherwise() -> None:
    assert settled("-+-++-", before=LOOKS["-"]) == "------"
    assert settled("-+++", before=LOOKS["-"]) == "---+"


def seen(state: State, looks: Sequence[Look]) -> Look:
    settling = Settling(1, Look(state=state, said="works"))
    return [settling.after(one) for one in looks][-1]


def test_the_latest_sentence_of_a_state_that_lasts_is_told() -> None:
    last = Look(state=State.OUT_OF_ORDER, said="no-answer")
    assert seen(State.OUT_OF_ORDER, [LOOKS["-"], last]).said == "no-answer"
