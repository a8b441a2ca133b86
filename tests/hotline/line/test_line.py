"""What a dispatcher who is one thing may become."""

import pytest

from hotline.errors import ForbiddenTransition
from hotline.line.line import Priority
from hotline.line.presence_states import Presence, may_become, require_transition


@pytest.mark.parametrize("presence", Presence)
def test_staying_what_one_is_is_always_allowed(presence: Presence) -> None:
    assert may_become(presence, presence)
    require_transition(presence, presence)


@pytest.mark.parametrize("presence", Presence)
def test_whoever_is_on_duty_may_go_away_at_any_moment_and_comes_back_ready(presence: Presence) -> None:
    assert may_become(presence, Presence.AWAY)
    assert may_become(Presence.AWAY, presence) is (presence in {Presence.AWAY, Presence.READY})


@pytest.mark.parametrize("presence", [Presence.PAUSED, Presence.AWAY, Presence.TALKING, Presence.AFTER_CALL])
def test_only_who_is_ready_is_offered_a_caller(presence: Presence) -> None:
    assert not may_become(presence, Presence.OFFERED)
    assert may_become(Presence.READY, Presence.OFFERED)


@pytest.mark.parametrize(
    "presence", [one for one in Presence if one not in (Presence.TALKING, Presence.AFTER_CALL)]
)
def test_only_a_talk_is_followed_by_rest(presence: Presence) -> None:
    assert not may_become(presence, Presence.AFTER_CALL)
    assert may_become(Presence.TALKING, Presence.AFTER_CALL)


def test_every_duty_can_be_left_for_ready() -> None:
    """Nobody is stuck: an administrator can always bring a dispatcher back."""
    assert all(may_become(presence, Presence.READY) for presence in Presence)


def test_a_forbidden_transition_says_which() -> None:
    with pytest.raises(ForbiddenTransition, match="who is away cannot become paused"):
        require_transition(Presence.AWAY, Presence.PAUSED)


def test_an_emergency_goes_before_one_who_returns_and_they_before_all_others() -> None:
    assert sorted(Priority, reverse=True) == [Priority.EMERGENCY, Priority.RETURNING, Priority.ORDINARY]
