"""Lines of a chat as both sides read them."""

from collections.abc import Sequence

from hotline.chats.chats import READ, Line


def shown(lines: Sequence[Line]) -> Sequence[Line]:
    """Give the lines that people read."""
    return [one for one in lines if one.kind in READ and (one.text or one.buttons)]
