"""Forms of surveys as data: questions with keys, and which answer leads where; in versions, bilingual."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Protocol

from hotline.voice.speech import Language

COMPLETION = "completion"
"""The form by which an applicant is asked whether it was done."""
RATINGS = "12345"
PLACEHOLDERS = frozenset({"number", "about", "city"})
"""Placeholders of a text: the appeal's number, and its category."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    KEYS = "keys"
    """By one of the keys that its roads name."""
    RATING = "rating"
    """By a key from 1 to 5; silence goes on all the same."""
    REMARK = "remark"
    """By voice, recorded; a person who says nothing, or refused to be recorded, goes on."""
    DIGITS = "digits"
    """By up to `most` digits, such as a meter's reading."""
    END = "end"
    """Not at all: it is said, and the call is over."""


class Meaning(StrEnum):
    """Meanings of a key beyond its question: by these an appeal is closed or goes back."""

    PERSON = "person"
    """The person who answers is the applicant."""
    NOT_THEM = "not-them"
    """Somebody else answers."""
    DONE = "done"
    NOT_DONE = "not-done"
    PARTLY = "partly"
    """The work is partly done: the appeal goes back as if not done."""
    DISPATCHER = "dispatcher"
    """They want to speak with a person; the survey ends there."""


WORDS = frozenset({Meaning.DONE, Meaning.NOT_DONE, Meaning.PARTLY})
"""An applicant's word on the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """One key of a question: to which question it leads. `to` is empty for DISPATCHER alone."""

    key: str
    to: str = ""
    means: Meaning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that is said and asked. `to` is where one goes on: all kinds but KEYS and END.

    A rating may have roads for some of its keys besides, which lead elsewhere. `most` is of DIGITS.
    """

    id: str
    kind: QuestionKind
    uk: str
    en: str
    roads: tuple[Road, ...] = ()
    to: str = ""
    most: int = 0

    def text(self, language: Language) -> str:
        return self.uk if language is Language.UKRAINIAN else self.en

    def road(self, key: str) -> Road | None:
        return next((one for one in self.roads if one.key == key), None)

    def leads_to(self) -> Sequence[str]:
        """Name the questions that may come next."""
        return [*(one.to for one in self.roads if one.to), *([self.to] if self.to else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The questions of one version; the first is asked first."""

    questions: tuple[Question, ...]

    def find(self, question_id: str) -> Question | None:
        return next((one for one in self.questions if one.id == question_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """A version of a form as kept. It never changes; the newest is the one in use."""

    id: int
    key: str
    version: int
    form: Form
    made_at: datetime
    made_by: int | None = None
    """None for the one that came with the product."""
    note: str = ""


class Forms(Protocol):
    """The versions of survey forms."""

    async def present(self, key: str) -> KeptForm:
        """Give the version in use; the one that came with the product is kept as the first."""
        ...

    async def get(self, form_id: int) -> KeptForm:
        """Find a version; raises NotFound."""
        ...

    async def versions(self, key: str) -> Sequence[KeptForm]:
        """List all versions, the newest first."""
        ...

    async def add(
        self, key: str, form: Form, *, seen: int, by: int, at: datetime, note: str = ""
    ) -> KeptForm:
        """Keep a new version, in use from now on; raises Outdated unless `seen` is the newest one."""
        ...


@cache
def built_in(key: str) -> Form:
    """Read the form that came with the product."""
    text = resources.files("hotline").joinpath("data", f"survey-{key}.toml").read_text(encoding="utf-8")
    return form_of(tomllib.loads(text))


def form_of(data: Mapping[str, Any]) -> Form:
    """Read a form as JSON and TOML have it: `questions`, each with `roads` from key to question."""
    return Form(questions=tuple(map(_question, data["questions"])))


def as_data(form: Form) -> dict[str, Any]:
    """Write a form as JSON has it."""
    return {
        "questions": [
            {
                "id": one.id,
                "kind": one.kind.value,
                "uk": one.uk,
                "en": one.en,
                "to": one.to,
                "most": one.most,
                "roads": [
                    {"key": road.key, "to": road.to, "means": road.means.value if road.means else ""}
                    for road in one.roads
                ],
            }
            for one in form.questions
        ]
    }


def _question(data: Mapping[str, Any]) -> Question:
    return Question(
        id=data["id"],
        kind=QuestionKind(data["kind"]),
        uk=data["uk"],
        en=data["en"],
        to=data.get("to", ""),
        most=data.get("most", 0),
        roads=tuple(map(_road, data.get("roads", ()))),
    )


def _road(data: Mapping[str, Any]) -> Road:
    means = data.get("means", "")
    return Road(key=data["key"], to=data.get("to", ""), means=Meaning(means) if means else None)
