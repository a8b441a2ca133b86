"""Surveys in chats: the hotline begins one where the applicant writes, and keeps what they answer there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from attrs import define

from hotline.appeals.handling import Entry
from hotline.appeals.word_codes import WordCodes, reported_at
from hotline.calls.conversation import Next
from hotline.chats.chat_states import FOR_PEOPLE, ChatState
from hotline.chats.chats import BY_NUMBER, Chat, Line, LineKind, Medium, NewChat, chat_of
from hotline.surveys.completion import Answer, Surveys
from hotline.surveys.forms import COMPLETION, Forms, Question
from hotline.surveys.in_writing import BUSY, AnsweredAlready, SurveysInWriting, answers_of
from ivr_flows import survey_phrases
from ivr_flows.completion_survey import KeyAnswer
from ivr_flows.ports import AskedSurvey
from service.chats.held_flows import HeldFlows, going_of, since_station
from service.chats.turns import ChatTurns
from service.chats.written_call import WrittenCall
from service.surveys.in_writing import SurveyWords, Waits


@define(eq=False, repr=False, kw_only=True)
class SurveysOfChats:
    """Gives each chat its own way to be asked."""

    _kept: SurveysInWriting
    _surveys: Surveys
    _forms: Forms
    _words: SurveyWords
    _codes: WordCodes
    _history: Callable[[str], Awaitable[Sequence[Entry]]]

    def of(self, call: WrittenCall) -> "SurveysOfChat":
        return SurveysOfChat(call=call, all=self)

    async def asked(self, call: WrittenCall, survey_id: int) -> AskedSurvey | None:
        """Give the survey as it began in this chat: whether it is answered by now, the next answer tells."""
        survey = await self._surveys.find(survey_id)
        found = await self._words.asked(survey_id)
        if survey is None or (found is None and not call.taken_up):
            return None
        if survey.form_id is None:
            form = await self._forms.present(COMPLETION)
            await self._surveys.asks_by(survey_id, form.id)
        else:
            form = await self._forms.get(survey.form_id)
        appeal = await self._words.appeal_of(survey)
        if appeal is None:
            return None
        kept = AnswersOfChat(call=call, all=self, survey_id=survey_id)
        return AskedSurvey(
            appeal=appeal.number,
            form=form.form,
            about=survey_phrases.about(appeal),
            sink=kept,
            settle=kept.settle,
            code=await self._code(call.medium, appeal.number),
            called=bool(survey.number) and await self._kept.may_be_called(survey_id),
        )

    async def _code(self, medium: Medium, number: str) -> str:
        """Give the code that a sender of short messages has to send back: their number may be forged."""
        if medium is not Medium.SMS:
            return ""
        version = reported_at(await self._history(number))
        return "" if version is None else self._codes.code(number, version)

    async def keep(self, call_id: str, survey_id: int, question: Question, given: KeyAnswer) -> None:
        """Keep one answer; raises AnsweredAlready where nobody is asked any more."""
        if await self._words.asked(survey_id) is None:
            raise AnsweredAlready(f"Survey {survey_id} is answered, or another report came since.")
        answer = Answer(
            survey_id=survey_id,
            call_id=call_id,
            question=question.id,
            kind=question.kind,
            at=self._words.now(),
            said=given.said,
            means=given.means,
        )
        await self._surveys.answer(answer)

    async def settle(self, survey_id: int, chat_id: int, medium: Medium) -> None:
        await self._words.settle(survey_id, chat_id, medium)


@define(eq=False, repr=False, kw_only=True)
class SurveysOfChat:
    """`ivr_flows.ports.AsksSurveys` of one chat."""

    _call: WrittenCall
    _all: SurveysOfChats

    async def of(self, survey_id: str) -> AskedSurvey | None:
        return await self._all.asked(self._call, int(survey_id)) if survey_id.isdecimal() else None


@define(eq=False, repr=False, kw_only=True)
class AnswersOfChat:
    """`ivr_flows.completion_survey.AnswerSink` of one chat: each answer is kept once, however often held."""

    _call: WrittenCall
    _all: SurveysOfChats
    _survey_id: int

    def asks(self, question: Question) -> None:
        """Nothing: the chat's lines tell where it stands."""

    async def answered(self, question: Question, given: KeyAnswer) -> None:
        call_id = answers_of(chat_of(self._call.id), self._survey_id)

        async def keep() -> None:
            await self._all.keep(call_id, self._survey_id, question, given)

        await self._call.once(f"survey {question.id}", keep, _done)

    async def settle(self) -> None:
        async def word() -> None:
            await self._all.settle(self._survey_id, chat_of(self._call.id), self._call.medium)

        await self._call.once(f"survey {self._survey_id}", word, _done)


async def _done() -> None:
    """Nothing: it was done before."""


@define(eq=False, repr=False, kw_only=True)
class AsksInChats:
    """Begins surveys: in a chat of their own, or in the open one that has gone silent."""

    _turns: ChatTurns
    _flows: HeldFlows

    async def ask(self, to: NewChat, survey_id: int, waits: Waits) -> Chat | None:
        """Ask once, whatever dies; None: they are in the middle of something else, or with a dispatcher.

        `waits` tells whether another question of this kind is still to be answered: a "yes" is to one alone.
        """
        chat = await self._turns.chats.latest(to.medium, to.address)
        if chat is not None and _is_asked(await self._turns.chats.lines(chat.id), survey_id):
            return chat
        if chat is None or chat.state is ChatState.OVER:
            begins = replace(to, number=_number_of(to, chat))
            chat = await self._turns.chats.begin(begins, self._turns.now())
        async with self._turns.of(chat.id) as chat:
            busy = chat.lines > 0 and self._turns.now() - chat.changed_at < BUSY
            if busy or chat.state in FOR_PEOPLE or chat.state is ChatState.OVER:
                return None
            if await self._is_asked_else(chat, waits):
                return None
            return await self._flows.lead_on(chat, (), (), going=Next.SURVEY, about=str(survey_id))

    async def _is_asked_else(self, chat: Chat, waits: Waits) -> bool:
        """Tell whether a report was begun there, or another survey waits for its answer."""
        past = since_station(await self._turns.chats.lines(chat.id))
        match going_of(past):
            case Next.REPORT:
                return True
            case Next.SURVEY:
                return await waits(int(past[0].detail["about"]))
            case _:
                return False


def _number_of(to: NewChat, before: Chat | None) -> str | None:
    """Give the number that is theirs for sure; in a browser somebody else may sit by now."""
    if to.medium in BY_NUMBER:
        return to.address
    return None if before is None or to.medium is Medium.WEB else before.number


def _is_asked(lines: Sequence[Line], survey_id: int) -> bool:
    return any(
        one.kind is LineKind.STATION
        and one.detail["next"] == Next.SURVEY
        and one.detail.get("about") == str(survey_id)
        for one in lines
    )
