"""Completion surveys by telephone: from a report that it is done to the applicant's own word by a key."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from hotline.appeals.appeal import Appeal, Appeals
from hotline.calls.call import Step
from hotline.calls.conversation import Call
from hotline.clock import Clock
from hotline.dialling.calling_out import CallingRules, NotDialled, NumberRefusal
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.enterprises.executors import Executors
from hotline.surveys.completion import Answer, Survey, SurveyOutcome, Surveys
from hotline.surveys.forms import COMPLETION, Form, Forms, Question
from hotline.voice.speech import Voice
from ivr_flows import survey_phrases
from ivr_flows.completion_survey import KeyAnswer, SurveyEnd, completion_survey
from ivr_flows.survey_phrases import About
from service.surveys.endings import FINAL, SurveyEndings, Told
from telephony.dialling.sources import errands_of
from telephony.ids import OUT_PREFIX
from telephony.voice.engines import SynthesisError

log = logging.getLogger(__name__)

NAME = "survey"

ToDispatcher = Callable[[Call], Awaitable[None]]
"""Brings somebody who was called to a person; returns when that is over."""


@dataclass(slots=True, kw_only=True)
class _Interview:
    """A survey under way in this process; implements `ivr_flows.completion_survey.AnswerSink`."""

    survey: Survey
    form: Form
    about: About
    surveys: Surveys
    clock: Clock
    attempt: Attempt | None = None
    question: str = ""
    heard_out: bool = False

    def asks(self, question: Question) -> None:
        self.question = question.id

    async def answered(self, question: Question, given: KeyAnswer) -> None:
        """Keep it at once; what a trial says counts for nothing."""
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
        await self.surveys.answer(answer)
        self.attempt.settled = self.attempt.settled or given.means in FINAL


class SurveyCalls:
    """Implements `hotline.dialling.dialler.Source` on the surveys that are owed."""

    name = NAME

    def __init__(
        self,
        *,
        surveys: Surveys,
        forms: Forms,
        appeals: Appeals,
        executors: Executors,
        endings: SurveyEndings,
        refuses_recording: Callable[[str], Awaitable[bool]],
        to_dispatcher: ToDispatcher,
        rules: CallingRules,
        voice: Voice,
        clock: Clock,
        demo: bool,
    ) -> None:
        """`demo`: calls leave for a phone on this machine, so that nobody's number is rung."""
        self._surveys = surveys
        self._forms = forms
        self._appeals = appeals
        self._executors = executors
        self._endings = endings
        self._refuses_recording = refuses_recording
        self._to_dispatcher = to_dispatcher
        self._rules = rules
        self._voice = voice
        self._clock = clock
        self._demo = demo
        self._interviews: dict[str, _Interview] = {}

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        return await errands_of(await self._surveys.claim(at, most), partial(self._errand, at=at))

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        await self._surveys.renew([_survey_id(one) for one in errands], at)

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        self._interviews.pop(errand.name, None)
        await self._surveys.put_off(_survey_id(errand), until, at, attempt=errand.attempt)

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        return await self._surveys.left_behind(renewed_before, at)

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        interview = self._interviews.pop(errand.name, None)
        survey = await self._surveys.find(_survey_id(errand))
        if survey is None or survey.attempts != errand.attempt:
            return
        told = Told(result=result, call_id=_call_id(errand), at=at)
        if interview is not None:
            told.question, told.heard_out = interview.question, interview.heard_out
        await self._endings.ended(survey, told)

    async def prepare(self, errand: Errand) -> None:
        interview = self._interviews[errand.name]
        for one in interview.form.questions:  # most of them once and for all
            with contextlib.suppress(SynthesisError):  # without it the call says what it can
                for said in survey_phrases.question(one, interview.about):
                    await self._voice.media(said, interview.survey.language)

    async def attend(self, call: Call, attempt: Attempt) -> None:
        """Ask whoever answered. What they say is kept at once, and acted on when the questions are over."""
        interview = self._interviews[attempt.errand.name]
        interview.attempt = attempt
        survey = interview.survey
        await self._begin(call, survey)
        may_record = not survey.tried_by and not call.recording_refused
        ending = await completion_survey(
            call, interview.form, interview.about, interview, appeal=survey.appeal, may_record=may_record
        )
        interview.heard_out = True
        if attempt.settled:
            await call.note(Step.INFORMED, about="survey")
        if ending is SurveyEnd.DISPATCHER and survey.tried_by:
            await call.play(survey_phrases.TRIAL_DISPATCHER)
        elif ending is SurveyEnd.DISPATCHER:
            await self.ended(attempt.errand, Result.SETTLED, self._clock.now())
            await self._to_dispatcher(call)

    async def _begin(self, call: Call, survey: Survey) -> None:
        if await self._refuses_recording(survey.number):
            await call.refuse_recording()
        if call.language is not survey.language:
            await call.speak(survey.language)
        if survey.tried_by:
            await call.play(survey_phrases.TRIAL)
        else:
            await call.note(Step.APPEAL_ASKED, appeal=survey.appeal, theirs=True)
            await self._endings.begun(survey.appeal, self._clock.now())

    async def _errand(self, survey: Survey, at: datetime) -> Errand | None:
        """Prepare a claimed survey to be dialled; None, and it is ended, where nobody is to be called."""
        appeal = None
        if not survey.tried_by:
            appeal = await self._appeals.find(survey.appeal)
            if appeal is None or not self._endings.asks(appeal):
                await self._surveys.ended(survey.id, SurveyOutcome.ELSEWHERE, at, attempt=survey.attempts)
                return None
        try:
            number = await self._dialable(survey, appeal)
        except NotDialled as refused:
            log.warning("applicant cannot be called survey=%d reason=%s", survey.id, refused.why)
            await self._endings.not_called(survey, at)
            return None
        return await self._prepared(survey, appeal, number)

    async def _dialable(self, survey: Survey, appeal: Appeal | None) -> str:
        """Give the number as it is dialled. Neither an emergency service nor a demo citizen is called."""
        number = self._rules.dialable_by_itself(survey.number)
        if appeal is not None and await self._fictional(appeal):
            raise NotDialled(NumberRefusal.NOT_ALLOWED)
        return number

    async def _prepared(self, survey: Survey, appeal: Appeal | None, number: str) -> Errand:
        if survey.form_id is not None and survey.tried_by:
            form = await self._forms.get(survey.form_id)
        else:
            form = await self._forms.present(COMPLETION)
        await self._surveys.asks_by(survey.id, form.id)
        interview = _Interview(
            survey=survey,
            form=form.form,
            about=survey_phrases.about(appeal) if appeal else survey_phrases.sample(),
            surveys=self._surveys,
            clock=self._clock,
        )
        errand = Errand(
            name=f"{NAME}-{survey.id}",
            attempt=survey.attempts,
            claimed_at=survey.changed_at,
            number=number,
            kind=Kind.SURVEY,
            exempt=f"user {survey.tried_by} tries the survey out" if survey.tried_by else "",
        )
        self._interviews[errand.name] = interview
        return errand

    async def _fictional(self, appeal: Appeal) -> bool:
        """Whether a demo citizen would be called over a real trunk: the number may be a stranger's."""
        if self._demo or appeal.executor_id is None:
            return False
        return (await self._executors.get(appeal.executor_id)).demo


def _survey_id(errand: Errand) -> int:
    return int(errand.name.removeprefix(f"{NAME}-"))


def _call_id(errand: Errand) -> str:
    return OUT_PREFIX + errand.call
