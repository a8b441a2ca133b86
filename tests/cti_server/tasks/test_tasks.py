"""A task from its giving to its end, on the pages; in the wrong order, twice, and by those who may not."""

from collections.abc import Mapping

import pytest
from aiohttp.test_utils import TestClient, TestServer

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, change
from tests.cti_server.tasks.conftest import Centre


async def test_an_instruction_is_given_accepted_reported_returned_and_taken_off_control(
    centre: Centre, olena: Person
) -> None:
    path = await centre.give()
    assert "Скласти перелік" in await olena.text("/tasks")
    page = await olena.text(path)
    assert "Ще не прийнято" in page
    assert "Зняти з контролю" not in page, "not for who is responsible"
    head, seen = centre.head, 0

    async def act(person: Person, event: str, said: str = "") -> int:
        nonlocal seen
        seen += 1
        form = {"version": str(seen), "said": said}
        return (await person.post(f"{path}/{event}", form)).status

    assert await act(olena, "accept") == 303
    assert await act(olena, "report", "Перелік у додатку") == 303
    assert "Чекають на контроль" in await head.text("/tasks?part=to-decide")
    assert await act(head, "return", "Немає кварталу") == 303
    assert "Немає кварталу" in await olena.text(path)
    assert await act(olena, "report", "Усі квартали") == 303
    assert await act(head, "take-off", "Виконано вчасно") == 303
    page = await olena.text(path)
    assert "Знято з контролю" in page
    assert "Виконано вчасно" in page
    assert "Скласти перелік" not in await olena.text("/tasks")
    assert "Скласти перелік" in await olena.text("/tasks?part=ended&q=будинок")


async def test_a_form_sent_twice_gives_one_task_and_an_act_sent_twice_is_done_once(
    centre: Centre, olena: Person, storage: Storage
) -> None:
    path = await centre.give()
    assert await centre.give() == path
    for _ in range(2):
        answer = await olena.post(f"{path}/report", {"version": "1", "said": "Готово"})
        assert answer.status == 303
    assert len(await storage.tasks.history(1)) == 2


async def test_of_two_at_once_the_later_sees_the_task_as_it_is_and_keeps_what_they_typed(
    centre: Centre, olena: Person
) -> None:
    path = await centre.give()
    changed = centre.typed(text="Скласти перелік шкіл", version="1", said="Уточнено")
    assert (await centre.head.post(f"{path}/change", changed)).status == 303
    answer = await olena.post(f"{path}/report", {"version": "1", "said": "Перелік будинків"})
    page = await answer.text()
    assert answer.status == 409
    assert "Тим часом хтось змінив" in page
    assert "Скласти перелік шкіл" in page
    assert "Перелік будинків</textarea>" in page
    again = await centre.head.post(f"{path}/change", {**changed, "text": "Інше"})
    assert again.status == 409
    assert "Інше</textarea>" in await again.text()
    assert "Скласти перелік будинків без тепла → Скласти перелік шкіл" in await centre.head.text(path)


async def test_what_is_typed_wrong_is_said_and_stays(centre: Centre) -> None:
    whole = await centre.give()
    for path, wrong, said in (
        ("/tasks/new", {"due": "01.03.2026 18:00"}, "Цей час уже минув."),
        ("/tasks/new", {"due": "колись"}, "Вкажіть дату й час."),
        ("/tasks/new", {"text": " "}, "Напишіть, що зробити."),
        ("/tasks/new", {"responsible": "user:999"}, "Виберіть відповідального."),
        ("/tasks/new", {"controller": str(centre.olena.id)}, "Ніхто не контролює власну роботу"),
        ("/tasks/new?parent=1", {"key": "k2", "due": "11.03.2026 18:00"}, "його термін 10.03.2026 18:00"),
    ):
        answer = await centre.head.post(path, centre.typed(**wrong))
        assert answer.status == 422, (wrong, await answer.text())
        assert said in await answer.text()
    answer = await centre.head.post(f"{whole}/take-off", {"version": "1", "said": " "})
    assert answer.status == 422
    assert "Напишіть, що хочете сказати" in await answer.text()


