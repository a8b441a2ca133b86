"""An automatic call that asks the questions of a form; each answer is handed over as soon as it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotline.calls.conversation import Call, EmergencySaid
from hotline.speech.answers import Answer
from hotline.speech.hearing import Heard
from hotline.speech.spoken_numbers import NUMBERS
from hotline.speech.understanding import Understanding
from hotline.surveys.forms import RATINGS, Form, Meaning, Question, QuestionKind
from hotline.voice.speech import Phrase
from ivr_flows import prompts, survey_phrases
from ivr_flows.spoken import answer_or_key, ask, not_understood, unless_emergency
from ivr_flows.survey_phrases import About

TIMES = 3
"""How often a question is said to somebody, or to a machine, that presses nothing or a wrong key."""
MOST_QUESTIONS = 30
"""The most questions of one call, for a caller who goes round in a form's loop."""
LONGEST_REMARK_SECONDS = 120

BY_MEANING: Mapping[Meaning | None, Answer] = {
    Meaning.PERSON: Answer.YES,
    Meaning.NOT_THEM: Answer.NO,
    Meaning.DONE: Answer.YES,
    Meaning.NOT_DONE: Answer.NO,
    Meaning.PARTLY: Answer.PARTLY,
}
"""What is said aloud for a key that means this."""
Said = tuple[Phrase, ...]
"""A question as it is said, part by part."""


class SurveyEnd(StrEnum):
    """How the questions ended. Who hangs up ends them with CallGone."""

    WHOLE = "whole"
    SILENT = "silent"
    DISPATCHER = "dispatcher"
    EMERGENCY = "emergency"
    """They spoke of one where something else was asked."""


TO_A_PERSON = frozenset({SurveyEnd.DISPATCHER, SurveyEnd.EMERGENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAnswer:
    """An answer: the key, the digits, or the id of the voice message; empty for nothing."""

    said: str
    means: Meaning | None = None


class AnswerSink(Protocol):
    """Records the questions and the answers."""

    def asks(self, question: Question) -> None: ...

    async def answered(self, question: Question, given: KeyAnswer) -> None: ...


async def completion_survey(
    call: Call,
    form: Form,
    about: About,
    sink: AnswerSink,
    *,
    appeal: str,
    may_record: bool,
    understanding: Understanding,
    known: bool = False,
) -> SurveyEnd:
    """Ask from the first question to an end. Answers count, however the call ends afterwards.

    They may be said aloud once a key was pressed: a key is a person, and a voice may be a machine's.
    `known`: it is the applicant for sure, who writes where they reported it.
    """
    asked: Question | None = _behind_person(form) if known else form.questions[0]
    ear: Understanding | None = understanding if known else None
    for _ in range(MOST_QUESTIONS):
        if asked is None:
            break
        sink.asks(asked)
        said = survey_phrases.question(asked, about)
        if asked.kind is QuestionKind.END:
            await call.play(*said)
            break
        try:
            given = await _ask(
                call, asked, said, ear, appeal=appeal, may_record=may_record, read_back=not known
            )
        except EmergencySaid:
            return SurveyEnd.EMERGENCY
        if given is None:
            await call.play(survey_phrases.NOT_HEARD)
            return SurveyEnd.SILENT
        if given.said:
            ear = understanding
            await sink.answered(asked, given)
        if given.means is Meaning.DISPATCHER:
            return SurveyEnd.DISPATCHER
        road = asked.road(given.said)
        asked = form.find(road.to if road else asked.to)
    return SurveyEnd.WHOLE


def _behind_person(form: Form) -> Question | None:
    """Give the question behind the one that asks whether they are the applicant; the first without it."""
    first = form.questions[0]
    to = next((one.to for one in first.roads if one.means is Meaning.PERSON), "")
    return form.find(to) if to else first


async def _ask(
    call: Call,
    asked: Question,
    said: Said,
    ear: Understanding | None,
    *,
    appeal: str,
    may_record: bool,
    read_back: bool,
) -> KeyAnswer | None:
    """Ask one question; None when nobody presses a key without which it cannot go on.

    `read_back`: what decides is confirmed where it was heard; what was written stands there.
    """
    match asked.kind:
        case QuestionKind.KEYS:
            return await _key(call, asked, said, ear, read_back=read_back)
        case QuestionKind.RATING:
            key = await _rating(call, said, ear)
            road = asked.road(key or "")
            return KeyAnswer(said=key or "", means=road.means if road else None)
        case QuestionKind.REMARK if may_record:
            await call.play(*said)
            spoken = await call.record(most_seconds=LONGEST_REMARK_SECONDS, appeal=appeal)
            return KeyAnswer(said=spoken.words or (spoken.message if spoken.seconds else ""))
        case QuestionKind.DIGITS:
            return KeyAnswer(said=await call.digits(*said, most=asked.most) or "")
        case _:
            return KeyAnswer(said="")


async def _rating(call: Call, said: Said, ear: Understanding | None) -> str | None:
    """Have it pressed, or said as a number of which the ear is sure; None: they do neither."""
    if ear is None:
        return await _one_of(call, said, RATINGS, insist=False)
    before: tuple[Phrase, ...] = ()
    hints = ear.hints(call.language, NUMBERS)
    for times in range(1, TIMES + 1):
        given = await ask(call, *before, *said, keys=RATINGS, hints=hints, misheard=times - 1)
        given = await unless_emergency(ear, given, where=True)
        if given is None:
            return None
        if isinstance(given, Heard):
            given = "".join(one.digits for one in await ear.numbers(given) if one.sure)
            before = not_understood(times)
        else:
            before = (prompts.WRONG_KEY,)
        if given in {*RATINGS}:
            return given
    return None


async def _key(
    call: Call, asked: Question, said: Said, ear: Understanding | None, *, read_back: bool
) -> KeyAnswer | None:
    key = await _one_of(
        call,
        said,
        "".join(one.key for one in asked.roads),
        insist=True,
        aloud=_aloud(asked, ear, reads_back=read_back),
    )
    road = asked.road(key or "")
    return None if key is None or road is None else KeyAnswer(said=key, means=road.means)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aloud:
    """How a question may be answered by voice: which key each answer is, and how it is read back."""

    ear: Understanding
    by: Mapping[Answer, str]
    read_back: Mapping[Answer, Phrase]


def _aloud(asked: Question, ear: Understanding | None, *, reads_back: bool) -> _Aloud | None:
    if ear is None:
        return None
    means = {BY_MEANING[one.means]: one for one in asked.roads if one.means in BY_MEANING}
    read_back = {
        answer: survey_phrases.HEARD[one.means]
        for answer, one in means.items()
        if reads_back and one.means is not None and one.means in survey_phrases.HEARD
    }
    return _Aloud(ear=ear, by={answer: one.key for answer, one in means.items()}, read_back=read_back)


async def _one_of(
    call: Call, said: Said, keys: str, *, insist: bool, aloud: _Aloud | None = None
) -> str | None:
    """Have one of the keys pressed; it is said again after a wrong one, and after silence with `insist`."""
    before: tuple[Phrase, ...] = ()
    for _ in range(TIMES):
        if aloud is None or not aloud.by:
            key = await call.choose(*before, *said, keys=keys)
        else:
            key = await answer_or_key(
                call, aloud.ear, *said, by=aloud.by, keys=keys, before=before, read_back=aloud.read_back
            )
        if key is None and not insist:
            return None
        if key is not None and key in keys:
            return key
        before = () if key is None else (prompts.WRONG_KEY,)
    return None
