"""Yes and no, as people say them. What contradicts itself, or is unsure, is no answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from hotline.speech.said import Said, SaidWord
from hotline.speech.vocabulary import Vocabulary, begins, sounds_so

MOST_ELSE, MOST_ELSE_SURELY = 6, 3
"""Words beside an answer that the rules know nothing of: a caller with more of them tells a story.

For a sure answer words that only join others (`і`, `на`) do not count.
"""
ANSWERS = "answers"
"""The name of such a question in `Vocabulary.listen_for`."""


class Answer(StrEnum):
    """What was answered to a question of yes or no; the names of the vocabulary's lists."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    """Not all of it: an answer of its own where the question has a key for it."""


UNSURE, SKIPPED = "unsure", "skipped"
_INFINITIVE = re.compile("(ти|тися|тись)$")
_FIRST_PERSON = re.compile("([ую]|мо)(ся|сь)?$")
_TELLS = re.compile("(в|ла|ло|ли|[еєиї]ть|[уюая]ть|[еє])(ся|сь)?$")
"""The endings of a verb by which it is told what somebody did, or does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAnswer:
    """A heard answer; `sure`: the ear was, of each word that it rests on and of those that nobody knows.

    A torn word beside it may have turned it round: «претен зі немає». Nor is it sure where it may answer
    something else than was asked: «ще не дивився», «коли зробили?», «так, подивлюся», «так, але тече»,
    «так, сусід каже».
    """

    answer: Answer
    sure: bool


@dataclass(frozen=True, slots=True)
class _Met:
    meaning: str
    words: Said
    is_open: bool
    """Whether the word behind it, which the rules know nothing of, is what it speaks of."""


def answer_in(said: Said, words: Vocabulary) -> HeardAnswer | None:
    """Give the one answer that all of the words agree in; None where there is none."""
    met = list(_met(said, words))
    meanings = {one.meaning for one in met} - {SKIPPED}
    known = {id(word) for one in met for word in one.words}
    beside = [word for word in said if id(word) not in known]
    if UNSURE in meanings or len(beside) > MOST_ELSE:
        return None
    if Answer.PARTLY in meanings:  # «так, але не все»
        meanings = {Answer.PARTLY}
    if len(meanings) != 1:
        return None
    answer = Answer(meanings.pop())
    rests_on = [one for one in met if one.meaning == answer]
    ear_is_sure = all(word.sure for word in (*(word for one in rests_on for word in one.words), *beside))
    answers_it = not all(one.is_open for one in rests_on) and not (
        _asks(said, rests_on[0], beside, words)
        or sum(bool(word.forms) for word in _no_question(said, beside, words)) > MOST_ELSE_SURELY
        or (
            answer is Answer.YES
            and (
                any(_takes_back(word, words) for word in beside)
                or any(map(_tells, _no_question(said, beside, words)))
            )
        )
    )
    return HeardAnswer(answer=answer, sure=ear_is_sure and answers_it)


def _asks(said: Said, answer: _Met, beside: Said, words: Vocabulary) -> bool:
    """Whether a word that asks stands before the answer: then it is none («коли зробили?»)."""
    unknown = {id(word) for word in beside}
    before = said[: next(at for at, word in enumerate(said) if word is answer.words[0])]
    return any(id(one) in unknown and not words.asking.isdisjoint({one.text, *one.forms}) for one in before)


def _takes_back(word: SaidWord, words: Vocabulary) -> bool:
    """Whether a yes beside it may be none: «але», or what callers do, or have to («подивлюся», «спитати»)."""
    if word.text in words.but:
        return True
    is_verb = any(map(_INFINITIVE.search, word.forms))
    return _is_infinitive(word) or bool(is_verb and _FIRST_PERSON.search(word.text))


def _no_question(said: Said, beside: Said, words: Vocabulary) -> Iterator[SaidWord]:
    """Give the words beside an answer that stand in no question: «так, скажіть, коли буде світло»."""
    unknown = {id(word) for word in beside}
    told = takewhile(lambda word: words.asking.isdisjoint({word.text, *word.forms}), said)
    return (word for word in told if id(word) in unknown)


def _tells(word: SaidWord) -> bool:
    """Whether a yes beside it may be a piece of what they tell: «так, прийшов сусід»."""
    is_verb = any(map(_INFINITIVE.search, word.forms)) and not _is_infinitive(word)
    return bool(is_verb and _TELLS.search(word.text))


def _is_infinitive(word: SaidWord) -> bool:
    return word.text in word.forms and _INFINITIVE.search(word.text) is not None


def _met(said: Said, words: Vocabulary) -> Iterator[_Met]:
    """Go through the words from the left: at each place the longest phrase that is known."""
    at = 0
    while at < len(said):
        meaning, length = _longest(said, at, words)
        last = at + max(length, 1) - 1
        if meaning in {"", Answer.NO} and said[last].text in words.negations:
            negated, further = _longest(said, last, words)
            behind, yet_further = _longest(said, last + 1, words)
            if further > 1:  # «ще не знаю», «ще не все»
                meaning, length = negated, last + further - at
            elif behind == Answer.YES:  # «не зробили», «ще не зробили»
                meaning, length = Answer.NO, last + 1 + yet_further - at
        if length:
            yield _Met(meaning, said[at : at + length], _is_open(said, at + length, words))
        at += max(length, 1)


def _is_open(said: Said, end: int, words: Vocabulary) -> bool:
    """Whether a phrase that ends here speaks of the word behind it: «ще не дивився», «хочу оператора»."""
    if end == len(said) or _longest(said, end, words)[1]:
        return False
    last, behind = said[end - 1], said[end]
    only_negates = last.text in words.negations and not _longest([last], 0, words)[1]
    speaks_of_it = only_negates or last.text in words.wishing
    return _is_infinitive(behind) or (speaks_of_it and bool(behind.forms))


def _longest(said: Said, at: int, words: Vocabulary) -> tuple[str, int]:
    found = [
        (len(phrase), meaning)
        for meaning, phrases in words.answers.items()
        for phrase in phrases
        if begins(phrase, said, at, sounds_so)
    ]
    length = max((length for length, _ in found), default=0)
    meanings = {meaning for one, meaning in found if one == length}
    if len(meanings) > 1:  # «дані»: torn apart it is a no, as one word it may be a form of a yes
        return UNSURE, length
    return (meanings.pop() if meanings else ""), length
