"""The machines of a meeting, of an invitee's answer, and of the minutes."""

from enum import StrEnum

from hotline.transitions import Transitions


class MeetingState(StrEnum):
    """The state of a meeting."""

    DRAFT = "draft"
    """Nobody is invited yet."""
    CALLED = "called"
    """Its invitees are told, and answer until it begins."""
    HELD = "held"
    """Its minutes are signed by both."""
    CALLED_OFF = "called-off"


class MeetingEvent(StrEnum):
    """Events of a meeting."""

    CHANGE = "change"
    CALL = "call"
    CALL_OFF = "call-off"
    HOLD = "hold"
    """The head has signed the minutes."""


MEETING = Transitions(
    subject="The meeting",
    initial=frozenset({MeetingState.DRAFT}),
    table={
        MeetingState.DRAFT: {
            MeetingEvent.CHANGE: MeetingState.DRAFT,
            MeetingEvent.CALL: MeetingState.CALLED,
            MeetingEvent.CALL_OFF: MeetingState.CALLED_OFF,
        },
        MeetingState.CALLED: {
            MeetingEvent.CHANGE: MeetingState.CALLED,
            MeetingEvent.CALL_OFF: MeetingState.CALLED_OFF,
            MeetingEvent.HOLD: MeetingState.HELD,
        },
        MeetingState.HELD: {},
        MeetingState.CALLED_OFF: {},
    },
)


class AnswerState(StrEnum):
    """The state of an invitee's answer."""

    ASKED = "asked"
    COMES = "comes"
    DECLINES = "declines"
    SENDS = "sends"
    """Another comes instead, whom they name."""
    STRUCK = "struck"
    """Invited no longer."""


class AnswerEvent(StrEnum):
    """Events of an invitee's answer."""

    COME = "come"
    DECLINE = "decline"
    SEND = "send"
    MOVE = "move"
    """The meeting is at another time or place: those who answered are asked anew."""
    STRIKE = "strike"
    INVITE = "invite"


_ANSWERS = {
    AnswerEvent.COME: AnswerState.COMES,
    AnswerEvent.DECLINE: AnswerState.DECLINES,
    AnswerEvent.SEND: AnswerState.SENDS,
    AnswerEvent.MOVE: AnswerState.ASKED,
    AnswerEvent.STRIKE: AnswerState.STRUCK,
}
ANSWER = Transitions(
    subject="The answer",
    initial=frozenset({AnswerState.ASKED}),
    table={
        AnswerState.ASKED: _ANSWERS,
        AnswerState.COMES: _ANSWERS,
        AnswerState.DECLINES: _ANSWERS,
        AnswerState.SENDS: _ANSWERS,
        AnswerState.STRUCK: {AnswerEvent.INVITE: AnswerState.ASKED},
    },
)
"""An answer may be changed, or given twice, until the meeting begins."""


class MinutesState(StrEnum):
    """The state of one version of the minutes."""

    DRAFT = "draft"
    PRESENTED = "presented"
    """Signed by the secretary; the head signs it or gives it back."""
    SIGNED = "signed"
    """Signed by both: it changes no more."""


class MinutesEvent(StrEnum):
    """Events of one version of the minutes."""

    SAVE = "save"
    PRESENT = "present"
    RETURN = "return"
    SIGN = "sign"


MINUTES = Transitions(
    subject="The minutes",
    initial=frozenset({MinutesState.DRAFT}),
    table={
        MinutesState.DRAFT: {
            MinutesEvent.SAVE: MinutesState.DRAFT,
            MinutesEvent.PRESENT: MinutesState.PRESENTED,
        },
        MinutesState.PRESENTED: {
            MinutesEvent.RETURN: MinutesState.DRAFT,
            MinutesEvent.SIGN: MinutesState.SIGNED,
        },
        MinutesState.SIGNED: {},
    },
)
