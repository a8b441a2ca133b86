"""Completion surveys by telephone: from a report that it is done to the applicant's own word by a key."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from attrs import define

from hotline.appeals.appeal import Appeal, Appeals
from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, NotDialled, NumberRefusal
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, Attempt, Brief, Follows, Job, later
from hotline.enterprises.executors import Executors
from hotline.speech.understanding import Understanding
from hotline.surveys.completion import (
    SURVEY,
    Answer,
    Survey,
    SurveyOutcome,
    Surveys,
    number_to_ask,
)
from hotline.surveys.forms import COMPLETION, Form, Forms, Question
from hotline.surveys.in_writing import WORD_SETTLES, SurveysInWriting, chat_asked
from hotline.voice.speech import Voice
from ivr_flows import survey_phrases
from ivr_flows.completion_survey import TO_A_PERSON, KeyAnswer, SurveyEnd, completion_survey
from ivr_flows.survey_phrases import About
from service.surveys.what_follows import FINAL, SurveyEndings, Told
from telephony.dialling.placed import refusal_on_record
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)


class ToDispatcher(Protocol):
    """Brings somebody who was called to a person; returns when that is over."""

    async def __call__(self, call: Call, *, urgent: bool = False) -> None:
        """`urgent`: they spoke of an emergency."""
        ...


@dataclass(slots=True, kw_only=True)
class Interview:
    """A survey under way in this process; implements `ivr_flows.completion_survey.AnswerSink`."""

    survey: Survey
    form: Form
    about: About
    surveys: Surveys
    clock: Clock
    attempt: "Attempt[Interview] | None" = None
    question: str = ""
    decided: bool = False
    """They have said what nobody needs to call them again for, though it may not be on record yet."""
    heard_out: bool = False

    def asks(self, question: Question) -> None:
        self.question = question.id

    async def answered(self, question: Question, given: KeyAnswer) -> None:
        """Keep it at once, or as soon as the database is back; what a trial says counts for nothing."""
        if self.attempt is None or self.survey.tried_by:
            return
        answer = Answer(
            survey_id=self.survey.id,
            call_id=self.attempt.call_id,
            question=question.id,
            kind=question.kind,
            at=self.clock.now(),
            said=given.said,
            means=given.means,
        )
        keep = partial(self.surveys.answer, answer)
        if answer.means in FINAL:
            self.decided = True
            await self.attempt.settle(keep)
        else:
            await self.attempt.owe(keep, f"answer not on record survey={self.survey.id}")


@define(eq=False, repr=False, kw_only=True)
class SurveyCalls:
    """Implements `hotline.dialling.jobs.JobSource` on the surveys that are owed."""

    name = SURVEY

    _surveys: Surveys
    _in_writing: SurveysInWriting
    _forms: Forms
    _appeals: Appeals
    _executors: Executors
    _endings: SurveyEndings
    _refuses_recording: Callable[[str], Awaitable[bool]]
    _to_dispatcher: ToDispatcher
    _understanding: Understanding
    _rules: CallingRules
    _voice: Voice
    _clock: Clock
    _demo: bool
    """Calls leave for a phone on this machine, so that nobody's number is rung."""

    async def brief(self, job: Job, at: datetime) -> Brief[Interview] | Follows:
        survey = await self._surveys.find(job.subject) if job.subject else None
        if survey is None or survey.ended_at is not None:
            return GIVEN_UP
        appeal = None
        if not survey.tried_by:
            appeal = await self._appeals.find(survey.appeal)
            # Of a report that was taken back and made anew nobody is asked twice.
            latest = await self._in_writing.is_latest(survey.id)
            if appeal is None or not latest or not self._endings.asks(appeal):
                await self._surveys.ended(survey.id, SurveyOutcome.ELSEWHERE, at)
                return GIVEN_UP
        if not await self._may_be_called(survey, appeal, at):
            return GIVEN_UP
        if await self._answered_in_writing(survey):
            return later(at + WORD_SETTLES)
        try:
            number = await self._dialable(survey, appeal)
        except NotDialled as refused:
            log.warning("applicant cannot be called survey=%d reason=%s", survey.id, refused.why)
            await self._endings.not_called(survey, at)
            return GIVEN_UP
        exempt = f"user {survey.tried_by} tries the survey out" if survey.tried_by else ""
        return Brief(number=number, about=await self._interview(survey, appeal), exempt=exempt)

    async def after(self, job: Job, result: Result, at: datetime, about: Interview | None) -> Follows:
        survey = await self._surveys.find(job.subject) if job.subject else None
        if survey is None:
            return GIVEN_UP
        told = Told(result=result, call_id=job.call_id, at=at, attempt=job.attempt)
        if about is not None:
            told.question, told.heard_out = about.question, about.heard_out
        return await self._endings.ended(survey, told)

    async def prepare(self, about: Interview) -> None:
        for one in about.form.questions:  # most of them once and for all
            with contextlib.suppress(SynthesisError):  # without it the call says what it can
                for said in survey_phrases.question(one, about.about):
                    await self._voice.media(said, about.survey.language)

    async def attend(self, call: Call, attempt: Attempt[Interview]) -> None:
        """Ask the person who answered. Each answer is kept at once, and acted on at the end.

        They are asked on though the database has gone: what they say is written when it is back.
        """
        interview = attempt.brief.about
        interview.attempt = attempt
        survey = interview.survey
        refuses = await refusal_on_record(self._refuses_recording, survey.number)
        if refuses:
            await call.refuse_recording()
        await self._begin(call, survey, attempt)
        may_record = not survey.tried_by and refuses is False
        ending = await completion_survey(
            call,
            interview.form,
            interview.about,
            interview,
            appeal=survey.appeal,
            may_record=may_record,
            understanding=self._understanding,
        )
        interview.heard_out = True
        if interview.decided:
            await call.note(Step.INFORMED, about="survey")
        if ending in TO_A_PERSON and survey.tried_by:
            await call.play(survey_phrases.TRIAL_DISPATCHER)
        elif ending in TO_A_PERSON:
            follow = partial(self._follow, attempt, self._clock.now())
            await attempt.owe(follow, f"not acted upon the answers of a survey yet survey={survey.id}")
            await self._to_dispatcher(call, urgent=ending is SurveyEnd.EMERGENCY)

    async def _follow(self, attempt: Attempt[Interview], at: datetime) -> None:
        await self.after(attempt.job, Result.SETTLED, at, attempt.brief.about)

    async def _begin(self, call: Call, survey: Survey, attempt: Attempt[Interview]) -> None:
        if call.language is not survey.language:
            await call.speak(survey.language)
        if survey.tried_by:
            await call.play(survey_phrases.TRIAL)
        else:
            await call.note(Step.APPEAL_ASKED, appeal=survey.appeal, theirs=True)
            begun = partial(self._endings.begun, survey.appeal, self._clock.now())
            await attempt.owe(begun, f"not shown that the applicant is asked survey={survey.id}")

    async def _may_be_called(self, survey: Survey, appeal: Appeal | None, at: datetime) -> bool:
        """Tell whether they are called; a survey that nobody asks in a chat is over else: the link asks."""
        if appeal is None or number_to_ask(appeal) is not None:
            return await self._in_writing.may_be_called(survey.id)
        if await self._in_writing.of(survey.id) is None:
            await self._surveys.ended(survey.id, SurveyOutcome.UNWANTED, at)
        return False

    async def _answered_in_writing(self, survey: Survey) -> bool:
        """Tell whether their word stands in the chat by now, and is carried out in a moment."""
        answers = await self._surveys.answers(survey.id)
        return any(chat_asked(one.call_id) is not None and one.means in FINAL for one in answers)

    async def _dialable(self, survey: Survey, appeal: Appeal | None) -> str:
        """Give the number as it is dialled. Neither an emergency service nor a demo citizen is called."""
        number = self._rules.dialable_by_itself(survey.number)
        if appeal is not None and await self._fictional(appeal):
            raise NotDialled(NumberRefusal.NOT_ALLOWED)
        return number

    async def _interview(self, survey: Survey, appeal: Appeal | None) -> Interview:
        if survey.form_id is not None and survey.tried_by:
            form = await self._forms.get(survey.form_id)
        else:
            form = await self._forms.present(COMPLETION)
        await self._surveys.asks_by(survey.id, form.id)
        return Interview(
            survey=survey,
            form=form.form,
            about=survey_phrases.about(appeal) if appeal else survey_phrases.sample(),
            surveys=self._surveys,
            clock=self._clock,
        )

    async def _fictional(self, appeal: Appeal) -> bool:
        """Whether a demo citizen would be called over a real trunk: the number may be a stranger's."""
        if self._demo or appeal.executor_id is None:
            return False
        return (await self._executors.get(appeal.executor_id)).demo
