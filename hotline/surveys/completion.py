"""The completion survey (regulation 3.2): the hotline calls the applicant and asks whether it was done.

Only a key decides: who presses nothing may be a machine, and has said nothing. Their word becomes an act in
`service.surveys.what_follows`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.appeals.acts.actors import Actor, applicant
from hotline.appeals.appeal import CHECKED, Appeal, Subject
from hotline.city.city_rules import CityRules
from hotline.contact.channel import Channel
from hotline.dialling.dialler import Result, RetryRules
from hotline.surveys.forms import Meaning, QuestionKind
from hotline.voice.speech import Language

SURVEY = "survey"
"""The source of the calls by which applicants are asked."""
ASKED = CHECKED
"""While an appeal stands so, its applicant is to be asked."""


class SurveyOutcome(StrEnum):
    """The outcome of a call, and at last of the survey."""

    CONFIRMED = "confirmed"
    NOT_DONE = "not-done"
    PARTLY = "partly"
    DISPATCHER = "dispatcher"
    """They asked for a person, and spoke with one or will be called back."""
    WRONG_PERSON = "wrong-person"
    HUNG_UP = "hung-up"
    """Somebody answered and hung up before they said anything about the work."""
    SILENT = "silent"
    """Somebody or a machine answered, and pressed nothing."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    NOT_IN_USE = "not-in-use"
    FAILED = "failed"
    ELSEWHERE = "elsewhere"
    """They said it in another way first (the link, a call of theirs), or somebody decided without them."""
    NOT_CALLED = "not-called"
    """The number is none that may be called."""
    INTERRUPTED = "interrupted"
    """The service died in the call."""
    UNWANTED = "unwanted"
    """They do not want to be called by a machine."""


WORD_OF: Mapping[Meaning, SurveyOutcome] = {
    Meaning.DONE: SurveyOutcome.CONFIRMED,
    Meaning.NOT_DONE: SurveyOutcome.NOT_DONE,
    Meaning.PARTLY: SurveyOutcome.PARTLY,
}
RETURNED = frozenset({SurveyOutcome.NOT_DONE, SurveyOutcome.PARTLY})
REACHED = frozenset({SurveyOutcome.CONFIRMED, SurveyOutcome.DISPATCHER}) | RETURNED
OF_RESULT: Mapping[Result, SurveyOutcome] = {
    Result.UNHEARD: SurveyOutcome.SILENT,
    Result.MACHINE: SurveyOutcome.SILENT,
    Result.BUSY: SurveyOutcome.BUSY,
    Result.NO_ANSWER: SurveyOutcome.NO_ANSWER,
    Result.REFUSED: SurveyOutcome.REFUSED,
    Result.NOT_IN_USE: SurveyOutcome.NOT_IN_USE,
    Result.INTERRUPTED: SurveyOutcome.INTERRUPTED,
    Result.UNWANTED: SurveyOutcome.UNWANTED,
}

_HOUR = timedelta(hours=1)
RETRIES = RetryRules(
    {
        Result.BUSY: (_HOUR / 6, _HOUR, 3 * _HOUR),
        Result.NO_ANSWER: (2 * _HOUR, 24 * _HOUR),
        Result.REFUSED: (24 * _HOUR,),
        Result.UNHEARD: (3 * _HOUR, 24 * _HOUR),
        Result.MACHINE: (2 * _HOUR, 24 * _HOUR),
        Result.INTERRUPTED: (_HOUR / 6, 3 * _HOUR),
        Result.FAILED: (_HOUR / 12, _HOUR / 2, 2 * _HOUR, 24 * _HOUR),
    }
)
"""Between the attempts of one survey, by what the one before came to; then a dispatcher asks, or decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One applicant to be asked about one report that it is done; or a trial, which counts for nothing."""

    id: int
    appeal: str
    """The appeal's number; empty for a trial."""
    number: str
    """The telephone number, in E.164; empty: they are asked in writing, and nobody calls."""
    language: Language
    owed_at: datetime
    ended_at: datetime | None = None
    """When asking them was over; None: a call is owed or under way."""
    form_id: int | None = None
    """The version that is asked, from the first call on; a trial's from the beginning."""
    tried_by: int | None = None
    """The user who tries the form out by calling themselves; None for an applicant."""
    outcome: SurveyOutcome | None = None
    """What the latest call came to."""
    rating: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as it was given: the key, the digits, or the id of the voice message."""

    survey_id: int
    call_id: str
    question: str
    kind: QuestionKind
    at: datetime
    said: str = ""
    means: Meaning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCall:
    """One call of a survey; `question` is the last one that was asked."""

    call_id: str
    at: datetime
    outcome: SurveyOutcome
    question: str = ""


def number_to_ask(appeal: Appeal) -> str | None:
    """Give the number at which the applicant is asked; None for who is anonymous or chose another way.

    Who gave an e-mail address, or wants no calls, is asked by the link of what they are sent;
    who is told of no change is asked all the same.
    """
    if appeal.subject is Subject.ANONYMOUS or appeal.reply_by is Channel.EMAIL or appeal.only_in_writing:
        return None
    return (appeal.reply_to if appeal.reply_by else "") or appeal.applicant_number


def to_be_asked(appeal: Appeal, rules: CityRules) -> bool:
    """Tell whether the applicant is still to be asked: no answer yet, and not tried in vain often enough."""
    return appeal.state in ASKED and appeal.attempts < rules.check_attempts


def can_be_called(appeal: Appeal, rules: CityRules) -> bool:
    """Tell whether the hotline can ask the applicant by itself, at the number that the register has."""
    return to_be_asked(appeal, rules) and rules.survey_calls and number_to_ask(appeal) is not None


def by_survey(call_id: str) -> Actor:
    """Give the applicant whose word came in this automatic call."""
    return applicant(f"survey:{call_id}")


class Surveys(Protocol):
    """Surveys and their answers; `hotline.dialling.jobs` owes the call of each."""

    async def asks_by(self, survey_id: int, form_id: int) -> None:
        """Remember by which version of the form it is asked."""
        ...

    async def answer(self, answer: Answer) -> None:
        """Keep an answer at once: whatever happens next, it was given. Kept again, it is one."""
        ...

    async def answers(self, survey_id: int, call_id: str = "") -> Sequence[Answer]:
        """Read the answers in their order; those of one call where it is named."""
        ...

    async def ended(
        self,
        survey_id: int,
        outcome: SurveyOutcome,
        at: datetime,
        *,
        call: SurveyCall | None = None,
        goes_on: bool = False,
        rating: int | None = None,
    ) -> bool:
        """Note what a call came to, and that the survey is over unless it `goes_on` with another.

        A call that was noted before and ends the survey after all has come to that: one call, one outcome.
        False: the survey is over, or it goes on and the call was noted before.
        """
        ...

    async def try_out(
        self, form_id: int, *, number: str, language: Language, user_id: int, at: datetime
    ) -> Survey:
        """Owe a call to somebody who tries the form out; one that they asked for before is taken back."""
        ...

    async def ask_now(self, appeal: str, at: datetime) -> None:
        """Owe a call at once to the applicant, who wants to give their word: the one owed, or one anew."""
        ...

    async def find(self, survey_id: int) -> Survey | None: ...

    async def of_appeal(self, appeal: str) -> Sequence[Survey]:
        """List an appeal's surveys, the latest first."""
        ...

    async def calls(self, survey_id: int) -> Sequence[SurveyCall]:
        """List the calls of a survey, the first first."""
        ...