async def test_a_whole_waits_for_its_parts_and_goes_with_them(centre: Centre, olena: Person) -> None:
    whole = await centre.give()
    part = await centre.give(
        "/tasks/new?parent=1", key="k2", text="Обдзвонити котельні", due="05.03.2026 12:00"
    )
    assert "Обдзвонити котельні" in await olena.text(whole)
    assert 'href="/tasks/1"' in await olena.text(part)
    answer = await centre.head.post(f"{whole}/take-off", {"version": "1", "said": "Досить"})
    assert answer.status == 409
    assert "спершу завершіть їх" in await answer.text()
    sooner = centre.typed(due="04.03.2026 12:00", version="1")
    assert (await centre.head.post(f"{whole}/change", sooner)).status == 409
    assert (await centre.head.post(f"{whole}/withdraw", {"version": "1", "said": "Ні"})).status == 303
    assert "Скасовано" in await olena.text(part) or "Відкликано" in await olena.text(part)


async def test_who_left_is_found_and_another_takes_over(
    centre: Centre, accounts: Accounts, users: Mapping[Role, User]
) -> None:
    path = await centre.give()
    await change(accounts, centre.olena, active=False)
    assert "Скласти перелік" in await centre.head.text("/tasks?part=gone")
    assert "уже не працює" in await centre.head.text(path)
    taras = await accounts.users.add(
        login="taras", name="Тарас", role=Role.DISPATCHER, password_hash=users[Role.HEAD].password_hash
    )
    passed = centre.typed(responsible=f"user:{taras.id}", version="1", said="Замість Олени")
    assert (await centre.head.post(f"{path}/change", passed)).status == 303
    page = await centre.head.text(path)
    assert "Передано іншому" in page
    assert "Олена → Тарас" in page
    assert "Скласти перелік" not in await centre.head.text("/tasks?part=gone")


@pytest.mark.parametrize("role", [Role.EXECUTOR, Role.OBSERVER, Role.ADMINISTRATOR])
async def test_others_see_what_they_may_and_change_nothing(
    centre: Centre, olena: Person, server: TestServer, role: Role
) -> None:
    path = await centre.give(text="Перевірити гучномовці")
    report = {"version": "1", "said": "Дзвонив Іваненко"}
    assert (await olena.post(f"{path}/report", report)).status == 303
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(role.value)
        answer = await person.get(path)
        sees = role is Role.OBSERVER
        assert answer.status == (200 if sees else 404)
        assert ("Перевірити гучномовці" in await person.text("/tasks")) is sees
        if sees:
            page = await answer.text()
            read = page + await person.text("/tasks") + await person.text("/tasks.csv")
            assert "Перевірити гучномовці" in read
            assert "Олена" not in read
            assert "Іваненко" not in read
            assert "Диспетчер" in page
        for event in ("accept", "take-off", "withdraw"):
            form = {"version": "2", "said": "Я"}
            assert (await person.post(f"{path}/{event}", form)).status in {404, 409}
        assert "Повідомлено про виконання" in await centre.head.text(path)


async def test_what_is_late_is_overdue_until_it_is_reported_and_the_list_is_a_file(
    centre: Centre, olena: Person, clock: MovedClock
) -> None:
    path = await centre.give()
    assert "Скласти перелік" not in await olena.text("/tasks?part=overdue")
    clock.pass_(days=10)
    await olena.enter(centre.olena.login)
    assert "прострочено на 1 день" in await olena.text("/tasks?part=overdue")
    assert "Олена" in await olena.text("/tasks.csv?part=overdue")
    assert (await olena.post(f"{path}/report", {"version": "1", "said": "Готово"})).status == 303
    assert "Скласти перелік" not in await olena.text("/tasks?part=overdue")
