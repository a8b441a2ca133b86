"""Who reported in a chat is asked there whether it was done; who does not answer is called."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from attrs import define, field
from sqlalchemy import select

from hotline.appeals.acts.actors import Actor, ActorRole, applicant
from hotline.appeals.acts.applicants_word import Confirm, Dispute
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.appeals.attachments import FileLimits
from hotline.appeals.handling import Entry
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, Chat, LineKind, Medium, NewChat
from hotline.delivery.handing_over import QuietHours
from hotline.dialling.dialler import Result
from hotline.dialling.jobs import GIVEN_UP, later
from hotline.portal.closings import EndedBy
from hotline.surveys.completion import SURVEY, Survey, SurveyOutcome
from hotline.surveys.in_writing import PAID_OF_ONE, WORD_SETTLES
from service.chats.conversations import Conversations
from service.surveys.in_writing import AsksInWriting
from service.talk.town import Stage
from service.wiring.chats import asks_in_writing, reports_of_chats, survey_words, surveys_of_chats
from service.wiring.portal import reporting
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from storage.tables import appeal_chats, call_jobs, chat_lines
from tests.fakes.clock import SetClock
from tests.fakes.towns import KYIV
from tests.service.calls.test_duty_calls import QuietVoice
from tests.service.chats.test_reports import Deaf
from tests.service.surveys.test_calls import survey_calls

NUMBER = "+380671112233"
"""Of a mobile telephone that no register has."""
KNOWN = "+380671112299"
"""Of a citizen, who is called."""
WORDS = "Не вивозять сміття вже третій день"
KEY = b"key"
REACHED = frozenset(Medium)


@define(eq=False)
class City:
    """The service, whoever writes to it, and the enterprise that reports done."""

    stage: Stage
    made: Conversations
    folder: Path
    media: frozenset[Medium] = REACHED
    most_paid: int = 9
    quiet: QuietHours | None = None
    asks: AsksInWriting = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.begin_anew(self.made)

    @property
    def storage(self) -> Storage:
        return self.stage.storage

    def begin_anew(self, made: Conversations) -> None:
        """The service is started, of which nothing is left but the database."""
        self.made = made
        clock, rules = self.stage.clock, self.stage.city.rules
        store = AttachmentFolder(self.folder, FileLimits())
        store.prepare()
        registers = reporting(self.storage, KYIV, store=store, events=Deaf(), key=KEY, clock=clock)
        made.register(reports_of_chats(self.storage, registers, clock))
        made.survey(surveys_of_chats(self.storage, survey_words(self.storage, clock, rules), KEY))
        self.asks = asks_in_writing(
            self.storage,
            made,
            clock,
            rules,
            media=self.media,
            most_paid=self.most_paid,
            quiet=self.quiet,
        )

    async def reported(self, medium: Medium = Medium.TELEGRAM, number: str | None = NUMBER) -> Appeal:
        """Somebody reports in a chat of this medium; the enterprise has not done it yet."""
        address = number if medium in {Medium.SMS, Medium.WHATSAPP} and number else "person"
        chat = await self.made.begin(NewChat(medium=medium, address=address, number=number))
        for text in ("6", WORDS, "1", "біля річки за мостом"):
            await self.made.write(chat.id, text)
        if "вже є звернення" in await self.told(chat):
            await self.made.write(chat.id, "2")
        async with self.storage.database.reading() as connection:
            query = select(appeal_chats.c.appeal).order_by(appeal_chats.c.appeal.desc())
            number_of_it = (await connection.execute(query)).scalar()
        assert number_of_it is not None
        return await self.appeal(number_of_it)

    async def reported_here_too(self) -> Appeal:
        """They report something else in the same chat."""
        chat = await self.chat()
        for text in ("6", "Не світить ліхтар", "1", "біля школи за мостом"):
            await self.made.write(chat.id, text)
        async with self.storage.database.reading() as connection:
            query = select(appeal_chats.c.appeal).order_by(appeal_chats.c.appeal.desc())
            return await self.appeal(str((await connection.execute(query)).scalar()))

    async def reported_done(self, appeal: Appeal) -> None:
        """The enterprise says that it is done, which it says each time that it is returned."""
        now, handling = self.stage.clock.now(), self.storage.handling
        if appeal.executor_id is None:
            executor_id = (await self.storage.executors.all())[0].id
            head = Actor(part=ActorRole.HEAD, user_id=1)
            appeal = await handling.carry_out(
                appeal.number, Assign(by=head, at=now, executor_id=executor_id), version=None
            )
        by = Actor(part=ActorRole.EXECUTOR, user_id=1, executor_id=appeal.executor_id)
        if appeal.state is AppealState.ASSIGNED:
            appeal = await handling.carry_out(appeal.number, Accept(by=by, at=now), version=None)
        if appeal.state in {AppealState.ACCEPTED, AppealState.DISPUTED}:
            await handling.carry_out(appeal.number, BeginWork(by=by, at=now), version=None)
        done = ReportDone(by=by, at=now, result=ResultKind.SATISFIED, answer="Вивезли")
        await handling.carry_out(appeal.number, done, version=None)

    async def asked(self, medium: Medium = Medium.TELEGRAM, number: str | None = NUMBER) -> Appeal:
        """It is reported, done, and the question is in the chat."""
        appeal = await self.reported(medium, number)
        self.stage.clock.pass_by(timedelta(hours=2).total_seconds())
        await self.reported_done(appeal)
        await self.asks.look()
        return appeal

    async def reported_again_after_no(self, appeal: Appeal) -> None:
        """They say on the page that it is not done, and the enterprise that it is, once more."""
        await dispute_elsewhere(self, appeal)
        await self.reported_done(await self.appeal(appeal.number))

    async def appeal(self, number: str) -> Appeal:
        found = await self.storage.appeals.find(number)
        assert found is not None
        return found

    async def state(self, appeal: Appeal) -> AppealState:
        return (await self.appeal(appeal.number)).state

    async def survey(self, appeal: Appeal) -> Survey:
        return (await self.storage.surveys.of_appeal(appeal.number))[0]

    async def history(self, appeal: Appeal) -> Sequence[Entry]:
        return await self.storage.handling.history(appeal.number, hidden=True)

    async def chat(self, medium: Medium = Medium.TELEGRAM, address: str = "person") -> Chat:
        found = await self.storage.chats.latest(medium, address)
        assert found is not None
        return found

    async def told(self, chat: Chat | None = None) -> str:
        """What the hotline has said behind the last words of the resident."""
        lines = await self.storage.chats.lines((chat or await self.chat()).id)
        words = max((one.number for one in lines if one.kind in BY_RESIDENT), default=0)
        return "\n".join(
            f"{one.text} {' '.join(f'[{b.key}] {b.label}' for b in one.buttons)}"
            for one in lines
            if one.kind in {LineKind.ASKED, LineKind.TOLD} and one.number > words
        )

    async def questions(self, appeal: Appeal) -> int:
        """How often it was asked whether this appeal is done."""
        async with self.storage.database.reading() as connection:
            rows = (await connection.execute(select(chat_lines.c.text))).scalars()
            return sum(f"№ {appeal.number}:" in one for one in rows)

    async def writes(self, *texts: str, chat: Chat | None = None) -> str:
        chat = chat or await self.chat()
        for text in texts:
            await self.made.write(chat.id, text)
        return await self.told(chat)


@pytest.fixture
async def city(stage: Stage, service: Callable[[], Conversations], tmp_path: Path) -> City:
    await stage.storage.citizens.add("Ганна Іваненко", "біля річки", [KNOWN])
    return City(stage, service(), tmp_path / "evidence")


async def test_yes_in_the_chat_closes_it_by_the_applicants_word_of_that_channel(city: City) -> None:
    appeal = await city.asked()
    said = await city.told()
    assert f"№ {appeal.number}" in said
    assert "[1] Усе зроблено" in said
    assert "натисн" not in said
    assert WORDS not in said, "whoever reads along learns no more than by telephone"
    assert await city.state(appeal) is AppealState.BEING_CHECKED
    assert "★" in await city.writes("так")
    await city.writes("4")
    assert await city.state(appeal) is AppealState.CLOSED
    entry = (await city.history(appeal))[-1]
    chat = await city.chat()
    assert (entry.act, dict(entry.facts)) == ("confirm", {"rating": 4, "source": f"telegram:{chat.id}"})
    survey = await city.survey(appeal)
    assert (survey.outcome, survey.rating) == (SurveyOutcome.CONFIRMED, 4)
    assert chat.state is ChatState.OVER
    now = city.stage.clock.now()
    (closing,) = await city.storage.closing_digests.closings(
        now - timedelta(hours=1), now + timedelta(hours=1)
    )
    assert closing.by is EndedBy.TELEGRAM


async def test_no_goes_back_with_what_is_wrong_in_their_words(city: City) -> None:
    appeal = await city.asked()
    assert "що не так" in await city.writes("Не зроблено")
    assert "повертаємо" in await city.writes("Половина баків повна")
    entry = (await city.history(appeal))[-1]
    assert (await city.state(appeal), entry.act, entry.said) == (
        AppealState.DISPUTED,
        "dispute",
        "Половина баків повна",
    )


async def test_a_second_done_asks_again_and_each_is_asked_once(city: City) -> None:
    appeal = await city.asked()
    await city.asks.look()
    await city.writes("2", "#")
    assert await city.questions(appeal) == 1
    await city.reported_done(await city.appeal(appeal.number))
    await city.asks.look()
    await city.asks.look()
    assert await city.questions(appeal) == 2
    await city.writes("1", "5")
    assert await city.state(appeal) is AppealState.CLOSED


async def test_a_service_that_dies_between_asking_and_noting_it_asks_nobody_twice(
    city: City, service: Callable[[], Conversations]
) -> None:
    appeal = await city.reported()
    city.stage.clock.pass_by(timedelta(hours=2).total_seconds())
    await city.reported_done(appeal)
    survey = await city.survey(appeal)
    to = NewChat(medium=Medium.TELEGRAM, address="person")
    await city.made.asking.ask(to, survey.id, always)
    city.begin_anew(service())
    await city.asks.look()
    assert await city.questions(appeal) == 1
    await city.writes("1", "_")
    assert await city.state(appeal) is AppealState.CLOSED


async def test_a_yes_without_stars_counts_before_anybody_is_called(city: City) -> None:
    appeal = await city.asked()
    await city.writes("1")
    assert await city.state(appeal) is AppealState.BEING_CHECKED, "they may still rate it"
    city.stage.clock.pass_by(timedelta(minutes=11).total_seconds())
    await city.asks.look()
    await city.asks.look()
    assert await city.state(appeal) is AppealState.CLOSED
    assert (await city.survey(appeal)).outcome is SurveyOutcome.CONFIRMED
    await city.writes("5")
    assert (await city.chat()).state is ChatState.OVER


async def test_yes_to_the_question_of_an_earlier_done_closes_nothing(city: City) -> None:
    """They leave the question, dispute it by the page; it is done again, and the old answer comes."""
    appeal = await city.asked()
    old = await city.chat()
    await dispute_elsewhere(city, appeal)
    await city.reported_done(await city.appeal(appeal.number))
    assert "вже не чекає" in await city.writes("1", chat=old)
    assert await city.state(appeal) is AppealState.DONE
    city.stage.clock.pass_by(timedelta(hours=1).total_seconds())
    await city.asks.look()
    assert await city.questions(appeal) == 2, "the new question comes all the same"
    await city.writes("1", "5")
    assert await city.state(appeal) is AppealState.CLOSED


async def test_who_has_answered_on_the_page_is_told_so_in_the_chat(city: City) -> None:
    appeal = await city.asked()
    word = Confirm(by=applicant("link:1"), at=city.stage.clock.now())
    await city.storage.handling.carry_out(appeal.number, word, version=None)
    assert "вже не чекає" in await city.writes("2")
    assert await city.state(appeal) is AppealState.CLOSED
    await city.asks.look()
    assert (await city.survey(appeal)).outcome is SurveyOutcome.ELSEWHERE


async def test_two_answers_at_once_are_one(city: City) -> None:
    appeal = await city.asked()
    chat = await city.chat()
    seen = chat.lines
    await asyncio.gather(*(city.made.write(chat.id, "1", seen=seen) for _ in range(3)))
    await city.writes("5")
    assert [one.act for one in await city.history(appeal)].count("confirm") == 1
    survey = await city.survey(appeal)
    assert len(await city.storage.surveys.answers(survey.id)) == 2


async def test_without_an_answer_a_call_is_due_and_the_chat_still_counts(city: City) -> None:
    appeal = await city.asked(Medium.WHATSAPP, KNOWN)
    asked_at = city.stage.clock.now()
    assert await due_at(city, appeal) == asked_at + timedelta(hours=20), "nobody calls before"
    city.stage.clock.pass_by(timedelta(hours=20, minutes=1).total_seconds())
    await city.asks.look()
    assert await due_at(city, appeal) == city.stage.clock.now()
    assert await city.state(appeal) is AppealState.BEING_CHECKED, "silence closes nothing"
    chat = await city.chat(Medium.WHATSAPP, KNOWN)
    await city.writes("1", "3", chat=chat)
    assert await city.state(appeal) is AppealState.CLOSED, "they answer after the call was begun"
    calls = survey_calls(city.storage, SetClock(city.stage.clock.now()), QuietVoice(), [])
    (job,) = await city.storage.call_jobs.claim(city.stage.clock.now(), 9)
    assert await calls.brief(job, city.stage.clock.now()) == GIVEN_UP, "who has answered is not called"


async def test_who_wants_only_writing_is_not_called_and_stands_before_dispatchers(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    said = await city.told()
    assert "напишіть «лише письмово»" in said
    again = await city.writes("Лише письмово.")
    assert "не телефонуватимемо" in again
    assert "[1] Усе зроблено" in again, "the question stays"
    city.stage.clock.pass_by(timedelta(hours=25).total_seconds())
    await city.made.end_silent()
    await city.asks.look()
    calls = survey_calls(city.storage, SetClock(city.stage.clock.now()), QuietVoice(), [])
    for job in await city.storage.call_jobs.claim(city.stage.clock.now(), 9):
        assert await calls.brief(job, city.stage.clock.now()) == GIVEN_UP
    assert (await city.survey(appeal)).outcome is SurveyOutcome.NO_ANSWER
    now = await city.appeal(appeal.number)
    assert (now.state, now.attempts) == (AppealState.BEING_CHECKED, 1)
    await city.reported_again_after_no(appeal)
    assert await due_at(city, appeal) is None, "the next time nobody is owed a call at all"


async def test_who_has_no_number_is_asked_and_then_is_a_dispatchers(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, None)
    assert "лише письмово" not in await city.told(), "nobody would call them"
    city.stage.clock.pass_by(timedelta(hours=21).total_seconds())
    await city.asks.look()
    assert (await city.survey(appeal)).ended_at is None, "they may still answer"
    city.stage.clock.pass_by(timedelta(hours=4).total_seconds())
    await city.made.end_silent()
    await city.asks.look()
    assert (await city.survey(appeal)).outcome is SurveyOutcome.NO_ANSWER
    assert (await city.appeal(appeal.number)).attempts == 1


async def test_in_quiet_hours_nobody_is_asked(city: City) -> None:
    city.quiet = QuietHours(since=time(13), until=time(16), zone=KYIV)
    city.begin_anew(city.made)
    appeal = await city.asked()
    assert await city.questions(appeal) == 0
    city.stage.clock.pass_by(timedelta(hours=2).total_seconds())
    await city.asks.look()
    assert await city.questions(appeal) == 1


async def test_a_channel_that_the_city_has_no_more_or_that_costs_too_much_goes_to_a_call(city: City) -> None:
    city.media = frozenset({Medium.WEB})
    city.begin_anew(city.made)
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    assert (await city.questions(appeal), await due_at(city, appeal)) == (0, city.stage.clock.now())
    city.media, city.most_paid = REACHED, 0
    city.begin_anew(city.made)
    dear = await city.asked(Medium.WHATSAPP, KNOWN)
    assert (await city.questions(dear), await due_at(city, dear)) == (0, city.stage.clock.now())


async def test_one_person_costs_no_more_questions_a_day(city: City) -> None:
    appeal = await city.asked(Medium.WHATSAPP, NUMBER)
    chat = Medium.WHATSAPP, NUMBER
    for times in range(1, PAID_OF_ONE + 2):
        assert await city.questions(appeal) == min(times, PAID_OF_ONE)
        await city.made.leave((await city.chat(*chat)).id)
        await city.reported_again_after_no(appeal)
        await city.asks.look()


async def test_a_messenger_that_refuses_leads_to_a_call_at_once(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    await city.made.leave((await city.chat()).id, "chat-unreachable")
    await city.asks.look()
    assert await due_at(city, appeal) == city.stage.clock.now()


async def test_who_writes_about_something_else_or_talks_is_not_interrupted(city: City) -> None:
    appeal = await city.reported()
    await city.reported_done(appeal)
    await city.asks.look()
    assert await city.questions(appeal) == 0, "they have just reported, and may go on"
    await city.writes("0")
    assert (await city.chat()).state is ChatState.WAITING
    city.stage.clock.pass_by(timedelta(hours=1).total_seconds())
    await city.asks.look()
    assert await city.questions(appeal) == 0
    await city.writes("*")
    city.stage.clock.pass_by(timedelta(hours=1).total_seconds())
    await city.asks.look()
    assert await city.questions(appeal) == 1
    assert await city.state(appeal) is AppealState.BEING_CHECKED


async def test_a_short_message_decides_only_with_the_code_that_we_sent_there(city: City) -> None:
    """Whoever forges the sender has not read our question."""
    appeal = await city.asked(Medium.SMS, NUMBER)
    chat = await city.chat(Medium.SMS, NUMBER)
    code = re.findall(r"код: ([0-9]{4})", await city.told(chat))[0]
    other = f"{(int(code) + 1) % 10_000:04d}"
    assert "не той код" in await city.writes("так", other, chat=chat)
    assert await city.state(appeal) is AppealState.BEING_CHECKED
    assert "[1] Усе зроблено" in await city.writes(f"код {code}", chat=chat)
    await city.writes("1", "5", chat=chat)
    assert await city.state(appeal) is AppealState.CLOSED
    assert dict((await city.history(appeal))[-1].facts)["source"] == f"sms:{chat.id}"


async def test_a_forged_sender_who_tries_codes_is_soon_at_the_end(city: City) -> None:
    appeal = await city.asked(Medium.SMS, NUMBER)
    chat = await city.chat(Medium.SMS, NUMBER)
    code = re.findall(r"код: ([0-9]{4})", await city.told(chat))[0]
    for _ in range(3):
        await city.made.write(chat.id, f"{(int(code) + 1) % 10_000:04d}")
    assert (await city.chat(Medium.SMS, NUMBER)).state is ChatState.OVER
    assert await city.state(appeal) is AppealState.BEING_CHECKED


async def test_a_chat_of_the_page_without_a_number_is_nobody_to_be_asked(city: City) -> None:
    chat = await city.made.begin(NewChat(medium=Medium.WEB, address="browser-9"))
    for text in ("6", WORDS, "1", "біля річки за мостом"):
        await city.made.write(chat.id, text)
    async with city.storage.database.reading() as connection:
        assert (await connection.execute(select(appeal_chats))).first() is None


async def test_an_old_yes_that_was_not_carried_out_closes_no_later_done(city: City) -> None:
    """They said yes and not how well, then no by the page; it is done again before the yes is settled."""
    appeal = await city.asked()
    await city.writes("1")
    await city.reported_again_after_no(appeal)
    city.stage.clock.pass_by(timedelta(minutes=11).total_seconds())
    await city.asks.look()
    assert await city.state(appeal) is not AppealState.CLOSED
    await city.made.leave((await city.chat()).id)
    assert await city.state(appeal) is not AppealState.CLOSED


async def test_what_is_written_after_the_calls_in_vain_counts(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    city.stage.clock.pass_by(timedelta(hours=20, minutes=1).total_seconds())
    await city.asks.look()
    now = city.stage.clock.now()
    calls = survey_calls(city.storage, SetClock(now), QuietVoice(), [])
    (job,) = await city.storage.call_jobs.claim(now, 9)
    await calls.after(job, Result.NOT_IN_USE, now, None)
    assert (await city.survey(appeal)).outcome is SurveyOutcome.NOT_IN_USE
    await city.writes("1", "5")
    assert await city.state(appeal) is AppealState.CLOSED


async def test_who_wants_only_writing_once_a_call_is_due_still_comes_to_a_dispatcher(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    city.stage.clock.pass_by(timedelta(hours=20, minutes=1).total_seconds())
    await city.asks.look()
    await city.writes("«Лише письмово»")
    now = city.stage.clock.now()
    calls = survey_calls(city.storage, SetClock(now), QuietVoice(), [])
    for job in await city.storage.call_jobs.claim(now, 9):
        assert await calls.brief(job, now) == GIVEN_UP
    city.stage.clock.pass_by(timedelta(hours=25).total_seconds())
    await city.made.end_silent()
    await city.asks.look()
    assert (await city.survey(appeal)).outcome is SurveyOutcome.NO_ANSWER
    assert (await city.appeal(appeal.number)).attempts == 1
    vain = (await city.history(appeal))[-1]
    assert (vain.act, vain.said) == ("attempt-in-vain", "no-answer"), "no handset was taken up"
    assert "call_id" not in vain.facts, "nobody finds a call of it"


async def test_who_was_never_asked_and_wants_no_call_comes_to_a_dispatcher(city: City) -> None:
    city.media = frozenset({Medium.WEB})
    city.begin_anew(city.made)
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    await city.writes("лише письмово")
    now = city.stage.clock.now()
    calls = survey_calls(city.storage, SetClock(now), QuietVoice(), [])
    for job in await city.storage.call_jobs.claim(now, 9):
        assert await calls.brief(job, now) == GIVEN_UP
        await city.storage.call_jobs.follow(job.call_id, GIVEN_UP, now)
    await city.asks.look()
    assert (await city.survey(appeal)).outcome is SurveyOutcome.NO_ANSWER


async def test_a_chat_that_is_over_leaves_the_next_call_its_time(city: City) -> None:
    appeal = await city.asked(Medium.TELEGRAM, KNOWN)
    await city.made.leave((await city.chat()).id)
    await city.asks.look()
    due = city.stage.clock.now()
    city.stage.clock.pass_by(timedelta(minutes=1).total_seconds())
    await city.asks.look()
    assert await due_at(city, appeal) == due


async def test_who_has_just_answered_in_the_chat_is_not_called(city: City) -> None:
    await city.asked(Medium.TELEGRAM, KNOWN)
    city.stage.clock.pass_by(timedelta(hours=20).total_seconds())
    await city.writes("1")
    now = city.stage.clock.now()
    calls = survey_calls(city.storage, SetClock(now), QuietVoice(), [])
    (job,) = await city.storage.call_jobs.claim(now, 9)
    assert await calls.brief(job, now) == later(now + WORD_SETTLES)


async def test_a_no_in_words_leaves_nobody_before_dispatchers(city: City) -> None:
    appeal = await city.asked()
    await city.writes("2", "Половина баків повна")
    assert await city.state(appeal) is AppealState.DISPUTED
    assert (await city.chat()).state is ChatState.OVER


async def test_two_appeals_of_one_chat_are_asked_one_after_the_other(city: City) -> None:
    """A yes is to one question: the other comes when it was given."""
    first = await city.reported()
    second = await city.reported_here_too()
    city.stage.clock.pass_by(timedelta(hours=2).total_seconds())
    await city.reported_done(first)
    await city.reported_done(second)
    for _ in range(3):
        await city.asks.look()
        city.stage.clock.pass_by(timedelta(hours=1).total_seconds())
    assert (await city.questions(first), await city.questions(second)) == (1, 0)
    await city.writes("1", "5")
    assert await city.state(first) is AppealState.CLOSED
    await city.asks.look()
    assert await city.questions(second) == 1
    await city.writes("1", "5")
    assert await city.state(second) is AppealState.CLOSED


async def test_a_report_that_was_begun_is_not_lost_to_the_question(city: City) -> None:
    appeal = await city.reported()
    await city.reported_done(appeal)
    await city.writes("6", WORDS, "1")
    city.stage.clock.pass_by(timedelta(hours=2).total_seconds())
    await city.asks.look()
    assert await city.questions(appeal) == 0


async def test_a_chat_that_went_to_another_medium_is_known_as_wanting_only_writing(city: City) -> None:
    appeal = await city.reported(Medium.TELEGRAM, KNOWN)
    chat = await city.chat()
    await city.storage.chats.add(
        chat, (), city.stage.clock.now(), medium=Medium.VIBER.value, address="their-viber"
    )
    city.stage.clock.pass_by(timedelta(hours=2).total_seconds())
    await city.reported_done(appeal)
    await city.asks.look()
    await city.writes("лише письмово", chat=await city.chat(Medium.VIBER, "their-viber"))
    assert not await city.storage.surveys_in_writing.may_be_called((await city.survey(appeal)).id)


async def test_a_browser_proves_no_number_to_who_sits_there_later(city: City) -> None:
    appeal = await city.reported(Medium.WEB, KNOWN)
    await city.made.leave((await city.chat(Medium.WEB)).id)
    city.stage.clock.pass_by(timedelta(days=3).total_seconds())
    await city.reported_done(appeal)
    await city.asks.look()
    assert await city.questions(appeal) == 1
    assert (await city.chat(Medium.WEB)).number is None


async def always(_survey_id: int) -> bool:
    return True


async def due_at(city: City, appeal: Appeal) -> datetime | None:
    """When the call about it is due; None: none is owed."""
    query = select(call_jobs.c.due_at).where(
        call_jobs.c.source == SURVEY, call_jobs.c.subject == (await city.survey(appeal)).id
    )
    async with city.storage.database.reading() as connection:
        return (await connection.execute(query)).scalar()


async def dispute_elsewhere(city: City, appeal: Appeal) -> None:
    """They say on the page that it is not done."""
    word = Dispute(by=applicant("link:1"), at=city.stage.clock.now())
    await city.storage.handling.carry_out(appeal.number, word, version=None)
