"""One written form for everything that is searched, so that case, apostrophes and dashes do not matter."""

import re

_APOSTROPHES = str.maketrans("", "", "'’ʼ`\"«»")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """`Б-р Лесі Українки, 7` → `б р лесі українки 7`."""
    return _BETWEEN_WORDS.sub(" ", text.casefold().translate(_APOSTROPHES)).strip()


def words(text: str) -> list[str]:
    """The words of the text in that form, each once."""
    return list(dict.fromkeys(normalised(text).split()))
