"""The likeness of two texts, letter by letter; the listener itself is `service.node.listener`.

The word error rate is `hotline.speech.word_errors`.
"""

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
