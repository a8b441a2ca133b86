"""From the outbox to an answer by key, on real storage: whom it calls, what it registers, when it stops."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.appeals.appeal import Appeal, AppealKind
from hotline.calls.conversation import Call
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import Attempt
from hotline.errors import CallGone
from hotline.outages.answers import WatcherAnswer, asked
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.voice.speech import Language
from service.outages.calls import RETRIES, News, OutageCalls
from service.wiring.flows import outage_disputes
from storage.store import SLAVUTYCH, Storage, open_storage
from storage.tables import notices, outage_watchers
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.jobs import Worker
from tests.service.calls.test_duty_calls import QuietVoice
from tests.storage.conftest import (  # noqa: F401 - fixtures of both databases
    NOON,
    bare_url,
    cluster,
    migrated_postgres,
    url,
)

MARIA, IVAN, LANDLINE = "+380671112201", "+380671112202", "+380457921580"
HOME = "Київський квартал, 7, кв. 12"
SETTLING = timedelta(minutes=2)
NEW = NewOutage(
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=NOON - timedelta(hours=1),
    expected_end=NOON + timedelta(hours=1),
    areas=(Area(street="Київський квартал", first=1, last=15),),
)


@dataclass(kw_only=True)
class Town:
    """Storage, a clock, and the calls of the hotline in it."""

    storage: Storage
    clock: SetClock
    voice: QuietVoice = field(default_factory=QuietVoice)
    percent: int = 100
    wanted: list[str] = field(default_factory=list)
    calls: OutageCalls = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """The service is started, of which nothing is left but the database."""
        self.calls = self._calls()
        self.worker = Worker(self.storage, self.clock, self.calls)

    def _calls(self) -> OutageCalls:
        storage = self.storage
        disputes = outage_disputes(storage, SLAVUTYCH.timezone)

        async def to_dispatcher(call: Call) -> None:
            self.wanted.append(call.id)

        return OutageCalls(
            outbox=storage.outbox,
            watch=storage.outage_watch,
            outages=storage.outages,
            answers=storage.outage_answers,
            disputes=disputes,
            rules=CallingRules(),
            voice=self.voice,
            clock=self.clock,
            zone=SLAVUTYCH.timezone,
            asked_percent=self.percent,
            to_dispatcher=to_dispatcher,
        )

    async def over(self, *numbers: str, new: NewOutage = NEW) -> Outage:
        """An outage that these numbers asked about, which is over and settled."""
        await self.storage.streets.add(demo_streets())
        outage = await self.storage.outages.enter(new, By())
        for number in numbers:
            await self.storage.outage_watch.watch(
                outage.id, channel=Channel.CALL, address=number, language=Language.UKRAINIAN, at=NOON
            )
        await self.storage.outages.end(outage.id, self.clock.now(), By())
        await self.settles()
        return await self.storage.outages.get(outage.id)

    async def settles(self) -> None:
        self.clock.pass_by(SETTLING.total_seconds())
        await self.storage.outage_telling.tell(self.clock.now(), SETTLING)

    async def claimed(self) -> list[Attempt[News]]:
        return list(await self.worker.take())

    async def answers(self, attempt: Attempt[News], keys: str) -> FakeCall:
        await self.worker.dial(attempt)
        call = calling(attempt, keys)
        await self.calls.attend(call, attempt)
        await self.worker.over(attempt, Result.UNHEARD)
        return call

    async def notice(self, attempt: Attempt[News]) -> Notice:
        found = await self.storage.outbox.find(attempt.job.subject or 0)
        assert found is not None
        return found

    async def appeals(self, call: FakeCall) -> list[Appeal]:
        return list(await self.storage.registry.of_call(call.id))


def calling(attempt: Attempt[News], keys: str) -> FakeCall:
    return FakeCall(keys, outgoing=True, call_id=attempt.call_id, number=attempt.brief.number)


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:  # noqa: F811
    clock = SetClock(NOON)
    async with open_storage(url, clock) as storage:
        yield Town(storage=storage, clock=clock)


async def test_who_says_that_it_is_restored_is_counted(town: Town) -> None:
    outage = await town.over(MARIA)
    (attempt,) = await town.claimed()
    assert (attempt.brief.number, attempt.job.kind, attempt.brief.exempt) == (MARIA, Kind.OUTAGE, "")
    await town.calls.prepare(attempt.brief.about)
    (made,) = town.voice.made
    assert made.startswith("Водопостачання відновлено у К+иївському кварт+алі")
    call = await town.answers(attempt, "1")
    assert call.heard[-1] == "outage-call-thanks"
    assert (await town.notice(attempt)).state is NoticeState.SENT
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.RESTORED: 1}
    assert await town.claimed() == []


async def test_not_restored_becomes_an_appeal_that_belongs_to_the_outage(town: Town) -> None:
    maria = await town.storage.citizens.add("Марія Демченко", HOME, [MARIA])
    outage = await town.over(MARIA)
    (attempt,) = await town.claimed()
    call = await town.answers(attempt, "2")
    (appeal,) = await town.appeals(call)
    assert (appeal.category, appeal.kind, appeal.address) == ("water-none", AppealKind.REPORT, HOME)
    assert (appeal.applicant_id, appeal.applicant_number, appeal.reply_by) == (maria.id, MARIA, Channel.SMS)
    assert f"відключення № {outage.id}, Київський квартал" in appeal.text
    assert call.heard[-1] == f"outage-call-registered-{appeal.number}"
    linked = await town.storage.outage_reports.outage_of(appeal.number)
    assert linked is not None
    assert linked.id == outage.id
    (report,) = await town.storage.outage_reports.of_outage(outage.id)
    assert (report.address.street, report.address.house) == ("Київський квартал", "7")
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.NOT_RESTORED: 1}
    assert await town.storage.outbox.on_page("head") == []


@pytest.mark.parametrize("areas", [(), NEW.areas], ids=["whole city", "part"])
async def test_whoever_left_no_address_is_linked_to_the_outage_all_the_same(
    town: Town, areas: tuple[Area, ...]
) -> None:
    outage = await town.over(MARIA, new=replace(NEW, areas=areas))
    (attempt,) = await town.claimed()
    call = await town.answers(attempt, "2")
    (appeal,) = await town.appeals(call)
    linked = await town.storage.outage_reports.outage_of(appeal.number)
    assert linked is not None
    assert linked.id == outage.id
    assert appeal.address == (areas[0].street if areas else "")


async def test_two_who_say_so_are_told_to_the_head_once(town: Town) -> None:
    outage = await town.over(MARIA, IVAN, LANDLINE)
    for attempt in await town.claimed():
        await town.answers(attempt, "2")
    (told,) = await town.storage.outbox.on_page("head")
    assert (told.about, told.matter) == ("outage-disputed", f"outage-{outage.id}-v2-disputed")
    assert told.facts["texts"]["count"] == "2"


@pytest.mark.parametrize("key", ["1", "2", "0"])
async def test_who_has_answered_is_not_called_again_though_the_service_died_in_the_call(
    town: Town, key: str
) -> None:
    await town.over(MARIA)
    attempt = await town.worker.dialled()
    await town.calls.attend(calling(attempt, key), attempt)
    town.begin_anew()
    await town.worker.survives(attempt)
    assert (await town.notice(attempt)).state is NoticeState.SENT
    town.clock.pass_by(timedelta(hours=2).total_seconds())
    assert await town.claimed() == []


async def test_one_that_cannot_be_told_takes_no_other_with_it(town: Town) -> None:
    await town.over(MARIA, IVAN)
    async with town.storage.database.writing() as connection:
        unreadable = update(notices).where(notices.c.address == MARIA).values(recipient="watcher:nobody")
        await connection.execute(unreadable)
    assert [one.job.number for one in await town.claimed()] == [IVAN]


async def test_an_answer_given_again_after_a_kill_9_is_the_same_appeal(town: Town) -> None:
    outage = await town.over(MARIA)
    attempt = await town.worker.dialled()

    async def dies() -> None:
        raise CallGone(attempt.call_id)

    with pytest.raises(CallGone):  # between the answer and the note that it was given
        await town.calls.attend(calling(attempt, "2"), replace(attempt, keep_settled=dies))
    town.begin_anew()
    await town.worker.survives(attempt)
    town.clock.pass_by(timedelta(minutes=1).total_seconds())
    (again,) = await town.claimed()
    assert again.job.attempt == 2
    await town.answers(again, "2")
    reports = await town.storage.outage_reports.of_outage(outage.id)
    assert len({one.appeal for one in reports}) == 1
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.NOT_RESTORED: 1}


@pytest.mark.parametrize("result", [Result.BUSY, Result.NO_ANSWER, Result.UNHEARD, Result.REFUSED])
async def test_after_the_attempts_a_mobile_gets_a_short_message(town: Town, result: Result) -> None:
    outage = await town.over(MARIA)
    attempts = 0
    while claimed := await town.claimed():
        attempts += 1
        await town.worker.dial(claimed[0])
        await town.calls.after(claimed[0].job, result, town.clock.now(), None)  # and told again:
        await town.worker.over(claimed[0], result)
        town.clock.pass_by(timedelta(hours=2).total_seconds())
    assert attempts == 1 + sum(RETRIES.again_in(result, at) is not None for at in (1, 2, 3))
    (told,) = await town.storage.outbox.claim((Channel.SMS,), town.clock.now())
    assert (told.about, told.address, told.to) == ("outage-over", MARIA, "watcher:1")
    expected = WatcherAnswer.UNHEARD if result is Result.UNHEARD else WatcherAnswer.UNREACHED
    assert await town.storage.outage_answers.latest(outage.id) == {expected: 1}
    assert await town.storage.outbox.undecided() == []


async def test_a_landline_that_nobody_answers_is_only_counted(town: Town) -> None:
    outage = await town.over(LANDLINE)
    await town.worker.over(await town.worker.dialled(), Result.REFUSED)
    assert await town.storage.outbox.claim((Channel.SMS,), town.clock.now()) == []
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.UNREACHED: 1}


async def test_neither_an_emergency_service_nor_a_dear_number_is_called(town: Town) -> None:
    await town.over("112", "+380900123456")
    assert await town.claimed() == []
    assert await town.storage.outbox.undecided() == []


async def test_nobody_is_told_that_it_is_over_once_it_is_open_again(town: Town) -> None:
    outage = await town.over(MARIA)
    await town.storage.outages.reopen(outage.id, By(), "води немає")
    assert await town.claimed() == []
    await town.settles()
    town.clock.pass_by(60)
    assert await town.claimed() == []  # they never heard that it was over


async def test_what_changed_while_they_were_called_in_vain_is_told_by_the_next_call(town: Town) -> None:
    outage = await town.over(MARIA)
    attempt = await town.worker.dialled()
    reopened = await town.storage.outages.reopen(outage.id, By(), "води немає")
    later = replace(NEW, expected_end=NOON + timedelta(hours=5))
    await town.storage.outages.change(reopened, later, By())
    await town.settles()
    await town.worker.over(attempt, Result.BUSY)
    await town.settles()
    town.clock.pass_by(timedelta(minutes=10).total_seconds())
    (attempt,) = await town.claimed()
    call = await town.answers(attempt, "1")
    assert "очікується сьогодні" in call.said[1]  # moved: they never heard that it was over
    assert await town.claimed() == []
    assert [one.state for one in await _notices(town)] == [NoticeState.NEEDLESS, NoticeState.SENT]


async def test_a_call_that_nothing_would_take_back_ends_when_it_is_not_so_any_more(town: Town) -> None:
    """As of the days when telling did not wait for calls under way."""
    outage = await town.over(MARIA)
    await town.storage.outages.reopen(outage.id, By(), "води немає")
    async with town.storage.database.writing() as connection:
        await connection.execute(update(outage_watchers).values(version=3))
    assert await town.claimed() == []
    assert [one.state for one in await _notices(town)] == [NoticeState.NEEDLESS]


async def _notices(town: Town) -> list[Notice]:
    async with town.storage.database.reading() as connection:
        ids = (await connection.execute(select(notices.c.id).order_by(notices.c.id))).scalars().all()
    found = [await town.storage.outbox.find(one) for one in ids]
    return [one for one in found if one is not None]


async def test_a_moved_end_is_confirmed_and_nobody_is_asked(town: Town) -> None:
    outage = await town.over(MARIA)
    (attempt,) = await town.claimed()
    await town.answers(attempt, "1")
    reopened = await town.storage.outages.reopen(outage.id, By(), "води немає")
    later = replace(NEW, expected_end=NOON + timedelta(hours=5))
    await town.storage.outages.change(reopened, later, By())
    await town.settles()
    (attempt,) = await town.claimed()
    call = await town.answers(attempt, "21")
    assert "outage-call-ask" not in call.heard
    assert "ще не відновлено, роботи тривають. Відновлення очікується сьогодні" in call.said[1]
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.HEARD: 1}


async def test_an_emergency_that_goes_on_says_why_it_may_call_at_night(town: Town) -> None:
    outage = await town.storage.outages.enter(replace(NEW, kind=OutageKind.EMERGENCY), By())
    await town.storage.outage_watch.watch(
        outage.id, channel=Channel.CALL, address=MARIA, language=Language.UKRAINIAN, at=NOON
    )
    moved = replace(NEW, kind=OutageKind.EMERGENCY, expected_end=None)
    await town.storage.outages.change(outage, moved, By())
    await town.settles()
    (attempt,) = await town.claimed()
    assert attempt.brief.exempt == f"outage {outage.id}: an emergency that goes on"
    await town.worker.put_off(attempt, NOON)
    assert [one.job.attempt for one in await town.claimed()] == [1]


async def test_zero_leads_to_a_dispatcher(town: Town) -> None:
    outage = await town.over(MARIA)
    (attempt,) = await town.claimed()
    call = await town.answers(attempt, "0")
    assert town.wanted == [call.id]
    assert await town.storage.outage_answers.latest(outage.id) == {WatcherAnswer.DISPATCHER: 1}


@pytest.mark.parametrize("percent", [0, 30, 100])
def test_of_a_hundred_watchers_in_a_row_exactly_the_sample_is_asked(percent: int) -> None:
    count: Callable[[int], int] = lambda first: sum(asked(first + at, percent) for at in range(100))  # noqa: E731
    assert {count(1), count(77), count(12345)} == {percent}
