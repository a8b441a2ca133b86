"""One call's page, its notes and its message over HTTP."""

from collections.abc import Mapping

import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.appeals.appeal import AppealKind
from hotline.appeals.registering import NewAppeal
from hotline.calls.call import Outcome, Step
from hotline.city.classifier import Urgency
from hotline.dialling.dialler import Kind
from hotline.line.callbacks import Callback, CallbackResult
from storage.store import Storage
from tests.cti_server.calls.conftest import NOON, call, steps
from tests.cti_server.conftest import Person


@pytest.fixture
async def worker(person: Person, users: Mapping[Role, User]) -> Person:
    assert users
    await person.enter(Role.DISPATCHER.value)
    return person


async def test_the_journey_is_told_in_words_and_opening_it_is_written_down(
    worker: Person, storage: Storage, talk: str
) -> None:
    page = await worker.text(f"/calls/{talk}")
    assert "+380 4579 00001" in page
    for text in (
        "Натиснуто: диспетчер",
        "Початок розмови: Олена &lt;b&gt; (201)",
        '/calls/c1/recordings/r1/sound"',
        '/calls/c1/messages/m1.wav"',
    ):
        assert text in page, text
    assert "greeting" not in page
    found = await storage.audit.find(AuditFilter(subject="call:c1"), limit=9)
    assert [one.action for one in found] == ["view"]
    english = await worker.client.get(f"/calls/{talk}", headers={"Cookie": _with_language(worker, "en")})
    assert "Pressed: a dispatcher" in await english.text()


async def test_the_talk_with_a_duty_contact_says_so_and_can_be_heard(worker: Person, alarm: str) -> None:
    page = await worker.text(f"/calls/{alarm}")
    for text in (
        "Початок розмови: черговий підприємства",
        "Розмова о 14:00:00 · черговий підприємства",
        "Заявника й чергового чути разом.",
        '/calls/c2/recordings/out-alarm-1/sound"',
    ):
        assert text in page, text


async def test_a_call_that_the_hotline_placed_tells_what_for_and_whether_a_machine_may_have_answered(
    worker: Person, storage: Storage
) -> None:
    await call(storage, "out-1")
    await steps(
        storage,
        "out-1",
        (Step.CALLED_BY_ITSELF, {"source": "place", "job": 7, "kind": Kind.CALL_BACK.value}),
        (Step.LIKE_A_MACHINE, {"seconds": 7}),
        (Step.ENDED, {}),
    )
    page = await worker.text("/calls/out-1")
    assert "Гаряча лінія зателефонувала сама: зворотний дзвінок" in page
    assert "Можливо, автовідповідач" in page


def _with_language(person: Person, code: str) -> str:
    jar = person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))
    return "; ".join([*(f"{name}={one.value}" for name, one in jar.items()), f"language={code}"])


async def test_what_was_said_aloud_stands_in_the_journey(worker: Person, storage: Storage) -> None:
    await call(storage, "c1")
    told = {"confidence": 0.9, "engine": "vosk"}
    await steps(
        storage,
        "c1",
        (Step.SAID, {"words": "немає води", **told}),
        (Step.SAID, {"words": "", **told}),
    )
    page = await worker.text("/calls/c1")
    assert "Сказано вголос: немає води" in page
    assert "Сказано вголос: нічого не розібрано" in page


async def test_an_unknown_call_is_not_found(worker: Person) -> None:
    assert (await worker.get("/calls/nothing")).status == 404


async def test_a_note_is_added_and_an_empty_or_endless_one_comes_back(
    worker: Person, storage: Storage, talk: str
) -> None:
    answer = await worker.post(f"/calls/{talk}/notes", {"text": "  Прорвало <трубу>\nна розі "})
    assert (answer.status, answer.headers["Location"]) == (303, "/calls/c1")
    (note,) = await storage.history.notes(talk)
    assert note.text == "Прорвало <трубу>\nна розі"
    assert "Прорвало &lt;трубу&gt;" in await worker.text(f"/calls/{talk}")
    for text, reason in ((" ", "Спершу напишіть нотатку."), ("я" * 4001, "щонайбільше 4000 знаків")):
        answer = await worker.post(f"/calls/{talk}/notes", {"text": text})
        page = await answer.text()
        assert (answer.status, reason in page, text.strip() in page) == (422, True, True)
    assert len(await storage.history.notes(talk)) == 1


async def test_a_message_is_marked_as_heard(worker: Person, storage: Storage, talk: str) -> None:
    await call(storage, "c2", minutes=5, outcome=Outcome.MESSAGE_LEFT)
    assert (await worker.post("/calls/c2/messages/m1/heard")).status == 404
    assert "Позначити прослуханим" in await worker.text(f"/calls/{talk}")
    assert (await worker.post(f"/calls/{talk}/messages/m1/heard")).status == 303
    page = await worker.text(f"/calls/{talk}")
    assert "Прослухано 02.03.2026 14:00" in page
    assert "Позначити прослуханим" not in page


def _appeal(call_id: str, who: int) -> NewAppeal:
    return NewAppeal(
        text="Немає води",
        kind=AppealKind.APPLICATION,
        category="power-none",
        classifier=1,
        address="",
        urgency=Urgency.ORDINARY,
        registered_at=NOON,
        year=2026,
        due_on=NOON.date(),
        due_at=NOON,
        registered_by=who,
        call_id=call_id,
    )


async def test_what_came_of_a_call_and_the_other_calls_of_the_number_are_linked(
    worker: Person, storage: Storage, talk: str, users: Mapping[Role, User]
) -> None:
    who = users[Role.DISPATCHER].id
    await call(storage, "before", minutes=-9, outcome=Outcome.ABANDONED_IN_LINE)
    await call(storage, "after", minutes=9)
    await storage.registry.consulted(call_id=talk, user_id=who, text="Графік <прийому>", at=NOON)
    await storage.callbacks.add(Callback(call_id="before", user_id=who, at=NOON, result=CallbackResult.BUSY))
    page = await worker.text(f"/calls/{talk}")
    assert "Графік &lt;прийому&gt;" in page
    assert page.index('href="/calls/after"') < page.index('href="/calls/before"')
    assert "Спроби передзвонити" in page
    assert "Зайнято" in page
    appeal = await storage.registry.enter(_appeal(talk, who))
    assert f'href="/appeals/{appeal.number}"' in await worker.text(f"/calls/{talk}")


async def test_a_call_in_which_nothing_was_entered_says_so(worker: Person, talk: str) -> None:
    page = await worker.text(f"/calls/{talk}")
    assert "За цим дзвінком не внесено ні звернення, ні консультації." in page
