"""The outcome of a survey's call: the applicant's word becomes an act, or another call is owed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from attrs import define

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import SERVICE, Actor
from hotline.appeals.acts.applicants_word import AttemptInVain, BeginCheck, Confirm, Dispute
from hotline.appeals.appeal import Appeal, Appeals, AppealState
from hotline.appeals.handling import Handling, Overtaken
from hotline.city.city_rules import CityRules
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, REACHED, Follows, again_at
from hotline.errors import ForbiddenTransition
from hotline.surveys.completion import (
    ASKED,
    OF_RESULT,
    RETRIES,
    WORD_OF,
    Answer,
    Survey,
    SurveyCall,
    SurveyOutcome,
    Surveys,
    by_survey,
    to_be_asked,
)
from hotline.surveys.forms import WORDS, Meaning, QuestionKind
from ivr_flows.survey_phrases import PARTLY

log = logging.getLogger(__name__)

FINAL = WORDS | {Meaning.NOT_THEM, Meaning.DISPATCHER}
"""Keys after which nobody needs to be called again."""
_ENDED = frozenset({SurveyOutcome.DISPATCHER, SurveyOutcome.ELSEWHERE}) | {*WORD_OF.values()}
"""Outcomes by which the applicant was reached, or need not be."""
_NOT_PLACED = frozenset({SurveyOutcome.NOT_CALLED, SurveyOutcome.UNWANTED})
"""Outcomes of which no call is on record."""
_NEVER_AGAIN = _NOT_PLACED | {SurveyOutcome.WRONG_PERSON}
_NOT_TRIED = _NOT_PLACED | {SurveyOutcome.FAILED}
"""Outcomes that are no try to ask the applicant: nothing rang at theirs."""
_CLOSED = frozenset({AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED})
_LATER_COUNTS: Mapping[SurveyOutcome, frozenset[AppealState]] = {
    SurveyOutcome.CONFIRMED: frozenset({AppealState.CLOSED_UNCONFIRMED}),
    SurveyOutcome.NOT_DONE: _CLOSED,
    SurveyOutcome.PARTLY: _CLOSED,
}
"""States that came while they were being asked, and in which a word that was given afterwards counts."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What is known of a call that is over; `question` is the last one that was asked."""

    result: Result
    call_id: str
    at: datetime
    attempt: int = 1
    question: str = ""
    heard_out: bool = False
    """We had nothing more to ask: it was not they who hung up."""
    by: Actor | None = None
    """The applicant, whose word came in a chat; None: in an automatic call."""
    called: bool = True
    """It was a call, at which others may look; else `call_id` is but the name of the try."""


