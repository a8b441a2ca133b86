"""The state machine of a chat: the hotline's flows ask by themselves, or a dispatcher writes."""

from enum import StrEnum

from hotline.transitions import Transitions


class ChatState(StrEnum):
    """The state of a chat."""

    ASKING = "asking"
    """A flow has asked, and waits for the resident's answer."""
    WAITING = "waiting"
    """Stands among those who wait for a dispatcher."""
    TALKING = "talking"
    """A dispatcher has taken it."""
    OVER = "over"


class ChatAct(StrEnum):
    """Acts on a chat."""

    ASK_FOR_PERSON = "ask-for-person"
    """The flow has led to a dispatcher, or an emergency was written."""
    BACK_TO_MENU = "back-to-menu"
    """The resident would rather not wait."""
    TAKE = "take"
    GIVE_BACK = "give-back"
    """The dispatcher leaves it to a colleague: it stands where it stood."""
    END = "end"


CHAT = Transitions(
    subject="The chat",
    initial=frozenset({ChatState.ASKING}),
    table={
        ChatState.ASKING: {
            ChatAct.ASK_FOR_PERSON: ChatState.WAITING,
            ChatAct.END: ChatState.OVER,
        },
        ChatState.WAITING: {
            ChatAct.BACK_TO_MENU: ChatState.ASKING,
            ChatAct.TAKE: ChatState.TALKING,
            ChatAct.END: ChatState.OVER,
        },
        ChatState.TALKING: {
            ChatAct.GIVE_BACK: ChatState.WAITING,
            ChatAct.END: ChatState.OVER,
        },
        ChatState.OVER: {},
    },
)
FOR_PEOPLE = frozenset({ChatState.WAITING, ChatState.TALKING})
"""These are before dispatchers."""
