"""Meetings on their pages: called, answered by a link and by a user, changed by two, moved, called off."""

import asyncio
import re
from dataclasses import replace

import pytest

from cti_server.keys import Accounts
from hotline.meetings.meeting_states import AnswerState, MeetingState
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.meetings.conftest import FORM, Called

PAGE = "/meetings/1"


async def test_a_meeting_is_called_with_agenda_and_invitees(called: Called, olena: Person) -> None:
    for person in (called.head, olena):
        page = await person.text(PAGE)
        for told in ("№ 1. Підготовка до зими", "03.03.2026 10:00–11:00", "каб. 12", "Дороги", "Бондар"):
            assert told in page
        assert "№ 1. Підготовка до зими" in await person.text("/meetings?q=зимою")
        assert "№ 1." not in await person.text("/meetings?q=літо")
    assert "Скликати нараду" not in await olena.text(PAGE)
    assert "Підготовка до зими" in await olena.text("/meetings.csv")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"topic": ""}, "Напишіть, про що нарада"),
        ({"at": "завтра"}, "Вкажіть день і годину"),
        ({"at": "01.03.2026 10:00"}, "Цей час уже минув"),
        ({"minutes_long": "0"}, "Вкажіть тривалість"),
        ({"place": ""}, "Вкажіть кімнату"),
        ({"secretary": "99"}, "Виберіть, хто веде протокол"),
        ({"names": ["Петренко"], "addresses": ["завтра"]}, "не адреса пошти й не телефон: завтра"),
        ({"names": [""], "addresses": ["a@b.example"]}, "чия це адреса: a@b.example"),
        ({"points": ["Х" * 301], "speakers": [""]}, "Задовгий текст"),
    ],
)
async def test_what_cannot_be_taken_comes_back_as_it_was_typed(
    called: Called, typed: dict[str, str | list[str]], told: str
) -> None:
    answer = await called.head.post("/meetings", {**called.form, "topic": "Інша тема", **typed})
    assert answer.status == 422
    page = await answer.text()
    assert told in page
    assert ("Інша тема" in page) is ("topic" not in typed)


async def test_a_form_that_is_sent_twice_at_once_makes_one_meeting(called: Called, storage: Storage) -> None:
    form = {**called.form, "topic": "Двічі", "key": "once"}
    first, second = await asyncio.gather(*(called.head.post("/meetings", form) for _ in range(2)))
    assert first.headers["Location"] == second.headers["Location"]
    assert [one.topic for one in await storage.meetings.list(None, limit=9)].count("Двічі") == 1
    page = await called.head.text("/meetings/new")
    assert re.search(r'name="key" value="[^"]{16}"', page)


async def test_an_invitee_answers_by_the_link_twice_and_the_last_word_counts(
    called: Called, guest: Person
) -> None:
    link = called.link(2)
    page = await guest.text(link)
    assert "Підготовка до зими" in page
    assert "Бондар" not in page, "who else is invited is no matter of theirs"
    assert (await guest.post(link, {"do": "come", "round": "1"})).status == 303
    refused = await guest.post(link, {"do": "send", "round": "1", "said": " "})
    assert refused.status == 422
    assert "Напишіть, хто прийде замість вас" in await refused.text()
    assert (await guest.post(link, {"do": "send", "round": "1", "said": "Іваненко"})).status == 303
    assert "прийде інший</strong> (Іваненко)" in await called.head.text(PAGE)
    assert (await guest.get(link[:-1] + ("A" if link[-1] != "A" else "B"))).status == 404
    assert (await guest.post(link, {"do": "perhaps", "round": "1"})).status == 400


async def test_a_user_answers_on_the_page(called: Called, olena: Person) -> None:
    assert (
        await olena.post(f"{PAGE}/answer", {"do": "decline", "round": "1", "said": "Зміна"})
    ).status == 303
    assert "не прийде</strong> (Зміна)" in await called.head.text(PAGE)
    assert (await called.head.post(f"{PAGE}/answer", {"do": "come", "round": "1"})).status == 404


