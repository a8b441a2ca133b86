from collections.abc import Mapping
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Scalar, Step
from hotline.city.classifier import Utility
from hotline.events import LineChanged
from hotline.line.cut_off import CutOff
from hotline.line.line import Priority
from hotline.line.presence_states import CONSULT, Presence, Wish
from hotline.outages.outage import OutageKind
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.desk.conftest import AtDesk, Told
from tests.fakes.outages import entered

ROUTES = (
    "GET /desk",
    "GET /desk/events",
    "GET /desk/calls/c1/who",
    "POST /desk/presence",
    "POST /desk/presence/longer",
    "POST /desk/missed/c1",
    "POST /desk/line/c1/pick",
    "POST /desk/calls/c1/notes",
    "POST /desk/calls/c1/done",
)


async def answer(person: Person, route: str) -> int:
    method, path = route.split()
    got = await (person.get(path) if method == "GET" else person.post(path))
    return got.status


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DISPATCHER])
async def test_only_who_answers_calls_comes_to_the_desk(
    person: Person, users: Mapping[Role, User], role: Role
) -> None:
    await person.enter(users[role].login)
    assert {route: await answer(person, route) for route in ROUTES} == dict.fromkeys(ROUTES, 403)


async def test_who_is_not_signed_in_is_asked_to(person: Person) -> None:
    for route in ROUTES:
        assert await answer(person, route) in {302, 403}, route


async def test_a_dispatcher_without_a_desk_is_told_so(person: Person, users: Mapping[Role, User]) -> None:
    await person.enter(users[Role.DISPATCHER].login)
    told = await person.get("/desk")
    assert told.status == 404
    assert "ще не надано робочого місця" in await told.text()


