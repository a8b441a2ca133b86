"""A shift is handed over with what is open, asked back, signed by both; the head hears of the others."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.calls.call import Outcome, VoiceMessage
from hotline.city.classifier import Urgency, Utility
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.line.scheduled_callbacks import NewScheduled
from hotline.outages.outage import By, NewOutage, OutageKind
from storage.store import Storage
from tests.cti_server.calls.conftest import MARIA, call
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.shifts.conftest import Team
from tests.storage.conftest import NOON
from tests.storage.enterprise import found

PAGE = "/shifts/handovers"


@pytest.fixture
async def taras(server: TestServer, team: Team) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(team.taras.login)
        yield person


async def begun(person: Person) -> str:
    """Open the draft, and give its page."""
    answer = await person.post(PAGE)
    assert answer.status == 303
    return answer.headers["Location"]


async def handed(person: Person, remarks: str = "Тихо") -> str:
    path = await begun(person)
    assert (await person.post(f"{path}/hand-over", {"remarks": remarks})).status == 303
    return path


async def much_is_open(storage: Storage, team: Team) -> None:
    city = await found(storage)
    await city.enter(urgency=Urgency.EMERGENCY)
    await call(storage, "m2", MARIA, outcome=Outcome.MESSAGE_LEFT)
    said = VoiceMessage(id="said", call_id="m2", number=MARIA, file="s.wav", began_at=NOON, seconds=5.0)
    await storage.calls.keep_message(said)
    await storage.calls.flush()
    later = NOON + timedelta(hours=3)
    await storage.scheduled_callbacks.arrange(
        NewScheduled(number=MARIA, due_at=later, why="Вода", arranged_by=team.olena.id, arranged_at=NOON)
    )
    dry = NewOutage(utility=Utility.WATER, kind=OutageKind.REPAIR, starts_at=NOON, areas=())
    await storage.outages.enter(dry, By())
    message = await storage.city_messages.enter(
        NewMessage(title="Мороз", uk="Тримайте тепло"), MessageBy(user_id=team.olena.id)
    )
    await storage.city_messages.switch_on(message.id, MessageBy(user_id=team.olena.id))


async def test_it_is_filled_with_what_is_open_and_stays_as_it_was_signed(
    team: Team, olena: Person, taras: Person, storage: Storage
) -> None:
    path = await begun(olena)
    assert "Незавершеного немає" in await olena.text(path)
    await much_is_open(storage, team)
    page = await olena.text(path)
    for told, address in (
        ("Аварії, яких ніхто не прийняв", "/appeals/2600001"),
        ("Кому передзвонити", "/calls/m2"),
        ("Обіцяні дзвінки", "/calls/missed"),
        ("Непрослухані голосові повідомлення", "/calls/m2"),
        ("Відключення без відомого кінця", "/outage-register/1"),
        ("Увімкнено повідомлення для всього міста", "/announcements"),
    ):
        assert told in page
        assert f'href="{address}"' in page
    assert MARIA not in page
    await olena.post(f"{path}/hand-over", {"remarks": "Дзвонила мерія"})
    await storage.outages.end(1, NOON, By())
    read = await taras.text(path)
    assert "Відключення без відомого кінця" in read, "it stays as it was"
    assert "Дзвонила мерія" in read
    assert "Чекає на наступну зміну" in await taras.text(PAGE)


async def test_the_next_shift_asks_back_and_signs(olena: Person, taras: Person, team: Team) -> None:
    path = await handed(olena)
    assert (await taras.post(f"{path}/ask", {"words": "Хто дзвонив?"})).status == 303
    assert "Хто дзвонив?" in await olena.text(path)
    assert (await olena.post(f"{path}/answer", {"words": "Мерія"})).status == 303
    assert "Мерія" in await taras.text(path)
    assert (await taras.post(f"{path}/take-over")).status == 303
    for person in (olena, taras, team.head):
        assert "Прийнято" in await person.text(PAGE)
    assert (await taras.post(f"{path}/ask", {"words": "Ще?"})).status == 409


async def test_a_draft_is_kept_and_nobody_else_reads_it(olena: Person, taras: Person) -> None:
    path = await begun(olena)
    await olena.post(f"{path}/save", {"remarks": "Ще пишу"})
    assert await begun(olena) == path
    assert "Ще пишу" in await olena.text(path)
    assert (await taras.get(path)).status == 404
    assert (await taras.post(f"{path}/save", {"remarks": "Чуже"})).status == 409
    assert (await taras.post(f"{path}/save", {"remarks": "Ч" * 4001})).status == 409


async def test_nobody_takes_their_own_shift_over_and_the_head_only_reads(team: Team, olena: Person) -> None:
    path = await handed(olena)
    assert (await olena.post(f"{path}/take-over")).status == 409
    assert "прийняти зміну" not in await olena.text(path)
    assert (await team.head.post(f"{path}/take-over")).status == 403
    page = await team.head.text(path)
    assert "Тихо" in page
    assert "прийняти зміну" not in page


@pytest.mark.parametrize(
    ("act", "form", "told"),
    [
        ("ask", {"words": " "}, "Напишіть, що хочете сказати"),
        ("ask", {"words": "Ч" * 1001}, "не більше 1000 знаків"),
    ],
)
async def test_words_that_cannot_be_taken_come_back(
    olena: Person, taras: Person, act: str, form: dict[str, str], told: str
) -> None:
    path = await handed(olena)
    answer = await taras.post(f"{path}/{act}", form)
    assert answer.status == 422
    assert told in await answer.text()


async def test_the_head_is_told_of_a_shift_that_nobody_handed_over(
    team: Team, olena: Person, clock: MovedClock
) -> None:
    await team.publish(olena_0="8-16", taras_0="8-16")
    assert "Зараз на зміні за графіком: Олена, Тарас" in await olena.text(PAGE)
    clock.pass_(hours=2)
    assert "Зараз на зміні за графіком" not in await olena.text(PAGE)
    await handed(olena)
    assert "яких ніхто не передав" not in await team.head.text(PAGE), "they have three hours for it"
    clock.pass_(hours=4)
    page = await team.head.text(PAGE)
    assert "Тарас: 02.03.2026, 08:00–16:00" in page
    assert "Олена: 02.03.2026" not in page
    assert "яких ніхто не передав" not in await olena.text(PAGE)
    clock.pass_(days=8)
    await team.head.sign_in("head")
    assert "яких ніхто не передав" not in await team.head.text(PAGE)


async def test_it_is_work_on_the_list_of_whoever_acts_next(
    team: Team, olena: Person, taras: Person, clock: MovedClock
) -> None:
    todo = "/todo?wait=handovers"
    path = await handed(olena, "Дзвонила мерія")
    assert "Дзвонила мерія" in await taras.text(todo)
    assert "Нічого не знайдено" in await olena.text(todo)
    await taras.post(f"{path}/ask", {"words": "Хто саме?"})
    assert "Хто саме?" in await olena.text(todo)
    assert f'href="{path}"' not in await taras.text(todo)
    await olena.post(f"{path}/answer", {"words": "Приймальня"})
    await taras.post(f"{path}/take-over")
    for person in (olena, taras):
        assert f'href="{path}"' not in await person.text(todo)
    await team.publish(taras_0="8-12")
    clock.pass_(hours=2)
    page = await team.head.text(todo)
    assert "Не передано" in page
    assert "02.03.2026, 08:00–12:00" in page
