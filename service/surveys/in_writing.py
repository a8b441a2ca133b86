"""Surveys in writing, from the report that it is done to the applicant's word, or to the call that follows.

What was asked and answered stands in the chat's lines and among the answers: a look may be taken again.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from attrs import define, field

from hotline.appeals.appeal import Appeal, Appeals
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat, Chats, Medium, NewChat
from hotline.clock import Clock
from hotline.delivery.handing_over import QuietHours
from hotline.dialling.dialler import Result
from hotline.errors import NotFound
from hotline.isolation import run_isolated
from hotline.surveys.completion import Survey, SurveyOutcome, Surveys
from hotline.surveys.in_writing import (
    DAY,
    PAID,
    PAID_OF_ONE,
    WORD_SETTLES,
    SurveyInWriting,
    SurveysInWriting,
    answers_of,
    by_chat,
)
from service.surveys.what_follows import FINAL, SurveyEndings, Told

log = logging.getLogger(__name__)

EVERY_SECONDS = 30.0
AT_ONCE = 200
Waits = Callable[[int], Awaitable[bool]]
"""Tells whether the question of the survey of this id still waits for an answer."""
Asks = Callable[[NewChat, int, Waits], Awaitable[Chat | None]]
"""Asks the survey of this id in a chat of this person; None: they are in the middle of something else."""


@define(eq=False, repr=False, kw_only=True)
class SurveyWords:
    """Carries out what applicants have said in chats; each may be taken again, and then changes nothing."""

    _kept: SurveysInWriting
    _surveys: Surveys
    _appeals: Appeals
    _endings: SurveyEndings
    _clock: Clock

    async def asked(self, survey_id: int) -> tuple[Survey, Appeal] | None:
        """Find a survey whose question is still to be answered; None: it is, or another came since."""
        survey = await self._surveys.find(survey_id)
        if survey is None or not await self._kept.is_latest(survey_id):
            return None
        appeal = await self.appeal_of(survey)
        return (survey, appeal) if appeal is not None and self._endings.is_asked(appeal) else None

    async def appeal_of(self, survey: Survey) -> Appeal | None:
        return await self._appeals.find(survey.appeal)

    def now(self) -> datetime:
        return self._clock.now()

    async def settle(self, survey_id: int, chat_id: int, medium: Medium) -> bool:
        """Carry out their word; False: they have said nothing that decides, or it was reported done anew."""
        survey = await self._surveys.find(survey_id)
        call_id = answers_of(chat_id, survey_id)
        answers = await self._surveys.answers(survey_id, call_id)
        if survey is None or not FINAL & {one.means for one in answers}:
            return False
        if not await self._kept.is_latest(survey_id):  # their yes is to the work of then
            return False
        told = Told(
            result=Result.SETTLED,
            call_id=call_id,
            at=self.now(),
            question=answers[-1].question,
            heard_out=True,
            by=by_chat(chat_id, medium),
            called=False,
        )
        await self._endings.ended(survey, told)
        return True


@define(eq=False, repr=False, kw_only=True)
class AsksInWriting:
    """Looks after surveys in writing: asks, carries out what was left half said, and hands to a call."""

    _kept: SurveysInWriting
    _surveys: Surveys
    _chats: Chats
    _endings: SurveyEndings
    _words: SurveyWords
    _asks: Asks
    _clock: Clock
    _media: Collection[Medium]
    """Those by which residents are reached."""
    _within: timedelta
    """How long an answer is waited for."""
    _most_paid: int
    """Questions a day in paid media."""
    _quiet: QuietHours | None = None
    _behind: int = field(default=0, init=False)
    """The survey at which the last look ended, where there were more than it could take."""

    async def look(self) -> None:
        """Look after each once; one that fails does not hold up the others."""
        under_way = await self._kept.under_way(AT_ONCE, self._behind)
        self._behind = under_way[-1].survey_id if len(under_way) == AT_ONCE else 0
        for one in under_way:
            await run_isolated(
                lambda one=one: self._look_after(one),  # type: ignore[misc]
                f"survey in writing not looked after survey={one.survey_id}",
            )

    async def _look_after(self, one: SurveyInWriting) -> None:
        now = self._clock.now()
        if one.chat_id is not None:
            await self._asked(one, one.chat_id, now)
            return
        found = await self._words.asked(one.survey_id)
        if found is None:
            await self._surveys.ended(one.survey_id, SurveyOutcome.ELSEWHERE, now)
        elif one.called_from is not None:
            await self._not_in_writing(one, found[0], now)
        elif self._quiet is None or self._quiet.end(now) is None:
            await self._ask(one, *found, now)

    async def _ask(self, one: SurveyInWriting, survey: Survey, appeal: Appeal, now: datetime) -> None:
        if one.medium not in self._media or now - one.owed_at >= DAY or not await self._may_cost(one, now):
            await self._not_in_writing(one, survey, now)
            return
        to = NewChat(medium=one.medium, address=one.address, language=appeal.language)
        chat = await self._asks(to, one.survey_id, self._waits)
        if chat is not None:
            await self._kept.asked(one.survey_id, chat.id, now, now + self._within)
            await self._endings.begun(survey.appeal, now)
            log.info("asked in writing whether it was done appeal=%s chat=%s", survey.appeal, chat.id)

    async def _waits(self, survey_id: int) -> bool:
        return await self._words.asked(survey_id) is not None

    async def _may_cost(self, one: SurveyInWriting, now: datetime) -> bool:
        if one.medium not in PAID:
            return True
        to_all, to_one = await self._kept.paid_since(now - DAY, one.medium, one.address)
        return to_all < self._most_paid and to_one < PAID_OF_ONE

    async def _asked(self, one: SurveyInWriting, chat_id: int, now: datetime) -> None:
        """Carry out a word to which nothing more is added; without one for long, have them called."""
        chat = await self._chat(chat_id)
        over = chat is None or chat.state is ChatState.OVER
        silent = over or chat is None or now - chat.changed_at >= WORD_SETTLES
        medium = one.medium if chat is None else chat.medium
        if silent and await self._words.settle(one.survey_id, chat_id, medium):
            return
        if await self._words.asked(one.survey_id) is None:
            await self._surveys.ended(one.survey_id, SurveyOutcome.ELSEWHERE, now)
            return
        late = one.asked_at is not None and now - one.asked_at >= self._within
        if over or (late and one.called_from is None):
            survey = await self._surveys.find(one.survey_id)
            if survey is not None:
                await self._not_in_writing(one, survey, now, over=over)

    async def _not_in_writing(
        self, one: SurveyInWriting, survey: Survey, now: datetime, *, over: bool = True
    ) -> None:
        """Have a call ask; where none will, a dispatcher sees to it once nobody can answer there."""
        wanted = await self._kept.may_be_called(one.survey_id)
        if wanted and await self._kept.call_now(one.survey_id, now):
            if one.called_from is None:
                log.info("no answer in writing, to be called survey=%s", one.survey_id)
        elif over:
            await self._endings.unanswered(survey, now)

    async def _chat(self, chat_id: int) -> Chat | None:
        try:
            return await self._chats.get(chat_id)
        except NotFound:  # deleted, as it has long been over
            return None
