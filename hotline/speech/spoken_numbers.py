"""Numbers as people say them: digit by digit, by pairs, as one number, in any case, or written in digits.

The one reader of numbers: of what callers say to the hotline, and of what people dictate to one another
(`dictated_numbers`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hotline.speech.number_words import NumberWords
from hotline.speech.said import Said
from hotline.speech.vocabulary import Vocabulary

NUMBERS = "numbers"
"""The name of such a question in `Vocabulary.listen_for`."""
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that were said in one piece: «сорок один» is 41; words `first` to before `past` said it."""

    digits: str
    first: int
    past: int


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


def digits_in(said: Said, words: Vocabulary) -> str:
    """Join all that was said to one number, such as an appeal's; empty where no number was said."""
    return "".join(one.digits for one in numbers_in(said, words))


def numbers_in(said: Said, words: Vocabulary) -> Sequence[SpokenNumber]:
    """Give the runs of words that are numbers, in their order."""
    runs: list[list[Group]] = []
    for group in groups_in(said, words.numbers):
        if runs and runs[-1][-1].past == group.first:
            runs[-1].append(group)
        else:
            runs.append([group])
    return [_spoken(said, run) for run in runs]


def _spoken(said: Said, run: Sequence[Group]) -> SpokenNumber:
    begins, ends = run[0].first, run[-1].past
    return SpokenNumber(
        groups=[one.digits for one in run],
        begins=begins,
        ends=ends,
        sure=all(word.sure for word in said[begins:ends]),
    )


def groups_in(said: Said, words: NumberWords, pauses: Collection[int] = ()) -> Iterator[Group]:
    """Give what was said in one piece each, in order; none goes on behind the words at `pauses`."""
    at = 0
    while at < len(said):
        group = _group(said, at, words, pauses)
        if group is not None:
            yield group
        at = at + 1 if group is None else group.past


def _group(said: Said, at: int, words: NumberWords, pauses: Collection[int]) -> Group | None:
    """Read the longest group that begins with this word."""
    text, following = said[at].text, said[at + 1] if at + 1 < len(said) else None
    if text.isdecimal():
        return Group(text, at, at + 1)
    if text in words.times:
        once = None if following is None else words.digit(following)
        return None if once is None else Group(str(once) * words.times[text], at, at + 2)
    if zeros := _zeros(said, at, words):
        return Group("0" * zeros, at, at + 2)
    return _number(said, at, words, pauses)


def _zeros(said: Said, at: int, words: NumberWords) -> int:
    """Tell how many zeros the digit here and the word behind it say: «три нулі»; none where they do not."""
    is_before_zeros = at + 1 < len(said) and said[at + 1].text in words.zeros
    return (words.digit(said[at]) or 0) if is_before_zeros else 0


def _number(said: Said, at: int, words: NumberWords, pauses: Collection[int]) -> Group | None:
    number, past = _Number(), at
    while past < len(said) and not _zeros(said, past, words):
        value, is_hundred = words.value(said[past]), said[past].text in words.hundreds
        if value is None or not number.takes(value, is_hundred=is_hundred):
            break
        number.add(value, is_hundred=is_hundred, is_last=past in pauses)
        past += 1
    return Group(str(number.value), at, past) if past > at else None


class _Number:
    """One number while its words come: each next word has to be smaller than the place of the one before."""

    def __init__(self) -> None:
        self._is_begun = False
        self._thousands = 0
        self._part = 0
        self._below = _THOUSAND
        self._multiplied_below = 10**9

    @property
    def value(self) -> int:
        return self._thousands + self._part

    def takes(self, value: int, *, is_hundred: bool) -> bool:
        if not self._is_begun:
            return True
        if value >= _THOUSAND:
            return value < self._multiplied_below and self._part > 0
        if is_hundred:
            return 0 < self._part < _HUNDRED
        return 0 < value < self._below

    def add(self, value: int, *, is_hundred: bool, is_last: bool) -> None:
        """Take one more word; behind one that `is_last` none but thousands may follow."""
        if value >= _THOUSAND:
            self._thousands += max(self._part, 1) * value
            self._part, self._below, self._multiplied_below = 0, _THOUSAND, value
        else:
            self._part = max(self._part, 1) * value if is_hundred else self._part + value
            self._below = 0 if is_last else _room_behind(value)
        self._is_begun = True


def _room_behind(value: int) -> int:
    """Give the number below which a word may follow: behind `двадцять` one below ten, behind `сім` none."""
    if value >= _HUNDRED:
        return _HUNDRED
    return _TEN if value >= 2 * _TEN else 0
