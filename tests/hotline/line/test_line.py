"""What a dispatcher who is one thing may become."""

import pytest

from hotline.errors import ForbiddenTransition
from hotline.line.line import Duty, Priority, may_become, require_transition


@pytest.mark.parametrize("duty", Duty)
def test_staying_what_one_is_is_always_allowed(duty: Duty) -> None:
    assert may_become(duty, duty)
    require_transition(duty, duty)


@pytest.mark.parametrize("duty", Duty)
def test_whoever_is_on_duty_may_go_away_at_any_moment_and_comes_back_ready(duty: Duty) -> None:
    assert may_become(duty, Duty.AWAY)
    assert may_become(Duty.AWAY, duty) is (duty in {Duty.AWAY, Duty.READY})


@pytest.mark.parametrize("duty", [Duty.PAUSED, Duty.AWAY, Duty.TALKING, Duty.AFTER_CALL])
def test_only_who_is_ready_is_offered_a_caller(duty: Duty) -> None:
    assert not may_become(duty, Duty.OFFERED)
    assert may_become(Duty.READY, Duty.OFFERED)


@pytest.mark.parametrize("duty", [one for one in Duty if one not in (Duty.TALKING, Duty.AFTER_CALL)])
def test_only_a_talk_is_followed_by_rest(duty: Duty) -> None:
    assert not may_become(duty, Duty.AFTER_CALL)
    assert may_become(Duty.TALKING, Duty.AFTER_CALL)


def test_every_duty_can_be_left_for_ready() -> None:
    """Nobody is stuck: an administrator can always bring a dispatcher back."""
    assert all(may_become(duty, Duty.READY) for duty in Duty)


def test_a_forbidden_transition_says_which() -> None:
    with pytest.raises(ForbiddenTransition, match="who is away cannot become paused"):
        require_transition(Duty.AWAY, Duty.PAUSED)


def test_an_emergency_goes_before_one_who_returns_and_they_before_all_others() -> None:
    assert sorted(Priority, reverse=True) == [Priority.EMERGENCY, Priority.RETURNING, Priority.ORDINARY]