async def test_moved_after_an_answer_it_asks_again_and_an_old_page_is_refused(
    called: Called, guest: Person, storage: Storage
) -> None:
    link = called.link(2)
    await guest.post(link, {"do": "come", "round": "1"})
    moved = {**called.form, "at": "04.03.2026 10:00", "edition": "2"}
    assert (await called.head.post(PAGE, moved)).status == 303
    old = await guest.post(link, {"do": "come", "round": "1"})
    assert old.status == 422
    page = await old.text()
    assert "Нараду тим часом перенесли" in page
    assert "04.03.2026 10:00" in page
    assert (await guest.post(link, {"do": "come", "round": "2"})).status == 303
    answers = [one.answer for one in (await storage.meetings.get(1)).invited]
    assert answers == [AnswerState.ASKED, AnswerState.COMES, AnswerState.ASKED]


async def test_whoever_is_left_out_reads_so_behind_their_link(called: Called, guest: Person) -> None:
    left_out = {**called.form, "names": [], "addresses": [], "edition": "2"}
    assert (await called.head.post(PAGE, left_out)).status == 303
    assert "більше не запрошують" in await guest.text(called.link(2))


async def test_of_two_heads_who_change_it_the_second_is_told(called: Called) -> None:
    assert (await called.head.post(PAGE, {**called.form, "topic": "Перша", "edition": "2"})).status == 303
    late = await called.head.post(PAGE, {**called.form, "topic": "Друга", "edition": "2"})
    assert late.status == 409
    page = await late.text()
    assert "тим часом змінив хтось інший" in page
    assert 'value="Друга"' in page
    assert 'name="edition" value="3"' in page


async def test_called_off_it_says_why_and_takes_no_answers(called: Called, guest: Person) -> None:
    assert (await called.head.post(f"{PAGE}/call-off", {"reason": " "})).status == 422
    assert (await called.head.post(f"{PAGE}/call-off", {"reason": "Хвороба"})).status == 303
    assert "Нараду скасовано: Хвороба" in await guest.text(called.link(2))
    assert (await guest.post(called.link(2), {"do": "come", "round": "1"})).status == 422
    assert (await called.head.post(f"{PAGE}/call-off", {"reason": "Ще"})).status == 409


async def test_once_it_has_begun_answers_are_not_taken(
    called: Called, guest: Person, clock: MovedClock
) -> None:
    clock.pass_(hours=20)
    assert "відповіді більше не приймаються" in await guest.text(called.link(2))
    assert (await guest.post(called.link(2), {"do": "come", "round": "1"})).status == 422
    clock.pass_(days=31)
    assert (await guest.get(called.link(2))).status == 404


async def test_whoever_is_dismissed_is_seen_to_be_missing(
    called: Called, accounts: Accounts, guest: Person
) -> None:
    assert (await guest.get(called.link(1))).status == 200
    await accounts.users.update(replace(called.olena, active=False))
    assert (await guest.get(called.link(1))).status == 404
    page = await called.head.text(PAGE)
    assert "обліковий запис закрито: запросіть іншого" in page
    struck = {**called.form, "users": [], "edition": "2"}
    assert (await called.head.post(PAGE, struck)).status == 303
    assert "запросіть іншого" not in await called.head.text(PAGE)


async def test_a_meeting_of_others_is_entered_when_it_has_passed(called: Called, storage: Storage) -> None:
    theirs = {
        **FORM,
        "host": "Виконавчий комітет",
        "at": "01.03.2026 10:00",
        "secretary": str(called.olena.id),
    }
    assert (await called.head.post("/meetings", theirs)).status == 303
    assert (await called.head.post("/meetings/2/call")).status == 303
    assert (await storage.meetings.get(2)).state is MeetingState.CALLED


async def test_nobody_else_sees_it(called: Called, accounts: Accounts, guest: Person) -> None:
    known = called.olena.password_hash
    await accounts.users.add(login="taras", name="Тарас", role=called.olena.role, password_hash=known)
    await guest.enter("taras")
    assert (await guest.get(PAGE)).status == 404
    assert (await guest.get(f"{PAGE}/minutes")).status == 404
    assert (await guest.post(f"{PAGE}/minutes", {"do": "save"})).status == 404
    assert "Нарад ще немає" in await guest.text("/meetings")
