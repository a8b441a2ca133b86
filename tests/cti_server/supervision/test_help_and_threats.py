"""A dispatcher calls the head by one key and marks a threat by another; heads see both."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from cti_server.supervision.watch import BoardWatch
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import TRIAL_PREFIX
from hotline.events import LineChanged
from hotline.line.line import Dispatcher
from hotline.retention.holds import HeldThing
from hotline.supervision.threats import TAKEN_BACK_WITHIN
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.telephone import FakeTelephone


@pytest.fixture
async def iryna(person: Person, users: Mapping[Role, User], desk: Dispatcher, storage: Storage) -> Person:
    """The dispatcher who talks, signed in."""
    await storage.users.update(replace(users[Role.DISPATCHER], dispatcher_id=desk.id))
    await person.enter(users[Role.DISPATCHER].login)
    return person


async def test_in_a_trial_call_nothing_is_marked_as_a_threat(
    iryna: Person, desk: Dispatcher, storage: Storage, clock: MovedClock
) -> None:
    mark = 'data-post="/desk/threat"'
    assert mark in await iryna.text("/desk")
    await storage.line.talk_ended("talk", desk.id, clock.now(), wrap_up=timedelta())
    trial = f"{TRIAL_PREFIX}1"
    await storage.line.enter(trial, at=clock.now())
    assert await storage.line.pair(clock.now())
    assert await storage.line.answered(trial, desk.id, clock.now())
    shell = await iryna.text("/desk")
    assert "Покликати керівника" in shell
    assert mark not in shell
    assert (await iryna.post("/desk/threat", {"act": "mark"})).status == 409
    assert await storage.threats.standing() == []
    assert await storage.holds.standing() == []


async def test_help_is_asked_for_and_withdrawn_by_one_key(
    iryna: Person, desk: Dispatcher, storage: Storage
) -> None:
    assert (await iryna.post("/desk/help", {"act": "ask"})).status == 204
    assert (await iryna.post("/desk/help", {"act": "ask"})).status == 204
    (asked,) = await storage.help_requests.open()
    assert (asked.dispatcher_id, asked.call_id) == (desk.id, "talk")
    shell = await iryna.text("/desk")
    assert "Ви попросили допомоги керівника" in shell
    assert "Зараз ніхто з керівників не бачить табло." in shell
    assert (await iryna.post("/desk/help", {"act": "withdraw"})).status == 204
    assert await storage.help_requests.open() == []
    assert "Покликати керівника" in await iryna.text("/desk")


async def test_help_ends_with_the_talk_and_needs_one(
    iryna: Person, desk: Dispatcher, storage: Storage, clock: MovedClock
) -> None:
    await iryna.post("/desk/help", {"act": "ask"})
    await storage.line.talk_ended("talk", desk.id, clock.now(), wrap_up=timedelta())
    assert await storage.help_requests.open() == []
    assert (await iryna.post("/desk/help", {"act": "ask"})).status == 409


async def test_help_ends_when_a_head_is_on_the_talk_and_not_while_their_telephone_rings(
    chief: Person,
    desk: Dispatcher,
    watch: BoardWatch,
    *,
    telephone: FakeTelephone,
    storage: Storage,
    clock: MovedClock,
) -> None:
    await storage.help_requests.ask(desk.id, "talk", clock.now())
    text = await chief.text("/board")
    assert "Ірина Гнатюк просить допомоги" in text
    listen = {"call": "talk", "mode": "whisper", "ground": "help"}
    assert (await chief.post("/board/listen", listen)).status == 204
    (own,) = telephone.on_talks
    telephone.on_talks[:] = [replace(own, mode=None)]
    await watch.look()
    assert len(await storage.help_requests.open()) == 1, "the telephone rings"
    telephone.on_talks[:] = [own]
    watch.tell(LineChanged(at=clock.now()))
    await watch.look()
    assert await storage.help_requests.open() == []


async def test_a_threat_keeps_the_call_tells_the_head_and_offers_the_police(
    iryna: Person, desk: Dispatcher, storage: Storage, users: Mapping[Role, User]
) -> None:
    assert (await iryna.post("/desk/threat", {"act": "mark"})).status == 204
    hold = await storage.holds.find(HeldThing.CALL, "talk")
    assert hold is not None
    assert hold.reason == "Погрози під час дзвінка"
    assert "Залучити поліцію: 102" in await iryna.text("/desk")
    assert "Погрози: позначено" in await iryna.text("/calls/talk")
    await iryna.enter(users[Role.HEAD].login)
    assert "Погрози заявника: Ірина Гнатюк" in await iryna.text("/board")
    assert (await iryna.post("/board/threat-seen", {"call": "talk"})).status == 204
    assert "Погрози заявника" not in await iryna.text("/board")
    assert "Взято до відома" in await iryna.text("/calls/talk")
    details = [one.detail for one in await storage.audit.latest() if one.subject == "call:talk"]
    assert {"threat mark", "threat seen"} <= set(details)
    del desk


async def test_a_threat_is_taken_back_within_ten_minutes_by_who_marked_it(
    iryna: Person, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    await iryna.post("/desk/threat", {"act": "mark"})
    assert (await iryna.post("/desk/threat", {"act": "take-back"})).status == 204
    assert await storage.holds.find(HeldThing.CALL, "talk") is None
    assert "знято позначку" in await iryna.text("/calls/talk")
    await iryna.post("/desk/threat", {"act": "mark"})
    assert await storage.holds.find(HeldThing.CALL, "talk") is not None
    clock.moment += TAKEN_BACK_WITHIN + timedelta(seconds=1)
    assert (await iryna.post("/desk/threat", {"act": "take-back"})).status == 409
    assert await storage.holds.find(HeldThing.CALL, "talk") is not None
    del users


async def test_a_mark_of_the_dispatcher_before_is_not_offered_to_be_taken_back(
    iryna: Person, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    before = await storage.dispatchers.add("202", "Тарас", "s", frozenset())
    by = users[Role.HEAD].id
    await storage.threats.mark("talk", reason="погрози", dispatcher_id=before.id, by=by, at=clock.now())
    await storage.threats.see("talk", by=by)
    shell = await iryna.text("/desk")
    assert "Погрози: запис збережено" in shell, "it goes on in this talk, though a head has taken note of it"
    assert "Це не погрози" not in shell
    await storage.line.leave("talk", clock.now())
    assert await storage.threats.standing() == []


async def test_help_and_threats_are_acts_of_their_own(iryna: Person, storage: Storage) -> None:
    await iryna.post("/desk/help", {"act": "ask"})
    assert (await iryna.post("/desk/help", {"act": "mark"})).status == 400
    assert (await iryna.post("/desk/threat", {"act": "ask"})).status == 400
    assert len(await storage.help_requests.open()) == 1


async def test_a_head_without_a_desk_is_offered_no_telephone_to_help_by(
    head: Person, desk: Dispatcher, storage: Storage, clock: MovedClock
) -> None:
    await storage.help_requests.ask(desk.id, "talk", clock.now())
    text = await head.text("/board")
    assert "просить допомоги" in text
    assert 'data-post="/board/listen"' not in text


async def test_a_desk_shows_heads_alone_who_asks_for_help_after_a_gap_too(
    iryna: Person,
    chief: Person,
    desk: Dispatcher,
    *,
    storage: Storage,
    clock: MovedClock,
    users: Mapping[Role, User],
) -> None:
    await storage.help_requests.ask(desk.id, "talk", clock.now())
    for user, seen in ((Role.HEAD, True), (Role.DISPATCHER, False)):
        await iryna.enter(users[user].login)
        socket = await iryna.client.ws_connect("/desk/events", headers=iryna.origin)
        assert ("просить допомоги" in await socket.receive_str()) is seen
        assert ("просить допомоги" in await iryna.text("/desk")) is seen
        await socket.close()
    del chief


async def test_a_hold_of_the_heads_own_outlives_the_mark(
    iryna: Person, storage: Storage, users: Mapping[Role, User], clock: MovedClock
) -> None:
    head = users[Role.HEAD].id
    await storage.holds.place(HeldThing.CALL, "talk", reason="суд", by=head, at=clock.now())
    await iryna.post("/desk/threat", {"act": "mark"})
    await iryna.post("/desk/threat", {"act": "take-back"})
    hold = await storage.holds.find(HeldThing.CALL, "talk")
    assert hold is not None
    assert hold.reason == "суд"
