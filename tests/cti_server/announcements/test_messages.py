"""The message to the whole city on its page: prepared, spoken, switched in one step, told who did what."""

import re
from collections.abc import Mapping

import pytest
from aiohttp import ClientResponse

from cti_server.announcements.sources import Announcing
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.informing.city_messages import CityMessage, MessageAct, MessageBy, NewMessage
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person

CHLORINE = {"title": "Хлор", "uk": "Зачиніть вікна.", "en": "Close your windows."}


@pytest.fixture
async def message(head: Person, storage: Storage) -> CityMessage:
    assert (await head.post("/announcements/new", CHLORINE)).status == 303
    return (await storage.city_messages.all())[0]


async def switched(head: Person, message_id: int = 0, hours: Mapping[str, str] = {}) -> ClientResponse:
    """Click on the page as it is now: on, for so many hours, or off."""
    action = f"/announcements/{message_id}/on" if message_id else "/announcements/off"
    return await head.post(action, {**hidden(await head.text("/announcements"), action), **hours})


def hidden(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of a form."""
    form = page[page.index(f'action="{action}"') :]
    return dict(
        re.findall(
            r'<input type="hidden" name="(wanted|seen)" value="([^"]*)">', form[: form.index("</form>")]
        )
    )


async def test_a_prepared_message_is_kept_and_can_be_heard_at_once(
    head: Person, message: CityMessage, sources: Announcing
) -> None:
    page = await head.text("/announcements")
    assert "Зачиніть вікна." in page
    assert "Close your windows." in page
    answer = await head.get(f"/announcements/phrases/{message.phrase.name}/uk.wav")
    assert answer.content_type == "audio/wav"
    assert len(await answer.read()) == pytest.approx(8000 * 2 * 1.65, rel=0.02)
    assert (await sources.messages.history(1))[0].act is MessageAct.ENTERED


async def test_one_click_lets_everybody_hear_it_and_one_click_ends_it(
    head: Person, message: CityMessage, storage: Storage, clock: MovedClock
) -> None:
    assert "Вимкнено: повідомлення для всього міста не звучить" in await head.text("/announcements")
    answer = await switched(head, message.id, {"hours": "0"})
    assert answer.status == 303
    page = await head.text("/announcements")
    assert "УВІМКНЕНО: це чує кожен, хто телефонує" in page
    assert "Звучатиме, доки його не вимкнуть." in page
    assert await storage.city_messages.on(clock.now()) is not None
    await switched(head)
    assert await storage.city_messages.on(clock.now()) is None
    assert "УВІМКНЕНО" not in await head.text("/announcements")


async def test_it_goes_off_by_itself(
    head: Person, message: CityMessage, storage: Storage, clock: MovedClock
) -> None:
    await switched(head, message.id, {"hours": "3"})
    assert "Автоматично вимкнеться 02.03.2026 17:00." in await head.text("/announcements")
    clock.pass_(hours=3)
    assert await storage.city_messages.on(clock.now()) is None
    assert "УВІМКНЕНО" not in await head.text("/announcements")


async def test_who_did_what_stands_on_the_page_and_in_the_audit_log(
    head: Person, message: CityMessage, storage: Storage, users: Mapping[Role, User]
) -> None:
    await switched(head, message.id, {"hours": "1"})
    await switched(head)
    entries = [one for one in await storage.audit.latest(10) if one.subject == f"city-message:{message.id}"]
    assert [one.detail.split()[0] for one in entries] == ["off", "on", "Хлор"]
    assert {one.user_id for one in entries} == {users[Role.HEAD].id}
    page = await head.text("/announcements")
    assert page.index("Вимкнено: Хлор") < page.index("Увімкнено: Хлор") < page.index("Підготовлено: Хлор")


async def test_an_edit_is_kept_and_of_two_at_once_the_second_is_told(
    head: Person, message: CityMessage, storage: Storage
) -> None:
    path = f"/announcements/{message.id}"
    edited = CHLORINE | {"uk": "Зачиніть вікна й двері.", "version": str(message.version)}
    assert (await head.post(path, edited)).status == 303
    second = await head.post(path, edited | {"uk": "Інакше."})
    assert second.status == 422
    text = await second.text()
    assert "Тим часом хтось змінив це повідомлення." in text
    assert "Інакше." in text
    assert (await storage.city_messages.get(message.id)).uk == "Зачиніть вікна й двері."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Дайте коротку назву"),
        ({"title": "х" * 81}, "Щонайбільше знаків: 80."),
        ({"uk": "", "en": ""}, "Напишіть, що мають почути заявники."),
        ({"uk": "!!"}, "Голос не може цього прочитати."),
        ({"en": "x" * 1501}, "Щонайбільше знаків: 1500."),
    ],
)
async def test_what_cannot_be_said_is_refused_and_what_was_typed_stays(
    head: Person, storage: Storage, typed: Mapping[str, str], said: str
) -> None:
    answer = await head.post("/announcements/new", CHLORINE | typed)
    text = await answer.text()
    assert answer.status == 422
    assert said in text
    assert typed.get("en", CHLORINE["en"]) in text
    assert await storage.city_messages.all() == []


async def test_a_text_that_is_too_long_for_a_telephone_is_warned_of(head: Person) -> None:
    await head.post("/announcements/new", CHLORINE | {"uk": "довго " * 75})
    assert "понад 40 секунд мало хто дослухає" in await head.text("/announcements")


async def test_what_everybody_hears_is_not_removed(
    head: Person, message: CityMessage, storage: Storage
) -> None:
    await switched(head, message.id, {"hours": "0"})
    answer = await head.post(f"/announcements/{message.id}/remove")
    assert answer.headers["Location"].endswith("done=still-on")
    await switched(head)
    await head.post(f"/announcements/{message.id}/remove")
    assert await storage.city_messages.all() == []
    assert (await head.get(f"/announcements/{message.id}")).status == 404


async def test_hours_that_are_not_offered_are_refused(head: Person, message: CityMessage) -> None:
    assert (await head.post(f"/announcements/{message.id}/on", {"hours": "-5"})).status == 400
    assert (await head.post(f"/announcements/{message.id}/on")).status == 400


async def test_a_dispatcher_sees_it_and_is_offered_nothing_to_change(
    person: Person, head: Person, message: CityMessage
) -> None:
    await switched(head, message.id, {"hours": "0"})
    await person.enter(Role.DISPATCHER.value)
    page = await person.text("/announcements")
    assert "УВІМКНЕНО" in page
    assert 'action="/announcements/' not in page
    phrase = await person.text(f"/announcements/phrases/{message.phrase.name}")
    assert "data-recorder" not in phrase


async def test_a_page_that_is_old_switches_nothing_that_was_put_on_meanwhile(
    head: Person, message: CityMessage, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    here, by = f"/announcements/{message.id}/on", MessageBy(user_id=users[Role.HEAD].id)
    await switched(head, message.id, {"hours": "0"})
    off = hidden(await head.text("/announcements"), "/announcements/off")
    other = await storage.city_messages.enter(NewMessage(title="Повінь", uk="Ідіть нагору."), by)
    on = hidden(await head.text("/announcements"), f"/announcements/{other.id}/on")
    later = await storage.city_messages.enter(NewMessage(title="Вибух", uk="В укриття."), by)
    await storage.city_messages.switch_on(later.id, by)
    for action, fields in (
        ("/announcements/off", off),
        (f"/announcements/{other.id}/on", on | {"hours": "3"}),
    ):
        answer = await head.post(action, fields)
        page = await answer.text()
        assert (answer.status, "ваше натискання нічого не змінило" in page) == (409, True)
        assert 'id="city-state">УВІМКНЕНО' in page
        still = await storage.city_messages.on(clock.now())
        assert still is not None
        assert still.id == later.id
    assert '<option value="3" selected>' in page
    unseen = hidden(page, here) | {"hours": "0"}
    await head.post(f"/announcements/{message.id}", CHLORINE | {"uk": "Інше.", "version": "3"})
    assert (await head.post(here, unseen)).status == 409, "its words are others by now"
    assert (await switched(head)).status == 303
    assert await storage.city_messages.on(clock.now()) is None


async def test_a_click_without_what_was_seen_switches_nothing_off(
    head: Person, message: CityMessage, storage: Storage, clock: MovedClock
) -> None:
    await switched(head, message.id, {"hours": "0"})
    assert (await head.post("/announcements/off")).status == 409
    assert await storage.city_messages.on(clock.now()) is not None
