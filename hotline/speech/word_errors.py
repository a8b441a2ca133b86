"""The word error rate, by which ears are compared: the same for tests, benches and `hotline speech check`."""

import re
from collections.abc import Sequence


def word_errors(said: str, heard: str) -> float:
    """Give the words wrong, left out or put in, for each word that was said; marks of stress do not count."""
    expected = words_in(said)
    return errors(expected, words_in(heard)) / len(expected)


def errors(expected: Sequence[str], found: Sequence[str]) -> int:
    """Count the fewest changes of a word that make one of the other (Levenshtein)."""
    row = list(range(len(found) + 1))
    for at, word in enumerate(expected, start=1):
        before, row[0] = row[0], at
        for place, other in enumerate(found, start=1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (word != other)),
            )
    return row[-1]


def words_in(text: str) -> Sequence[str]:
    """Give the words without case and punctuation, and with one kind of apostrophe."""
    return re.findall(r"[\w']+", text.lower().replace("+", "").replace("’", "'"))
