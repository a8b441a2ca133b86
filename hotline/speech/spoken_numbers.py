"""Numbers as people say them: digit by digit, by pairs, as one number, in any case, or written in digits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.speech.said import Said, SaidWord
from hotline.speech.sounds import sounds
from hotline.speech.vocabulary import Vocabulary

NUMBERS = "numbers"
"""The name of such a question in `Vocabulary.listen_for`."""
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_MOST_ZEROS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNumber:
    """Words of numbers one after the other, from word `begins` to before word `ends`.

    `groups` are what was said as one number each: `двадцять шість нуль один` → 26, 0, 1.
    """

    groups: Sequence[str]
    begins: int
    ends: int
    sure: bool

    @property
    def digits(self) -> str:
        return "".join(self.groups)


def digits_in(said: Said, words: Vocabulary) -> tuple[str, bool]:
    """Join all that was said to one number, such as an appeal's; and tell whether the ear was sure of it."""
    found = numbers_in(said, words)
    return "".join(one.digits for one in found), all(one.sure for one in found)


def numbers_in(said: Said, words: Vocabulary) -> Sequence[SpokenNumber]:
    """Give the runs of words that are numbers, in their order."""
    return list(_runs(said, words))


def _runs(said: Said, words: Vocabulary) -> Iterator[SpokenNumber]:
    at = 0
    while at < len(said):
        ends = at
        while ends < len(said) and _is_number(said[ends], words):
            ends += 1
        if ends > at:
            run = said[at:ends]
            yield SpokenNumber(
                groups=_groups(run, words), begins=at, ends=ends, sure=all(word.sure for word in run)
            )
        at = max(ends, at + 1)


def _is_number(word: SaidWord, words: Vocabulary) -> bool:
    return word.text.isdecimal() or word.text in words.zeros or _value(word, words) is not None


def _value(word: SaidWord, words: Vocabulary) -> int | None:
    named = (words.numbers.get(sounds(one)) for one in (word.text, *sorted(word.forms)))
    return next((one for one in named if one is not None), None)


def _groups(run: Said, words: Vocabulary) -> Sequence[str]:
    groups: list[str] = []
    number = _Number()
    for word in run:
        if word.text in words.zeros:
            count = number.value if number.is_begun else 1
            groups.append("0" * min(count, _MOST_ZEROS))
            number = _Number()
            continue
        value = None if word.text.isdecimal() else _value(word, words)
        if value is None or not number.takes(value):
            groups += number.ended()
            number = _Number()
        if value is None:
            groups.append(word.text)
        else:
            number.add(value)
    return [*groups, *number.ended()]


class _Number:
    """One number while its words come: each next word has to be smaller than the place of the one before."""

    def __init__(self) -> None:
        self.is_begun = False
        self._thousands = 0
        self._part = 0
        self._below = _THOUSAND
        self._multiplied_below = 10**9

    @property
    def value(self) -> int:
        return self._thousands + self._part

    def takes(self, value: int) -> bool:
        if not self.is_begun:
            return True
        if value >= _THOUSAND:
            return value < self._multiplied_below and self._part > 0
        return 0 < value < self._below

    def add(self, value: int) -> None:
        if value >= _THOUSAND:
            self._thousands += max(self._part, 1) * value
            self._part, self._below, self._multiplied_below = 0, _THOUSAND, value
        else:
            self._part += value
            self._below = _room_behind(value)
        self.is_begun = True

    def ended(self) -> Sequence[str]:
        return [str(self.value)] if self.is_begun else []


def _room_behind(value: int) -> int:
    """Give the number below which a word may follow: behind `двадцять` one below ten, behind `сім` none."""
    if value >= _HUNDRED:
        return _HUNDRED
    return _TEN if value >= 2 * _TEN else 0
