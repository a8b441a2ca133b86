"""The editor's form as it is typed: read into a content, or into what is wrong with it by field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from cti_server.frame.language import N_
from cti_server.frame.moments import day_typed, read_day
from hotline.calls.skills import LANGUAGES, Skill
from hotline.city.classifier import classifier
from hotline.knowledge.articles import (
    LONGEST_ANSWER,
    LONGEST_NOTE,
    LONGEST_QUESTION,
    LONGEST_SAID_AS,
    LONGEST_STEP,
    MOST_STEPS,
    Content,
    Wording,
)

TOPICS = tuple(one for one in Skill if one not in LANGUAGES.values())
"""Skills that are topics; a language is none."""
NEEDED = N_("Write this: without it there is no article.")
TOO_LONG = N_("That is too long: at most %(most)s characters.")
TOO_MANY = N_("At most %(most)s steps, one a line, each of at most %(longest)s characters.")
NOT_WHOLE = N_("An English answer needs its question, and the other way round.")
NO_DAY = N_("Write a day as dd.mm.yyyy.")
NO_REVIEW = N_("Write the day by which it is looked at again.")
ENDS_BEFORE = N_("That day is over: give a later one, or none.")
NO_OWNER = N_("Choose somebody of the centre.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the form (`cti_server.frame.forms.read_form`)."""

    question_uk: str = ""
    answer_uk: str = ""
    steps_uk: str = ""
    question_en: str = ""
    answer_en: str = ""
    steps_en: str = ""
    said_as: str = ""
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    owner: int = 0
    valid_until: str = ""
    review_on: str = ""
    public: bool = False
    spoken: bool = False
    note: str = ""
    seen: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a field: its sentence, and the values that are filled into it."""

    text: str
    of: Mapping[str, int]


def typed_of(content: Content, seen: int) -> Typed:
    """Fill the form with a version."""
    return Typed(
        question_uk=content.uk.question,
        answer_uk=content.uk.answer,
        steps_uk="\n".join(content.uk.steps),
        question_en=content.en.question,
        answer_en=content.en.answer,
        steps_en="\n".join(content.en.steps),
        said_as=content.said_as,
        categories=content.categories,
        topics=content.topics,
        owner=content.owner_id,
        valid_until=day_typed(content.valid_until) if content.valid_until else "",
        review_on=day_typed(content.review_on),
        public=content.public,
        spoken=content.spoken,
        seen=seen,
    )


def faults_of(typed: Typed, owners: Collection[int], today: date) -> Mapping[str, Fault]:
    """Say what keeps the form from being an article, by field, in the order of the page."""
    found: dict[str, Fault] = {}
    for language in ("uk", "en"):
        found |= _wording_faults(typed, language)
    if len(typed.said_as) > LONGEST_SAID_AS:
        found["said_as"] = Fault(TOO_LONG, {"most": LONGEST_SAID_AS})
    if typed.owner not in owners:
        found["owner"] = Fault(NO_OWNER, {})
    if read_day(typed.review_on) is None:
        found["review_on"] = Fault(NO_REVIEW, {})
    last = read_day(typed.valid_until) if typed.valid_until else None
    if typed.valid_until and last is None:
        found["valid_until"] = Fault(NO_DAY, {})
    elif last is not None and last < today:
        found["valid_until"] = Fault(ENDS_BEFORE, {})
    if len(typed.note) > LONGEST_NOTE:
        found["note"] = Fault(TOO_LONG, {"most": LONGEST_NOTE})
    return found


def content_typed(typed: Typed, before: Content | None) -> Content:
    """Make the content of a form without faults; a withdrawn article stays withdrawn."""
    review_on = read_day(typed.review_on)
    assert review_on is not None  # noqa: S101 - `faults_of` has looked
    known = classifier().categories
    return Content(
        uk=_wording(typed, "uk"),
        en=_wording(typed, "en"),
        said_as=" ".join(typed.said_as.split()),
        categories=tuple(code for code in known if code in typed.categories),
        topics=tuple(one for one in TOPICS if one in typed.topics),
        owner_id=typed.owner,
        valid_until=read_day(typed.valid_until) if typed.valid_until else None,
        review_on=review_on,
        public=typed.public or typed.spoken,
        spoken=typed.spoken,
        withdrawn=before is not None and before.withdrawn,
    )


def _wording(typed: Typed, language: str) -> Wording:
    return Wording(
        question=" ".join(getattr(typed, f"question_{language}").split()),
        answer=getattr(typed, f"answer_{language}"),
        steps=_steps(getattr(typed, f"steps_{language}")),
    )


def _steps(text: str) -> tuple[str, ...]:
    return tuple(line for one in text.splitlines() if (line := " ".join(one.split())))


def _wording_faults(typed: Typed, language: str) -> Mapping[str, Fault]:
    found, one = {}, _wording(typed, language)
    for name, text, most in (
        ("question", one.question, LONGEST_QUESTION),
        ("answer", one.answer, LONGEST_ANSWER),
    ):
        if len(text) > most:
            found[f"{name}_{language}"] = Fault(TOO_LONG, {"most": most})
        elif not text and language == "uk":
            found[f"{name}_{language}"] = Fault(NEEDED, {})
        elif not text and (one.question or one.answer or one.steps):
            found[f"{name}_{language}"] = Fault(NOT_WHOLE, {})
    if len(one.steps) > MOST_STEPS or any(len(step) > LONGEST_STEP for step in one.steps):
        found[f"steps_{language}"] = Fault(TOO_MANY, {"most": MOST_STEPS, "longest": LONGEST_STEP})
    return found