async def test_the_page_speaks_ukrainian_and_holds_the_line(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await storage.line.enter("c1", at=clock.now())
    page = await olena.person.text("/desk")
    assert "Приймаю" in page
    assert 'id="place-c1"' in page
    assert 'lang="uk"' in page


async def test_presence_changes_with_a_reason_from_the_list_only(olena: AtDesk, storage: Storage) -> None:
    one = olena.dispatcher.id
    assert (await olena.person.post("/desk/presence", {"presence": "paused", "reason": "meal"})).status == 200
    assert (await storage.dispatchers.get(one)).reason == "meal"
    assert (await olena.person.post("/desk/presence", {"presence": "paused", "reason": "x"})).status == 400
    assert (await olena.person.post("/desk/presence", {"presence": "offered"})).status == 400
    assert (await olena.person.post("/desk/presence", {"presence": "ready"})).status == 200
    assert (await storage.dispatchers.get(one)).presence is Presence.READY


@pytest.mark.parametrize(
    ("presence", "reason", "hint"),
    [
        (Presence.AWAY, "", "Дзвінки до вас не надходять. Натисніть Shift+F9"),
        (Presence.PAUSED, "not-answering", "доки ви не натиснете Shift+F9"),
        (Presence.PAUSED, "phone-unreachable", "щойно ваш телефон з’явиться"),
        (Presence.PAUSED, "meal", ""),
    ],
)
async def test_whoever_gets_no_calls_is_told_what_to_do(  # noqa: PLR0917
    olena: AtDesk, storage: Storage, clock: MovedClock, presence: Presence, reason: str, hint: str
) -> None:
    await storage.dispatchers.set_presence(olena.dispatcher.id, presence, clock.now(), reason)
    page = await olena.person.text("/desk")
    assert ("desk-hint" in page) is bool(hint)
    assert hint in page


async def test_who_is_talking_does_not_become_ready_by_a_button(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await talked(storage, clock, "c1", olena.dispatcher.id)
    assert (await olena.person.post("/desk/presence", {"presence": "ready"})).status == 409


async def test_a_pause_in_a_talk_is_for_afterwards_and_withdrawn_by_ready(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await talked(storage, clock, "c1", olena.dispatcher.id)
    assert (await olena.person.post("/desk/presence", {"presence": "paused", "reason": "meal"})).status == 200
    now = await storage.dispatchers.get(olena.dispatcher.id)
    assert (now.presence, now.wish) == (Presence.TALKING, Wish(presence=Presence.PAUSED, reason="meal"))
    page = await olena.person.text("/desk")
    assert "Після розмови: <strong>Обід</strong>" in page
    assert 'Коротка перерва<span class="visually-hidden"> після розмови</span>' in page
    assert 'Обід<span class="visually-hidden">' not in page
    assert "Скасувати&nbsp;<kbd>Shift+F9</kbd>" in page
    assert (await olena.person.post("/desk/presence", {"presence": "ready"})).status == 200
    assert (await storage.dispatchers.get(olena.dispatcher.id)).wish is None


async def test_a_waiting_caller_is_taken_once_and_the_dispatcher_is_rung(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await storage.line.enter("c1", at=clock.now())
    told.tell(LineChanged(at=clock.now()))
    assert (await olena.person.post("/desk/line/c1/pick")).status == 200
    assert (await taras.person.post("/desk/line/c1/pick")).status == 409
    assert [(offer.call_id, offer.dispatcher.id) for offer in told.rung] == [("c1", olena.dispatcher.id)]


@pytest.mark.parametrize(
    ("presence", "words"),
    [
        (Presence.AWAY, "Ви не приймаєте дзвінків: спершу натисніть Shift+F9"),
        (Presence.TALKING, "У вас уже є дзвінок: спершу завершіть його"),
        (Presence.READY, "Хтось випередив вас"),
    ],
)
async def test_who_cannot_take_a_caller_is_told_why(
    olena: AtDesk, storage: Storage, clock: MovedClock, presence: Presence, words: str
) -> None:
    if presence is Presence.TALKING:
        assert await storage.line.engage(olena.dispatcher.id, clock.now(), CONSULT)
    else:
        await storage.dispatchers.set_presence(olena.dispatcher.id, presence, clock.now())
    if presence is not Presence.READY:
        await storage.line.enter("c1", at=clock.now())
    answer = await olena.person.post("/desk/line/c1/pick")
    assert answer.status == 409
    assert f">{words}</h1>" in await answer.text()


async def test_notes_are_kept_for_each_user_and_refused_for_calls_that_never_were(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await storage.line.enter("c1", at=clock.now())
    assert (await olena.person.post("/desk/calls/c1/notes", {"text": "її"})).status == 204
    assert (await taras.person.post("/desk/calls/c1/notes", {"text": "його"})).status == 204
    assert await storage.drafts.text(olena.user_id, "c1") == "її"
    assert await storage.drafts.text(taras.user_id, "c1") == "його"
    assert (await olena.person.post("/desk/calls/c1/notes", {"text": "х" * 20_001})).status == 413
    assert (await olena.person.post("/desk/calls/other/notes", {"text": "x"})).status == 404
    assert await storage.drafts.text(olena.user_id, "c1") == "її"


async def test_a_call_put_aside_is_gone_from_the_desk_and_its_notes_are_kept(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await storage.line.enter("c1", at=clock.now())
    await storage.line.pair(clock.now())
    await storage.line.answered("c1", olena.dispatcher.id, clock.now())
    await olena.person.post("/desk/calls/c1/notes", {"text": "нотатка"})
    assert "нотатка</textarea>" in await olena.person.text("/desk")
    clock.pass_(minutes=1)
    assert (await olena.person.post("/desk/calls/c1/done")).status == 200
    assert "card-c1" not in await olena.person.text("/desk")
    assert await storage.drafts.text(olena.user_id, "c1") == "нотатка"


async def talked(storage: Storage, clock: MovedClock, call_id: str, dispatcher_id: int) -> None:
    await storage.line.enter(call_id, at=clock.now(), wanted_dispatcher_id=dispatcher_id)
    await storage.line.pair(clock.now())
    assert await storage.line.answered(call_id, dispatcher_id, clock.now())


async def test_the_time_after_a_call_counts_down_and_is_lengthened_by_a_key(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    assert (await olena.person.post("/desk/presence/longer")).status == 409
    await talked(storage, clock, "c1", olena.dispatcher.id)
    await storage.line.talk_ended("c1", olena.dispatcher.id, clock.now(), wrap_up=timedelta(seconds=30))
    ends = clock.now() + timedelta(seconds=30)
    assert f'data-until="{ends.isoformat()}"' in await olena.person.text("/desk")
    answer = await olena.person.post("/desk/presence/longer")
    assert f'data-until="{(ends + timedelta(minutes=1)).isoformat()}"' in await answer.text()
    assert (await olena.person.post("/desk/presence", {"presence": "ready"})).status == 200
    assert (await storage.dispatchers.get(olena.dispatcher.id)).presence is Presence.READY


async def test_the_person_of_a_call_in_hand_is_told_and_of_nobody_elses(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await storage.citizens.add("Марія Демченко", "Київський квартал, 7", ["+380457900001"])
    await storage.calls.open(
        CallRecord(id="c1", number="+380457900001", shown="+380457900001", arrived_at=clock.now())
    )
    await storage.calls.flush()
    await talked(storage, clock, "c1", olena.dispatcher.id)
    assert "Марія Демченко" in await olena.person.text("/desk/calls/c1/who")
    assert (await taras.person.get("/desk/calls/c1/who")).status == 204
    await storage.forms.save(taras.user_id, "c1", {"text": "Немає"}, clock.now())
    assert "Марія Демченко" in await taras.person.text("/desk/calls/c1/who")


async def test_a_talk_goes_on_in_writing_by_one_link_and_nobody_elses(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    number = "+380671112233"
    await storage.calls.open(CallRecord(id="c1", number=number, shown=number, arrived_at=clock.now()))
    await storage.calls.flush()
    await talked(storage, clock, "c1", olena.dispatcher.id)
    assert (await taras.person.post("/desk/calls/c1/in-writing")).status == 404
    for _ in range(2):
        answer = await olena.person.post("/desk/calls/c1/in-writing")
        assert "Посилання надіслано: чат № 1" in await answer.text()
    chat = await storage.chats.of_call("c1")
    assert chat is not None
    assert chat.number == number
    assert not await storage.chats.waiting()


async def test_whoever_has_nobody_in_hand_sees_the_city_at_a_glance(
    olena: AtDesk, taras: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await entered(storage.outages, Utility.WATER, OutageKind.REPAIR, clock.now() - timedelta(hours=1))
    await storage.dispatchers.set_presence(taras.dispatcher.id, Presence.PAUSED, clock.now(), "meal")
    page = await olena.person.text("/desk")
    around = page[page.index('id="around"') : page.index('id="help"')]
    assert "Вода, ремонт" in around
    assert around.index("Диспетчер 201") < around.index("Диспетчер 202") < around.index("Перерва")
    assert "відповіли сьогодні</dt><dd>0" in around


async def test_a_half_filled_form_is_open_again_with_the_desk(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    assert 'data-form="/desk/appeals/new?call=' not in await olena.person.text("/desk")
    await talked(storage, clock, "c1", olena.dispatcher.id)
    await storage.forms.save(olena.user_id, "c1", {"text": "Немає"}, clock.now())
    await storage.forms.save(olena.user_id, "another", {"text": "Давнє"}, clock.now())
    assert 'id="appeal" data-form="/desk/appeals/new?call=c1"' in await olena.person.text("/desk")


async def test_missed_callers_stand_on_the_desk_until_it_is_said_how_it_went(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    for call_id, number in (("m1", "+380457900021"), ("m2", None)):
        await storage.calls.open(
            CallRecord(id=call_id, number=number, shown=number or "", arrived_at=clock.now())
        )
        await storage.calls.close(call_id, Outcome.ABANDONED_IN_LINE, clock.now())
    await storage.calls.flush()
    cut = CutOff(call_id="m1", number="+380457900021", arrived_at=clock.now())
    assert await storage.kept_places.cut_off(cut, clock.now()) is not None
    page = await olena.person.text("/desk")
    assert 'id="missed-m1"' in page
    assert "обірвався з нашої вини" in page
    assert 'id="missed-m2"' in page
    post = olena.person.post
    assert "невдалих спроб: 1" in await (await post("/desk/missed/m1", {"result": "no-answer"})).text()
    assert 'id="missed-m1"' not in await (await post("/desk/missed/m1", {"result": "reached"})).text()
    assert (await post("/desk/missed/m2", {"result": "settled"})).status == 400
    assert (await post("/desk/missed/m2", {"result": "reached"})).status == 404
    left = await post("/desk/missed/m2", {"result": "settled", "note": "мовчали"})
    assert 'id="missed-m2"' not in await left.text()


async def test_the_line_says_why_they_wait_and_marks_an_emergency_in_words(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await storage.line.enter("c1", at=clock.now())
    await storage.line.enter("c2", at=clock.now() + timedelta(seconds=5), priority=Priority.EMERGENCY)
    pressed = {"key": "4", "asked": "welcome menu"}
    await storage.calls.note(
        JourneyStep(call_id="c2", number=1, at=clock.now(), step=Step.PRESSED, detail=pressed)
    )
    await storage.calls.flush()
    page = await olena.person.text("/desk")
    assert page.index('id="place-c2"') < page.index('id="place-c1"')
    entry = page[page.index('id="place-c2"') : page.index('id="place-c1"')]
    assert "⚠" in entry
    assert "Вибір: аварія" in entry
    assert 'data-key="Shift+F7"' in entry


async def test_the_recording_of_a_talk_is_paused_and_goes_on_by_one_key(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await talked(storage, clock, "c1", olena.dispatcher.id)
    assert "Призупинити запис&nbsp;<kbd>Ctrl+F9</kbd>" in await olena.person.text("/desk")
    answer = await olena.person.post("/desk/calls/c1/recording", {"act": "pause"})
    assert answer.status == 200
    assert told.telephone.asked == [("pause", olena.dispatcher.id, "")]

    leg = {"recording": "r1", "seconds": 120}
    await note(storage, clock, Step.RECORDING_PAUSED, leg)
    page = await olena.person.text("/desk")
    assert "Запис призупинено до 14:02:00" in page
    assert "Продовжити запис&nbsp;<kbd>Ctrl+F9</kbd>" in page
    assert (await olena.person.post("/desk/calls/c1/recording", {"act": "resume"})).status == 200
    await note(storage, clock, Step.RECORDING_RESUMED, leg)
    assert "Призупинити запис&nbsp;" in await olena.person.text("/desk")
    found = await storage.audit.find(AuditFilter(subject="call:c1", action="change"), limit=9)
    assert [one.detail for one in found] == ["recording resume", "recording pause"]


async def test_a_pause_that_cannot_be_is_refused_and_not_written_down(
    olena: AtDesk, storage: Storage, clock: MovedClock, told: Told
) -> None:
    await talked(storage, clock, "c1", olena.dispatcher.id)
    for act, status in (("shout", 400), ("", 400)):
        assert (await olena.person.post("/desk/calls/c1/recording", {"act": act})).status == status
    assert (await olena.person.post("/desk/calls/c9/recording", {"act": "pause"})).status == 404
    told.telephone.engaged = True
    assert (await olena.person.post("/desk/calls/c1/recording", {"act": "pause"})).status == 409
    told.telephone.away = True
    assert (await olena.person.post("/desk/calls/c1/recording", {"act": "pause"})).status == 503
    assert await storage.audit.find(AuditFilter(subject="call:c1", action="change"), limit=9) == []


async def test_who_refused_to_be_recorded_has_no_recording_to_pause(
    olena: AtDesk, storage: Storage, clock: MovedClock
) -> None:
    await talked(storage, clock, "c1", olena.dispatcher.id)
    await note(storage, clock, Step.RECORDING_REFUSED, {})
    assert "/recording" not in await olena.person.text("/desk")


async def note(storage: Storage, clock: MovedClock, step: Step, detail: dict[str, Scalar]) -> None:
    number = len(await storage.calls.journey("c1")) + 50
    await storage.calls.note(
        JourneyStep(call_id="c1", number=number, at=clock.now(), step=step, detail=detail)
    )
    await storage.calls.flush()
