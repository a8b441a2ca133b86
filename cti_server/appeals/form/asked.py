"""The part of the form that a category brings: questions as fields, a guide, ready answers."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.appeals.form.said_moments import read_said
from cti_server.appeals.ready import offered
from cti_server.frame.language import N_, language_of
from hotline.city.classifier import classifier
from hotline.city.questions import LONGEST_ANSWER, Asks, Detail, Question

OF_DETAIL = "details."
"""With the code of a question behind it: the field of its answer."""
NOT_ASKED = N_("Ask this: it is needed.")
_ANY = datetime(2000, 1, 1, tzinfo=UTC)
_ZONE = ZoneInfo("UTC")
_NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,2})?", re.ASCII)
_WRONG: Mapping[Asks, str] = {
    Asks.TEXT: N_("That is too long."),
    Asks.CHOICE: N_("Choose one of those that are shown."),
    Asks.NUMBER: N_("Write a number in digits."),
    Asks.YES_NO: N_("Choose one of those that are shown."),
    Asks.MOMENT: N_("Write a day or an hour, such as yesterday at 9:30, 26.11 or 9:30."),
}


def asked_of(
    request: web.Request, category: str, values: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Give what the part shows; `values` is what is known of the appeal for ready answers."""
    known, language = classifier(), language_of(request)
    found = known.categories.get(category)
    named = {"category": found.name(language)} if found else {}
    return {
        "asked_category": category,
        "questions": known.questions_of(category),
        "steps": known.steps_of(category),
        "ready": offered(category, language, named | dict(values or {})),
    }


def fields_of(category: str, version: int | None = None) -> list[str]:
    """Name the fields of the category's questions, in their order; `version` is the classifier's."""
    return [f"{OF_DETAIL}{one.code}" for one in classifier(version).questions_of(category)]


def given(category: str, typed: Mapping[str, str], version: int | None = None) -> dict[str, str]:
    """Take the answers to this category's questions out of a form, by the questions' codes."""
    codes = (one.code for one in classifier(version).questions_of(category))
    return {code: text for code in codes if (text := typed.get(f"{OF_DETAIL}{code}", "").strip())}


def not_asked(category: str, typed: Mapping[str, str], version: int | None = None) -> dict[str, str]:
    """Name the questions that have to be asked and have no answer."""
    answers = given(category, typed, version)
    asked = classifier(version).questions_of(category)
    return {f"{OF_DETAIL}{one.code}": NOT_ASKED for one in asked if one.needed and one.code not in answers}


def faults_of(
    category: str, answers: Mapping[str, str], version: int | None = None
) -> Iterator[tuple[str, str]]:
    """Give each field whose answer cannot be read, or which is none of this category."""
    questions = {one.code: one for one in classifier(version).questions_of(category)}
    for code, text in answers.items():
        if code not in questions:
            yield f"{OF_DETAIL}{code}", N_("This is not asked of the category.")
        elif read_answer(questions[code], text, _ANY, _ZONE) is None:
            yield f"{OF_DETAIL}{code}", _WRONG[questions[code].asks]


def details(
    category: str, answers: Mapping[str, str], now: datetime, zone: ZoneInfo, version: int | None = None
) -> tuple[Detail, ...]:
    """Make the details of answers without faults, in the order of the questions."""
    read = (
        (one, read_answer(one, answers[one.code], now, zone))
        for one in classifier(version).questions_of(category)
        if one.code in answers
    )
    return tuple(one.answered(answer) for one, answer in read if answer)


def read_answer(question: Question, text: str, now: datetime, zone: ZoneInfo) -> str | None:
    """Read an answer as its kind is kept; None for what is none."""
    match question.asks:
        case Asks.TEXT:
            return text if len(text) <= LONGEST_ANSWER else None
        case Asks.CHOICE:
            return next((one.uk for one in question.options if text in {one.uk, one.en}), None)
        case Asks.NUMBER:
            return text.replace(",", ".") if _NUMBER.fullmatch(text) else None
        case Asks.YES_NO:
            return text if text in {"yes", "no", "unknown"} else None
        case Asks.MOMENT:
            return read_said(text, now.astimezone(zone), zone)