@define(eq=False, repr=False, kw_only=True)
class SurveyEndings:
    """Carries out what follows from a call. Each step may be taken again: then it changes nothing."""

    _surveys: Surveys
    _appeals: Appeals
    _handling: Handling
    _city: CityRules

    def asks(self, appeal: Appeal) -> bool:
        """Tell whether they are still to be called."""
        return to_be_asked(appeal, self._city)

    def is_asked(self, appeal: Appeal) -> bool:
        """Tell whether the applicant's word still decides, however often they were called in vain."""
        return appeal.state in ASKED

    async def begun(self, appeal: str, at: datetime) -> None:
        """Show on the card that the applicant is being asked."""
        await self._act(appeal, BeginCheck(by=SERVICE, at=at), frozenset({AppealState.DONE}))

    async def ended(self, survey: Survey, told: Told) -> Follows:
        """End the survey, or say when another call is owed; one that was ended before stays as it is.

        What they write after the calls in vain is their word all the same, and so is what they say in a call
        that was under way when it ended.
        """
        answers = await self._surveys.answers(survey.id, told.call_id)
        if survey.ended_at is not None:
            await self._taken_down(survey, answers, told)
            return REACHED if survey.outcome in _ENDED else GIVEN_UP
        outcome = await self._taken_down(survey, answers, told)
        again_in = None
        if outcome not in _ENDED and not survey.tried_by:
            again_in = await self._in_vain(survey, outcome, told)
        call = SurveyCall(call_id=told.call_id, at=told.at, outcome=outcome, question=told.question)
        await self._surveys.ended(
            survey.id,
            outcome,
            told.at,
            call=None if outcome in _NOT_PLACED else call,
            goes_on=again_in is not None,
            rating=_rating(answers) if outcome is SurveyOutcome.CONFIRMED else None,
        )
        if again_in is not None:
            return again_at(told.at + again_in)
        return REACHED if outcome in _ENDED else GIVEN_UP

    async def not_called(self, survey: Survey, at: datetime) -> None:
        """Give up a number that may not be called: a dispatcher finds another way."""
        if not survey.tried_by:
            none = Told(result=Result.NOT_IN_USE, call_id=f"survey-{survey.id}", at=at)
            await self._in_vain(survey, SurveyOutcome.NOT_CALLED, none)
        await self._surveys.ended(survey.id, SurveyOutcome.NOT_CALLED, at)

    async def unanswered(self, survey: Survey, at: datetime) -> None:
        """Give up whom nobody can call, and who did not answer in writing: a try, and a dispatcher's now."""
        tried = f"survey-{survey.id}"
        none = Told(result=Result.NO_ANSWER, call_id=tried, at=at, called=False)
        await self._in_vain(survey, SurveyOutcome.NO_ANSWER, none)
        await self._surveys.ended(survey.id, SurveyOutcome.NO_ANSWER, at)

    async def _taken_down(self, survey: Survey, answers: Sequence[Answer], told: Told) -> SurveyOutcome:
        """Say what the call came to, the applicant's word carried out."""
        outcome = _outcome(answers, told)
        if outcome not in WORD_OF.values() or await self._word(survey, outcome, answers, told):
            return outcome
        return SurveyOutcome.ELSEWHERE

    async def _word(
        self, survey: Survey, outcome: SurveyOutcome, answers: Sequence[Answer], told: Told
    ) -> bool:
        """Close the appeal or send it back; False where somebody decided otherwise before.

        A "no" counts also after a "yes" that came by another way while they were being asked: what they say
        last is not done.
        """
        by, once = told.by or by_survey(told.call_id), f"survey:{told.call_id}"
        if await self._handling.taken(survey.appeal, once) is not None:
            return True
        act: Act
        if outcome is SurveyOutcome.CONFIRMED:
            act = Confirm(by=by, at=told.at, idempotency_key=once, rating=_rating(answers))
        else:
            reason, remark = PARTLY if outcome is SurveyOutcome.PARTLY else "", _remark(answers)
            if told.by is not None:  # it was written, and no voice message has it
                reason, remark = " ".join(filter(None, (reason, remark))), ""
            act = Dispute(by=by, at=told.at, idempotency_key=once, reason=reason, remark=remark)
        said_at = max(one.at for one in answers if one.means in WORD_OF)
        return await self._act(survey.appeal, act, ASKED, later=_LATER_COUNTS[outcome], since=said_at)

    async def _in_vain(self, survey: Survey, outcome: SurveyOutcome, told: Told) -> timedelta | None:
        """Count the try; the pause before the next call, None when a dispatcher has to see to it."""
        await self.begun(survey.appeal, told.at)
        appeal = await self._appeals.find(survey.appeal)
        if appeal is None or appeal.state not in ASKED:
            return None
        once = f"survey-in-vain:{told.call_id}"
        counted = await self._handling.taken(survey.appeal, once) is not None
        tried = appeal.attempts + (outcome not in _NOT_TRIED and not counted)
        pause = None if outcome in _NEVER_AGAIN else RETRIES.again_in(told.result, told.attempt)
        if tried >= self._city.check_attempts:
            pause = None
        if outcome not in _NOT_TRIED or pause is None:
            vain = AttemptInVain(
                by=SERVICE,
                at=told.at,
                idempotency_key=once,
                outcome=outcome.value,
                call_id=told.call_id if told.called and outcome not in _NOT_PLACED else "",
                last=True if pause is None else None,
            )
            await self._act(survey.appeal, vain, frozenset({AppealState.BEING_CHECKED}))
        return pause

    async def _act(
        self,
        number: str,
        act: Act,
        states: frozenset[AppealState],
        *,
        later: frozenset[AppealState] = frozenset(),
        since: datetime | None = None,
    ) -> bool:
        """Do it while the appeal stands so, whatever else is done to it meanwhile; False: it does not.

        In the states `later` it is done as well, where the appeal came to them before `since`.
        """

        def possible(appeal: Appeal) -> bool:
            at = appeal.state_since or appeal.registered_at
            return appeal.state in states or (appeal.state in later and since is not None and at <= since)

        while (appeal := await self._appeals.find(number)) is not None and possible(appeal):
            try:
                await self._handling.carry_out(number, act, version=appeal.version)
            except Overtaken:
                continue  # a note, or the same word by another way: look again
            except ForbiddenTransition:
                return False
            log.info("survey acts appeal=%s act=%s", number, act.name)
            return True
        return False


def _outcome(answers: Sequence[Answer], told: Told) -> SurveyOutcome:
    """Judge a call by what was pressed; where nothing decides, by how it went."""
    meant = [one.means for one in answers if one.means is not None]
    words = [WORD_OF[one] for one in meant if one in WORD_OF]
    if words:
        return words[-1]
    if Meaning.NOT_THEM in meant:
        return SurveyOutcome.WRONG_PERSON
    if Meaning.DISPATCHER in meant:
        return SurveyOutcome.DISPATCHER
    if told.result in {Result.UNHEARD, Result.MACHINE, Result.SETTLED}:
        return SurveyOutcome.SILENT if told.heard_out else SurveyOutcome.HUNG_UP
    return OF_RESULT.get(told.result, SurveyOutcome.FAILED)


def _rating(answers: Sequence[Answer]) -> int | None:
    return next((int(one.said) for one in reversed(answers) if one.kind is QuestionKind.RATING), None)


def _remark(answers: Sequence[Answer]) -> str:
    return next((one.said for one in reversed(answers) if one.kind is QuestionKind.REMARK), "")
