"""Flaws of a survey form: a form with one is not used, since a citizen could get stuck in it."""

import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.surveys.forms import PLACEHOLDERS, RATINGS, WORDS, Form, Meaning, Question, QuestionKind

LONGEST_TEXT = 600
"""Letters that are read aloud in about three quarters of a minute."""
MOST_DIGITS = 20
KEYS = frozenset("0123456789*#")
_GO_ON = frozenset({QuestionKind.RATING, QuestionKind.REMARK, QuestionKind.DIGITS})


class FormFlaw(StrEnum):
    """Why a form cannot be used."""

    EMPTY = "empty"
    """There is no question."""
    SAME_NAME = "same-name"
    """Two questions have one name, or one has none."""
    NO_UKRAINIAN = "no-ukrainian"
    NO_ENGLISH = "no-english"
    TOO_LONG = "too-long"
    """Nobody listens to that much."""
    UNKNOWN_BLANK = "unknown-blank"
    """A placeholder in braces that cannot be filled in."""
    NO_KEYS = "no-keys"
    """A question by key that has no keys."""
    WRONG_KEY = "wrong-key"
    """A key that a telephone, or a rating, does not have."""
    SAME_KEY = "same-key"
    """One key leads to two places."""
    NO_WAY_ON = "no-way-on"
    """A key, or the answer, leads nowhere."""
    NO_SUCH_QUESTION = "no-such-question"
    """It leads to a missing question."""
    DIGITS_ASKED = "digits-asked"
    """How many digits there may be is not said."""
    DEAD_END = "dead-end"
    """From here nobody comes to an end."""
    NEVER_ASKED = "never-asked"
    """Nothing leads to it."""
    NO_WORD = "no-word"
    """Nobody can say that it is done, or that it is not."""
    NO_STRANGER = "no-stranger"
    """There is no key for a person who is not the applicant."""
    NO_DISPATCHER = "no-dispatcher"
    """Nobody can ask for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFinding:
    """A flaw of a question; of the whole form where `question` is empty."""

    question: str
    flaw: FormFlaw


def flaws(form: Form) -> Sequence[FormFinding]:
    """Find all of them: the form's own last, as they may come of the others."""
    if not form.questions:
        return [FormFinding(question="", flaw=FormFlaw.EMPTY)]
    names = Counter(one.id for one in form.questions)
    ends, asked = _reaching_an_end(form), _asked(form)
    found: list[FormFinding] = []
    for one in form.questions:
        own = [*_of_name(one, names), *_of_texts(one), *_of_keys(one), *_of_ways(one, names)]
        if not own and one.id not in ends:
            own.append(FormFlaw.DEAD_END)
        if one.id not in asked:
            own.append(FormFlaw.NEVER_ASKED)
        found += [FormFinding(question=one.id, flaw=flaw) for flaw in dict.fromkeys(own)]
    return [*found, *(FormFinding(question="", flaw=flaw) for flaw in _of_meanings(form))]


def _of_name(one: Question, names: Counter[str]) -> Iterable[FormFlaw]:
    if not one.id or names[one.id] > 1:
        yield FormFlaw.SAME_NAME


def _of_texts(one: Question) -> Iterable[FormFlaw]:
    if not one.uk.strip():
        yield FormFlaw.NO_UKRAINIAN
    if not one.en.strip():
        yield FormFlaw.NO_ENGLISH
    if max(len(one.uk), len(one.en)) > LONGEST_TEXT:
        yield FormFlaw.TOO_LONG
    if not blanks(one.uk) | blanks(one.en) <= PLACEHOLDERS:
        yield FormFlaw.UNKNOWN_BLANK


def blanks(text: str) -> frozenset[str]:
    """List the placeholders; a brace without its other half is one by itself."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return frozenset({"{"})
    return frozenset(
        name if not spec and not conversion else f"{name}:"
        for _, name, spec, conversion in parsed
        if name is not None
    )


def _of_keys(one: Question) -> Iterable[FormFlaw]:
    if one.kind is QuestionKind.KEYS and not one.roads:
        yield FormFlaw.NO_KEYS
    may = frozenset(RATINGS) if one.kind is QuestionKind.RATING else KEYS
    if any(road.key not in may for road in one.roads):
        yield FormFlaw.WRONG_KEY
    if len({road.key for road in one.roads}) < len(one.roads):
        yield FormFlaw.SAME_KEY
    if one.kind is QuestionKind.DIGITS and not 1 <= one.most <= MOST_DIGITS:
        yield FormFlaw.DIGITS_ASKED


def _of_ways(one: Question, names: Counter[str]) -> Iterable[FormFlaw]:
    if any(not road.to and road.means is not Meaning.DISPATCHER for road in one.roads):
        yield FormFlaw.NO_WAY_ON
    if one.kind in _GO_ON and not one.to:
        yield FormFlaw.NO_WAY_ON
    if any(to not in names for to in one.leads_to()):
        yield FormFlaw.NO_SUCH_QUESTION


def _reaching_an_end(form: Form) -> frozenset[str]:
    ends = {one.id for one in form.questions if one.kind is QuestionKind.END}
    more = True
    while more:
        there = {
            one.id for one in form.questions if one.kind is not QuestionKind.END and ends & {*one.leads_to()}
        }
        more = not there <= ends
        ends |= there
    return frozenset(ends)


def _asked(form: Form) -> frozenset[str]:
    found: set[str] = set()
    ahead = [form.questions[0].id]
    while ahead:
        name = ahead.pop()
        question = form.find(name)
        if question is not None and name not in found:
            found.add(name)
            ahead += question.leads_to()
    return frozenset(found)


def _of_meanings(form: Form) -> Iterable[FormFlaw]:
    meant = {road.means for one in form.questions for road in one.roads}
    if Meaning.DONE not in meant or not meant & (WORDS - {Meaning.DONE}):
        yield FormFlaw.NO_WORD
    if Meaning.NOT_THEM not in meant:
        yield FormFlaw.NO_STRANGER
    if Meaning.DISPATCHER not in meant:
        yield FormFlaw.NO_DISPATCHER
