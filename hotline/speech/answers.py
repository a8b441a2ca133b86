"""Yes and no, as people say them. What contradicts itself, or is unsure, is no answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hotline.speech.said import Said
from hotline.speech.vocabulary import Vocabulary, begins, sounds_so

MOST_ELSE = 6
"""Words beside an answer that the rules know nothing of: a caller with more of them tells a story."""
ANSWERS = "answers"
"""The name of such a question in `Vocabulary.listen_for`."""


class Answer(StrEnum):
    """What was answered to a question of yes or no; the names of the vocabulary's lists."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    """Not all of it: an answer of its own where the question has a key for it."""


UNSURE, SKIPPED = "unsure", "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAnswer:
    """A heard answer; `sure`: the ear was, of each word that it rests on and of those that nobody knows.

    A torn word beside it may have turned it round: «претен зі немає».
    """

    answer: Answer
    sure: bool


@dataclass(frozen=True, slots=True)
class _Met:
    meaning: str
    words: Said


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
    rests_on = [word for one in met if one.meaning == answer for word in one.words]
    return HeardAnswer(answer=answer, sure=all(word.sure for word in (*rests_on, *beside)))


def _met(said: Said, words: Vocabulary) -> Iterator[_Met]:
    """Go through the words from the left: at each place the longest phrase that is known."""
    at = 0
    while at < len(said):
        meaning, length = _longest(said, at, words)
        last = at + max(length, 1) - 1
        if meaning in {"", Answer.NO} and said[last].text in words.negations:  # «не зробили», «ще не зробили»
            behind, further = _longest(said, last + 1, words)
            if behind == Answer.YES:
                meaning, length = Answer.NO, last + 1 + further - at
        if length:
            yield _Met(meaning, said[at : at + length])
        at += max(length, 1)


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
