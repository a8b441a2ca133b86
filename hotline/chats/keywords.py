"""Short messages to the hotline: their keywords, and the short form of an answer."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from hotline.chats.chats import Button


class Keyword(Enum):
    """First words of a short message that mean the same whatever was asked before."""

    STATE = "state"
    """The state of the appeal whose number follows."""
    POWER = "power"
    """The power at the address that follows."""
    HELP = "help"
    STOP = "stop"
    """No message about outages or power may come to this number any more."""


_WORDS: Mapping[str, Keyword] = {
    **dict.fromkeys(("стан", "status"), Keyword.STATE),
    **dict.fromkeys(("світло", "свiтло", "power"), Keyword.POWER),
    **dict.fromkeys(("допомога", "довідка", "help"), Keyword.HELP),
    **dict.fromkeys(("стоп", "stop", "відписатися", "відписка"), Keyword.STOP),
}
_FIRST = re.compile(r"\W*(\w+)\W*(.*?)\s*", re.DOTALL)
_BY_ITSELF = frozenset({Keyword.HELP, Keyword.STOP})
"""Keywords behind which nothing stands: in a sentence they are words like any others."""


def keyword_of(text: str) -> tuple[Keyword | None, str]:
    """Give the keyword with which the message begins, and what follows it; None and all of it for others."""
    found = _FIRST.fullmatch(text)
    word = None if found is None else _WORDS.get(found[1].casefold())
    if found is None or word is None or (word in _BY_ITSELF and found[2]):
        return None, text
    return word, found[2]


def in_messages(said: str, room: int) -> Sequence[str]:
    """Cut an answer into messages of at most `room` characters of UCS-2, between words if there are any."""
    parts: list[str] = []
    while said:
        part = said.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
        if part != said and " " in part[room // 2 :]:
            part = part.rpartition(" ")[0]
        parts.append(part)
        said = said[len(part) :].lstrip()
    return parts


def short_answer(texts: Sequence[str], choices: Sequence[Button]) -> str:
    """Put an answer into one line; each choice stands with the sign that is sent back for it."""
    said = " ".join(" ".join(texts).split())
    keys = "; ".join(f"{one.key} {one.label}" for one in choices)
    return f"{said} {keys}".strip()
