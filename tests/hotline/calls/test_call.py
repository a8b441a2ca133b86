"""How a call is judged by its journey."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.call import JourneyStep, Outcome, Scalar, Step, outcome_of
from tests.fakes.clock import NOON

BEGIN = (Step.ARRIVED, Step.ANSWERED, Step.HEARD)


def _journey(steps: Sequence[Step]) -> list[JourneyStep]:
    return [
        JourneyStep(call_id="1", number=number, at=NOON, step=step) for number, step in enumerate(steps, 1)
    ]


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ((), Outcome.HUNG_UP_IN_MENU),
        (BEGIN, Outcome.HUNG_UP_IN_MENU),
        ((*BEGIN, Step.WRONG_KEY, Step.SILENT), Outcome.HUNG_UP_IN_MENU),
        ((*BEGIN, Step.INFORMED), Outcome.ANSWERED_BY_MACHINE),
        ((*BEGIN, Step.JOINED_LINE), Outcome.ABANDONED_IN_LINE),
        ((*BEGIN, Step.FELL_BACK), Outcome.ABANDONED_IN_LINE),
        ((*BEGIN, Step.INFORMED, Step.JOINED_LINE, Step.DISPATCHER_OFFERED), Outcome.ABANDONED_IN_LINE),
        ((*BEGIN, Step.JOINED_LINE, Step.LEFT_LINE, Step.MESSAGE_LEFT), Outcome.MESSAGE_LEFT),
        ((*BEGIN, Step.JOINED_LINE, Step.LEFT_LINE), Outcome.NOBODY_ON_DUTY),
        (
            (*BEGIN, Step.JOINED_LINE, Step.LEFT_LINE, Step.MESSAGE_LEFT, Step.MESSAGE_EMPTY),
            Outcome.NOBODY_ON_DUTY,
        ),
        ((*BEGIN, Step.MESSAGE_LEFT, Step.MESSAGE_EMPTY), Outcome.MESSAGE_EMPTY),
        ((*BEGIN, Step.JOINED_LINE, Step.MESSAGE_LEFT, Step.MESSAGE_EMPTY), Outcome.ABANDONED_IN_LINE),
        ((*BEGIN, Step.INFORMED, Step.MESSAGE_LEFT, Step.MESSAGE_EMPTY), Outcome.ANSWERED_BY_MACHINE),
        ((*BEGIN, Step.JOINED_LINE, Step.TALK_STARTED), Outcome.TALKED),
        ((*BEGIN, Step.TALK_STARTED, Step.TALK_ENDED, Step.RETURNED_TO_LINE), Outcome.TALKED),
        ((Step.ARRIVED, Step.FELL_BACK, Step.TALK_STARTED), Outcome.TALKED),
    ],
)
def test_the_best_thing_that_happened_counts(steps: Sequence[Step], outcome: Outcome) -> None:
    assert outcome_of(_journey([*steps, Step.ENDED])) is outcome


@pytest.mark.parametrize(
    ("talks", "outcome"),
    [
        ([{"contact": "out-1"}], Outcome.TALKED_WITH_CONTACT),
        ([{"with": "hotline-1.1"}], Outcome.TALKED_WITH_CONTACT),
        ([{"contact": "out-1"}, {"dispatcher": 7}], Outcome.TALKED),
        ([{"dispatcher": 7}, {"contact": "out-1"}], Outcome.TALKED),
        ([{"by": "asterisk"}], Outcome.TALKED),
    ],
)
def test_a_talk_with_a_duty_contact_is_told_from_one_with_a_dispatcher(
    talks: Sequence[Mapping[str, Scalar]], outcome: Outcome
) -> None:
    journey = _journey([*BEGIN, Step.JOINED_LINE, *([Step.TALK_STARTED] * len(talks))])
    details = iter(talks)
    told = [replace(one, detail=next(details)) if one.step is Step.TALK_STARTED else one for one in journey]
    assert outcome_of(told) is outcome


@given(st.lists(st.sampled_from(Step)))
def test_a_journey_is_lost_if_it_was_cut_off_and_no_order_changes_the_judgement(steps: list[Step]) -> None:
    outcome = outcome_of(_journey(steps))
    assert (outcome is Outcome.LOST) == (Step.CUT_OFF in steps)
    assert outcome_of(_journey(steps[::-1])) is outcome
