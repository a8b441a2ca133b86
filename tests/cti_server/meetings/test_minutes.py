"""Minutes: written by two at once, refused while something is lacking, signed by two, corrected, printed."""

from collections.abc import Mapping

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.meetings.meeting_states import MinutesState
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.meetings.conftest import Called

PAGE = "/meetings/1/minutes"
Typed = dict[str, str | list[str]]


def typed(party: str = "", **changed: str | list[str]) -> Typed:
    """Fill the form in: the first point has a decision, the second none, the third is empty."""
    return {
        "edition": "0",
        "present": ["2"],
        "others": "",
        "point": ["Тепло", "Дороги", ""],
        "speaker": ["Петренко", "", ""],
        "said": ["Котельні готові", "", ""],
        "key-0": ["", ""],
        "text-0": ["Перевірити котельні", ""],
        "party-0": [party, ""],
        "due-0": ["09.03.2026", ""],
        **{f"{name}-{row}": [""] for name in ("key", "text", "party", "due") for row in (1, 2)},
        "do": "save",
        **changed,
    }


def read(edition: int, version: int = 1) -> Typed:
    """Fill in the form with which the head signs what they read."""
    return {"version": str(version), "edition": str(edition)}


async def test_they_are_written_signed_by_both_and_change_no_more(
    called: Called, olena: Person, storage: Storage
) -> None:
    assert "Тепло" in await olena.text(PAGE)
    assert (await olena.post(PAGE, typed())).status == 303
    lacking = await olena.post(PAGE, typed(edition="1", do="present", **{"key-0": ["1", ""]}, present=[]))
    assert lacking.status == 422
    page = await lacking.text()
    assert "Питання 1: для кожного рішення потрібні текст, виконавець і дата" in page
    assert "Позначте, хто був присутній" in page
    whole = typed(f"user:{called.olena.id}", edition="2", do="present", **{"key-0": ["1", ""]})
    assert (await olena.post(PAGE, whole)).status == 303
    assert (await olena.post(PAGE, {**whole, "edition": "3"})).status == 409
    assert (await olena.post(f"{PAGE}/sign")).status == 403
    assert (await called.head.post(f"{PAGE}/give-back", {"reason": "Дописати"})).status == 303
    assert "Начальник повернув протокол: Дописати" in await olena.text(PAGE)
    assert (await called.head.post(f"{PAGE}/sign")).status == 409
    assert (await olena.post(PAGE, {**whole, "edition": "3"})).status == 303
    late = await called.head.post(f"{PAGE}/sign", read(3))
    assert late.status == 422
    page = await late.text()
    assert "Протокол змінено після того, як ви його відкрили" in page
    assert 'name="edition" value="4"' in page
    assert (await called.head.post(f"{PAGE}/sign", read(4))).status == 303
    page = await olena.text(PAGE)
    assert "Підписано обома" in page
    assert "Перевірити котельні — <strong>Олена</strong>, до 09.03.2026" in page
    page = await olena.text("/meetings/1")
    assert "Проведено" in page
    assert 'href="/tasks/1"' in page
    assert 'href="/meetings/1"' in await olena.text("/tasks/1")
    assert (await called.head.post(f"{PAGE}/sign")).status == 409
    assert (await olena.post(f"{PAGE}/correct", {"reason": "Описка"})).status == 303
    assert "Описка" in await olena.text(PAGE)
    assert "Підписано обома" in await olena.text(f"{PAGE}?version=1")
    (draft, signed) = await storage.minutes.versions(1)
    assert (draft.state, signed.state) == (MinutesState.DRAFT, MinutesState.SIGNED)
    assert [one.key for one in draft.content.decisions] == [1]


async def test_of_two_who_write_at_once_the_second_sees_both_texts(called: Called, olena: Person) -> None:
    await olena.post(PAGE, typed(said=["Текст Олени", "", ""]))
    late = await called.head.post(PAGE, typed(said=["Текст начальника", "", ""]))
    assert late.status == 409
    page = await late.text()
    for told in ("Тим часом протокол зберегли (Олена)", "Текст Олени", "Текст начальника", 'value="1"'):
        assert told in page
    both = typed(edition="1", said=["Обидва тексти", "", ""])
    assert (await called.head.post(PAGE, both)).status == 303
    assert "Обидва тексти" in await olena.text(PAGE)


async def test_a_day_that_is_none_comes_back_and_nothing_is_saved(
    called: Called, olena: Person, storage: Storage
) -> None:
    answer = await olena.post(PAGE, typed(**{"due-0": ["у вівторок", ""]}))
    assert answer.status == 422
    assert "Питання 1: у вівторок — це не дата" in await answer.text()
    assert await storage.minutes.versions(1) == []
    assert (await olena.post(PAGE, typed(speaker=["Петренко"]))).status == 400


async def test_what_comes_next_waits_on_the_list_of_work(
    called: Called, olena: Person, clock: MovedClock
) -> None:
    todo = "/todo?wait=meetings"
    assert "Скажіть, чи прийдете" in await olena.text(todo)
    await olena.post("/meetings/1/answer", {"do": "come", "round": "1"})
    assert "Нічого не знайдено" in await olena.text(todo)
    clock.pass_(hours=20)
    await olena.enter(called.olena.login)
    await called.head.sign_in("head")
    assert "Вести протокол" in await olena.text(todo)
    assert "Вести протокол" not in await called.head.text(todo)
    await olena.post(PAGE, typed(f"user:{called.olena.id}", do="present"))
    assert "Підписати протокол" in await called.head.text(todo)
    await called.head.post(f"{PAGE}/give-back", {"reason": "Дописати"})
    assert "Виправити протокол за зауваженням" in await olena.text(todo)


async def test_the_head_who_was_the_secretary_does_not_sign_twice(called: Called) -> None:
    party = f"user:{called.olena.id}"
    assert (await called.head.post(PAGE, typed(party, do="present"))).status == 303
    assert "удруге має підписати інший начальник" in await called.head.text(PAGE)
    assert (await called.head.post(f"{PAGE}/sign", read(1))).status == 409


async def test_an_enterprise_that_was_invited_reads_the_minutes_and_none_of_the_tasks_of_others(
    called: Called, olena: Person, guest: Person, users: Mapping[Role, User]
) -> None:
    both = {**called.form, "users": [str(called.olena.id), str(users[Role.EXECUTOR].id)], "edition": "2"}
    assert (await called.head.post("/meetings/1", both)).status == 303
    await olena.post(PAGE, typed(f"user:{called.olena.id}", do="present"))
    assert (await called.head.post(f"{PAGE}/sign", read(1))).status == 303
    await guest.enter(users[Role.EXECUTOR].login)
    assert "Перевірити котельні" in await guest.text(PAGE)
    assert 'href="/tasks/1"' not in await guest.text("/meetings/1")


async def test_they_are_printed(called: Called, olena: Person) -> None:
    assert (await olena.get(f"{PAGE}.pdf")).status == 404
    await olena.post(PAGE, typed(f"user:{called.olena.id}", do="present"))
    assert (await called.head.post(f"{PAGE}/sign", read(1))).status == 303
    answer = await olena.get(f"{PAGE}.pdf?version=1")
    assert answer.status == 200
    assert (await answer.read()).startswith(b"%PDF")
