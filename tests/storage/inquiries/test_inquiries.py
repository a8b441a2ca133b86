"""Requests for information on both databases: two at once, terms that are over, what is owed for later."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.appeals.attachments import FileRefused, StoredFile
from hotline.errors import ForbiddenTransition, NotFound
from hotline.inquiries.inquiries import Inquiry, NewInquiry
from hotline.inquiries.inquiry_states import InquiryAct, InquiryState
from hotline.reports.figures import Span
from hotline.reports.measures import Rows
from storage.store import Storage
from storage.tables import notices
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found
from tests.storage.reports.city import ASKED
from tests.storage.reports.test_figures import held, of_rows

TERM = timedelta(days=5)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def asked(city: City, *appeals: str) -> Inquiry:
    new = NewInquiry(
        executor_id=city.heat.id, text="Стан робіт за зверненням", appeals=appeals, due_at=NOON + TERM
    )
    return await city.storage.inquiries.ask(new, city.olya.id, NOON)


async def test_under_one_name_one_request_is_sent_and_the_program_stands_in_the_history(city: City) -> None:
    new = NewInquiry(executor_id=city.heat.id, text="Стан робіт", due_at=NOON + TERM, once="api:7:asked")
    inquiries = city.storage.inquiries
    one, again = await asyncio.gather(
        *(inquiries.ask(new, city.olya.id, NOON, token_id=7) for _twice in range(2))
    )
    assert one == again
    assert [line.token_id for line in await inquiries.history(one.id)] == [7]
    assert (await owed(city.storage))["inquiry-asked", "owed"] == 1


async def owed(storage: Storage) -> Counter[tuple[str, str]]:
    """Count the notices by their text and state."""
    async with storage.database.reading() as connection:
        rows = (await connection.execute(select(notices.c.about, notices.c.state, notices.c.matter))).all()
    return Counter((row.about, row.state) for row in rows if row.matter.startswith("inquiry-"))


async def test_it_is_told_now_and_for_later_and_an_answer_takes_that_back(city: City) -> None:
    appeal = await city.enter()
    one = await asked(city, appeal.number)
    later = {("inquiry-reminder", "owed"): 1, ("inquiry-overdue", "owed"): 2}
    assert await owed(city.storage) == {("inquiry-asked", "owed"): 1, **later}
    assert await city.storage.inquiries.of_appeal(appeal.number) == [one]
    answered = await city.storage.inquiries.act(
        one, InquiryAct.ANSWER, NOON + timedelta(days=1), user_id=city.fitter.id, said="Зроблено"
    )
    assert (answered.state, answered.in_time, answered.answer) == (InquiryState.ANSWERED, True, "Зроблено")
    counted = await owed(city.storage)
    assert counted["inquiry-reminder", "needless"] == 1
    assert counted["inquiry-overdue", "needless"] == 2
    back = await city.storage.inquiries.act(
        answered,
        InquiryAct.RETURN,
        NOON + timedelta(days=2),
        user_id=city.olya.id,
        said="Немає акта",
        due_at=NOON + timedelta(days=9),
    )
    assert back.due_at == NOON + timedelta(days=9)
    counted = await owed(city.storage)
    assert counted["inquiry-returned", "owed"] == 1
    assert counted["inquiry-overdue", "owed"] == 2
    assert [line.act for line in await city.storage.inquiries.history(one.id)] == [
        None,
        InquiryAct.ANSWER,
        InquiryAct.RETURN,
    ]


async def test_after_its_term_it_is_overdue_and_an_answer_is_late_for_ever(city: City) -> None:
    one, inquiries = await asked(city), city.storage.inquiries
    late = NOON + TERM
    assert await inquiries.waiting(late - timedelta(seconds=1), 9) == []
    assert await inquiries.waiting(late, 9) == [one]
    answered = await inquiries.act(one, InquiryAct.ANSWER, late, user_id=city.fitter.id, said="Ось")
    assert answered.in_time is False
    back = await inquiries.act(
        answered, InquiryAct.RETURN, late, user_id=city.olya.id, said="Ще", due_at=late + TERM
    )
    again = await inquiries.act(back, InquiryAct.ANSWER, late, user_id=city.fitter.id, said="Усе")
    assert again.in_time is False
    assert await inquiries.waiting(late, 9) == [again]


async def test_of_two_who_act_at_once_one_does(city: City) -> None:
    one, inquiries = await asked(city), city.storage.inquiries
    done = await asyncio.gather(
        inquiries.act(one, InquiryAct.ANSWER, NOON, user_id=city.fitter.id, said="Ось"),
        inquiries.act(one, InquiryAct.WITHDRAW, NOON, user_id=city.olya.id, said="Помилка"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Inquiry", "Outdated"]
    assert len(await inquiries.history(one.id)) == 2


async def test_a_closed_enterprise_is_asked_nothing_and_no_appeal_is_made_up(city: City) -> None:
    await city.storage.executors.update(replace(city.heat, active=False))
    with pytest.raises(ForbiddenTransition):
        await asked(city)
    await city.storage.executors.update(city.heat)
    with pytest.raises(NotFound):
        await asked(city, "2699999")
    assert await city.storage.inquiries.latest(9) == []


async def test_another_enterprise_sees_neither_it_nor_its_files(city: City) -> None:
    one, inquiries = await asked(city), city.storage.inquiries
    kept = StoredFile(key="abcdef", media_type="application/pdf", bytes=1, sha256="x")
    file = await inquiries.attach(one.id, "Акт.pdf", kept, user_id=city.fitter.id, at=NOON, most=1)
    twice = replace(kept, key="bcdefa")
    same = await inquiries.attach(one.id, "Акт.pdf", twice, user_id=city.fitter.id, at=NOON, most=1)
    assert same.key == file.key
    other = replace(twice, sha256="y")
    with pytest.raises(FileRefused):
        await inquiries.attach(one.id, "Інше.pdf", other, user_id=city.fitter.id, at=NOON, most=1)
    assert await inquiries.known(["abcdef", "0"]) == {"abcdef"}
    assert await inquiries.of_enterprise(city.water.id, 9) == []
    for read in (
        inquiries.get(one.id, executor_id=city.water.id),
        inquiries.file(file.id, executor_id=city.water.id),
    ):
        with pytest.raises(NotFound):
            await read
    gone = await inquiries.act(one, InquiryAct.WITHDRAW, NOON, user_id=city.olya.id, said="Не треба")
    with pytest.raises(ForbiddenTransition):
        await inquiries.attach(gone.id, "Пізно.pdf", other, user_id=city.fitter.id, at=NOON, most=9)


async def test_reports_count_requests_and_the_share_answered_in_time(city: City) -> None:
    first, second, gone = [await asked(city) for _ in range(3)]
    inquiries = city.storage.inquiries
    await inquiries.act(first, InquiryAct.ANSWER, NOON, user_id=city.fitter.id, said="Ось")
    await inquiries.act(second, InquiryAct.ANSWER, NOON + TERM, user_id=city.fitter.id, said="Ось")
    await inquiries.act(gone, InquiryAct.WITHDRAW, NOON, user_id=city.olya.id, said="Помилка")
    day = NOON.date()
    whole = await held(city.storage, Rows.INQUIRIES, replace(ASKED, span=Span(first=day, last=day)))
    figures = {one.name: whole.value(one) for one in of_rows(Rows.INQUIRIES)}
    assert figures == {"inquiries": 2, "replied-in-time": 0.5}
