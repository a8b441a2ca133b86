"""What becomes of a dispatcher's presence, and of their wish while they are engaged."""

from datetime import timedelta

import pytest

from hotline.errors import ForbiddenTransition
from hotline.line.presence_states import (
    ENGAGED,
    FROM_PAUSE,
    PRESENCE,
    WISH,
    Choice,
    Presence,
    PresenceEvent,
    Wish,
    choice_of,
    end_of,
    goes_back_to,
    wish_after,
)

TEA = Wish(presence=Presence.PAUSED, reason="tea")
HOME = Wish(presence=Presence.AWAY)
NO_TIME, SOME_TIME = timedelta(0), timedelta(seconds=30)


@pytest.mark.parametrize("presence", [one for one in Presence if one not in ENGAGED])
def test_whoever_is_free_may_leave_and_be_ready_at_any_moment(presence: Presence) -> None:
    assert PRESENCE.after(presence, PresenceEvent.LEAVE) is Presence.AWAY
    assert PRESENCE.after(presence, PresenceEvent.READY) is Presence.READY


def test_whoever_was_away_comes_back_ready_and_is_offered_nobody_before() -> None:
    assert PRESENCE.possible(Presence.AWAY) == {
        PresenceEvent.READY,
        PresenceEvent.LEAVE,
        PresenceEvent.TAKE_OVER,
    }


def test_only_who_is_ready_is_offered_a_caller_in_turn_and_nobody_engaged_any() -> None:
    assert PRESENCE.sources(PresenceEvent.OFFER) == {Presence.READY}
    pressing = PRESENCE.sources(PresenceEvent.OFFER_EMERGENCY) | PRESENCE.sources(PresenceEvent.PICK)
    assert pressing == {Presence.READY, Presence.PAUSED, Presence.AFTER_CALL}


def test_only_a_talk_and_a_busy_telephone_are_followed_by_a_while_in_peace() -> None:
    assert PRESENCE.sources(PresenceEvent.WRAP_UP) == {Presence.TALKING}
    assert end_of(Presence.TALKING, None, SOME_TIME) is PresenceEvent.WRAP_UP
    assert end_of(Presence.TALKING, None, NO_TIME) is PresenceEvent.FREE
    assert end_of(Presence.OFFERED, None, SOME_TIME) is PresenceEvent.BUSY
    assert end_of(Presence.OFFERED, None, NO_TIME) is PresenceEvent.FREE


@pytest.mark.parametrize("presence", sorted(ENGAGED))
@pytest.mark.parametrize("event", list(Choice))
def test_nobody_engaged_becomes_at_once_what_they_choose(presence: Presence, event: Choice) -> None:
    assert not PRESENCE.allows(presence, PresenceEvent(event.value))


@pytest.mark.parametrize("presence", sorted(ENGAGED))
@pytest.mark.parametrize("wish", [TEA, HOME])
def test_a_wish_becomes_the_presence_when_the_engagement_ends(presence: Presence, wish: Wish) -> None:
    assert PRESENCE.after(presence, end_of(presence, wish, SOME_TIME)) is wish.presence


@pytest.mark.parametrize("presence", [Presence.OFFERED, Presence.TALKING, Presence.AFTER_CALL])
def test_nobody_chooses_to_be_engaged_or_at_work_after_a_call(presence: Presence) -> None:
    with pytest.raises(ForbiddenTransition, match=f"Nobody chooses to be {presence}"):
        choice_of(presence)


def test_a_wish_is_changed_and_withdrawn_as_a_presence_is() -> None:
    assert wish_after(None, Choice.PAUSE, "tea") == TEA
    assert wish_after(TEA, Choice.LEAVE, "") == HOME
    assert wish_after(HOME, Choice.READY, "") is None
    with pytest.raises(ForbiddenTransition):
        wish_after(HOME, Choice.PAUSE, "tea")
    for wished, choices in WISH.table.items():
        free = Presence.READY if wished.value == "nothing" else Presence(wished.value)
        for choice, then in choices.items():
            becomes = PRESENCE.after(free, PresenceEvent(choice.value))
            assert becomes is (Presence.READY if then.value == "nothing" else Presence(then.value))


def test_what_an_engagement_interrupts_is_gone_back_to() -> None:
    assert goes_back_to(Presence.PAUSED, "tea", None) == TEA
    assert goes_back_to(Presence.OFFERED, f"{FROM_PAUSE}tea", None) == TEA
    assert goes_back_to(Presence.AWAY, "", None) == HOME
    assert goes_back_to(Presence.OFFERED, f"{FROM_PAUSE}tea", HOME) == HOME
    for presence in (Presence.READY, Presence.OFFERED, Presence.TALKING, Presence.AFTER_CALL):
        assert goes_back_to(presence, "", None) is None


def test_a_forbidden_transition_says_which() -> None:
    with pytest.raises(ForbiddenTransition, match="The dispatcher is away: pause is not possible"):
        PRESENCE.after(Presence.AWAY, PresenceEvent.PAUSE)
