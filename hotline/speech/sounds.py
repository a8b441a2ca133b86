"""How words sound on the telephone, whatever the ear wrote: letters that are heard alike are one."""

from functools import lru_cache

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
