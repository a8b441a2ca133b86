"""How words sound on the telephone, whatever the ear wrote: letters that are heard alike are one."""

from functools import lru_cache
from itertools import accumulate

_VOWELS = str.maketrans(
    {
        **dict.fromkeys("иыїй", "і"),
        **dict.fromkeys("эєё", "е"),
        **dict.fromkeys("ьъ'"),
        "я": "а",
        "ю": "у",
        "щ": "ш",
    }
)
_VOICED = str.maketrans({"х": "г", "д": "т", "б": "п", "з": "с"})
VOWELS = frozenset("аеіоу")
"""Those that are left of the vowels."""
_UNSTRESSED = ({"е", "і"}, {"о", "а"})
_ALIKE = tuple(
    map(set, ["мн", "лв", "ву", "пв", "тк", "пт", "кг", "шс", "жш", "жс", "чш", "цс", "чт", "рл", "фп"])
)
LEAST_WRONG = 0.6
"""What a consonant heard for another takes at least; a vowel takes less, and no letter more than 1."""
_CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwyz", "абкдефгхійклмнопкрстуввйз") | {ord("x"): "кс"}


def in_cyrillic(word: str) -> str:
    """Write a Ukrainian word in its own letters where the ear took Latin ones, or some: `net`, `отечe`."""
    return word.translate(_CYRILLIC)


@lru_cache(maxsize=1 << 14)
def sounds(word: str) -> str:
    """`двадцать` and `двадцять` are one; so are letters written twice."""
    plain = word.translate(_VOWELS)
    return "".join(letter for at, letter in enumerate(plain) if letter != plain[at - 1 : at])


@lru_cache(maxsize=1 << 14)
def muffled(word: str) -> str:
    """The same, with no difference between voiced and voiceless: in long names that is lost first."""
    return sounds(sounds(word).translate(_VOICED))


def amiss(own: str, other: str) -> float:
    """Tell by how many letters two muffled sounds differ; letters that are heard alike count for less."""
    before = list(accumulate(map(left_out, other), initial=0.0))
    for letter in own:
        row = [before[0] + left_out(letter)]
        for at, heard in enumerate(other):
            row.append(
                min(
                    before[at] + wrong(letter, heard),
                    before[at + 1] + left_out(letter),
                    row[at] + left_out(heard),
                )
            )
        before = row
    return before[-1]


@lru_cache(maxsize=1 << 10)
def wrong(letter: str, other: str) -> float:
    """Tell how much it takes to hear one letter of a muffled sound for another."""
    if letter == other:
        return 0.0
    both = {letter, other}
    if both <= VOWELS:
        return 0.25 if both in _UNSTRESSED else 0.5
    return LEAST_WRONG if both in _ALIKE else 1.0


def left_out(letter: str) -> float:
    """Tell how much it takes to miss a letter, or to hear one that is not there."""
    return 0.5 if letter in VOWELS else 0.8
