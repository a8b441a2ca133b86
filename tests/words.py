"""The likeness of two texts, letter by letter; the listener itself is `service.node.listener`."""

import re
from difflib import SequenceMatcher

from service.node.listener import Listener, listener

__all__ = ["Listener", "likeness", "listener"]


def likeness(said: str, heard: str) -> float:
    """Give the share of letters heard right, from 0 to 1; spaces and punctuation are the listener's own.

    Nothing is like nothing: what was said or heard without a letter is a fault of the test.
    """
    letters = [re.sub(r"[\W_]", "", text.lower()) for text in (said, heard)]
    if not all(letters):
        return 0.0
    return SequenceMatcher(None, *letters, autojunk=False).ratio()


def word_errors(said: str, heard: str) -> float:
    """Give the word error rate: words wrong, left out or put in, for each word that was said."""
    expected, found = (re.findall(r"[\w']+", text.lower().replace("+", "")) for text in (said, heard))
    row = list(range(len(found) + 1))
    for at, word in enumerate(expected, start=1):
        before, row[0] = row[0], at
        for place, other in enumerate(found, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (word != other)),
            )
    return row[-1] / len(expected)
