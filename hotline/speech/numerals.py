"""Numbers as people dictate them: «сорок один двадцять», «два нулі», "double five", 4149-4993, as digits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hotline.city.search_terms import normalised

TEN, TWENTY, HUNDRED = 10, 20, 100
_DIGITS = re.compile(r"[0-9]+(?:[-–./][0-9]+)*")
_AROUND = " ,.;:!?()«»\"'…№#+"
_SPOKEN = """
0 нуль ноль zero oh nought
1 один одна одне одну одного одної раз одын одно one
2 два дві двох две two
3 три трьох тры three
4 чотири чотирьох чотирі четыре four
5 пять пяти five
6 шість шести шесть six
7 сім семи семь сем seven
8 вісім восьми вісем восемь eight
9 девять девяти nine
10 десять десяти ten
11 одинадцять одинадцяти одиннадцать eleven
12 дванадцять дванадцяти двенадцать twelve
13 тринадцять тринадцяти тринадцать thirteen
14 чотирнадцять чотирнадцяти четырнадцать fourteen
15 пятнадцять пятнадцяти пятнадцать fifteen
16 шістнадцять шістнадцяти шестнадцать sixteen
17 сімнадцять сімнадцяти семнадцать seventeen
18 вісімнадцять вісімнадцяти восемнадцать eighteen
19 девятнадцять девятнадцяти девятнадцать nineteen
20 двадцять двадцяти двадцать twenty
30 тридцять тридцяти тридцать thirty
40 сорок сорока forty
50 пятдесят пятдесяти пятьдесят fifty
60 шістдесят шістдесяти шестьдесят sixty
70 сімдесят сімдесяти семьдесят seventy
80 вісімдесят вісімдесяти восемьдесят eighty
90 девяносто девяноста ninety
100 сто ста
200 двісті двухсот двести
300 триста трьохсот
400 чотириста чотирьохсот четыреста
500 пятсот пятьсот
600 шістсот шестьсот
700 сімсот семьсот
800 вісімсот восемьсот
900 девятсот девятьсот
"""
"""Ukrainian with its surzhyk, and English, in the search's form: without apostrophes."""


def said(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _values() -> Mapping[str, int]:
    lines = [line.split() for line in _SPOKEN.strip().splitlines()]
    return {word: int(value) for value, *words in lines for word in words}


_VALUES = _values()
_FILLERS = said("так ага угу е ем ну і й далі потім тире дефіс пробіл крапка and then dash space yes uh um")
"""Words between two groups of digits that end no number."""
_NOUGHTS = said("нулі нулів нуля ноля noughts zeros zeroes")
_THOUSANDS = said("тисяча тисячі тисяч тисячу тыща тыщи тыщ тысяча тысячи тысяч thousand")
_TIMES = {"double": 2, "triple": 3}


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    """Write a word as the search does: words come again and again."""
    return normalised(word)


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that were said in one piece: «сорок один» is 41; words `first` to before `past` said it."""

    digits: str
    first: int
    past: int


def runs(words: Sequence[str]) -> Sequence[Sequence[Group]]:
    """Give the numbers of a text, each as the groups in which it was dictated."""
    found: list[list[Group]] = []
    at, goes_on = 0, False
    while at < len(words):
        group = _group(words, at)
        if group is None:
            goes_on = goes_on and _plain(words[at]) in _FILLERS
            at += 1
            continue
        if not goes_on:
            found.append([])
        found[-1].append(group)
        goes_on, at = True, group.past
    return found


def _group(words: Sequence[str], at: int) -> Group | None:
    """Read the longest group that begins with this word."""
    plain = words[at].strip(_AROUND)
    if _DIGITS.fullmatch(plain):
        return Group(re.sub(r"\D", "", plain), at, at + 1)
    word, following = _plain(plain), _plain(words[at + 1]) if at + 1 < len(words) else ""
    if word in _TIMES:
        once = _VALUES.get(following, TEN)
        return Group(str(once) * _TIMES[word], at, at + 2) if once < TEN else None
    if word in _THOUSANDS:
        return _thousands(words, at, at + 1, 1)
    if 0 < _VALUES.get(word, 0) < TEN and following in _NOUGHTS:
        return Group("0" * _VALUES[word], at, at + 2)
    return _number(words, at)


def _number(words: Sequence[str], at: int) -> Group | None:
    value, past = _below_thousand(words, at)
    if past == at:
        return None
    if value and past < len(words) and _plain(words[past]) in _THOUSANDS:
        return _thousands(words, at, past + 1, value)
    return Group(str(value), at, past)


def _thousands(words: Sequence[str], first: int, past: int, thousands: int) -> Group:
    value, end = _below_thousand(words, past)
    return Group(str(thousands * 1000 + value), first, end if value else past)


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int]:
    """Read «сто двадцять три»: its value, and where it ends; where it begins when it is no number."""
    value, past, room = 0, at, 1000
    while past < len(words):
        word = _plain(words[past])
        if word == "hundred" and 0 < value < TEN:
            value, past, room = value * HUNDRED, past + 1, HUNDRED
            continue
        more = _VALUES.get(word)
        if more is None or more >= room or (more == 0 and past > at):
            break
        value, past = value + more, past + 1
        room = HUNDRED if more >= HUNDRED else TEN if more >= TWENTY else 0
        if words[past - 1].endswith((",", ".", ";")):
            room = 0
    return value, past
