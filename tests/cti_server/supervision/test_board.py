"""The board shows calls and desks as they stand; what is done from it is on record."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from cti_server.supervision.watch import BOARD, BoardWatch
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.events import LineChanged
from hotline.line.line import Dispatcher
from hotline.supervision.listening import Mode
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.fakes.telephone import FakeTelephone

LISTEN = {"call": "talk", "mode": "listen", "ground": "complaint"}


async def test_calls_and_desks_stand_there_with_numbers_masked(chief: Person, desk: Dispatcher) -> None:
    text = await chief.text("/board")
    assert "Дзвінки: 2" in text
    assert "Ірина Гнатюк (201)" in text
    assert "Натиснуто: відключення" in text
    assert "+380671112233" not in text
    assert text.count('data-act="listen"') == 2, "one talk can be listened to"
    del desk


async def test_a_head_without_a_desk_watches_and_is_told_what_listening_takes(
    head: Person, desk: Dispatcher
) -> None:
    text = await head.text("/board")
    assert 'data-act="listen"' not in text
    assert "потрібне власне робоче місце" in text
    assert (await head.post("/board/listen", LISTEN)).status == 404
    del desk


async def test_each_part_that_is_taken_stands_in_the_audit_log_with_its_ground(
    chief: Person, desk: Dispatcher, telephone: FakeTelephone, storage: Storage
) -> None:
    assert (await chief.post("/board/listen", LISTEN)).status == 204
    assert (await chief.post("/board/mode", {"mode": "whisper"})).status == 204
    assert (await chief.post("/board/take-over", {})).status == 204
    assert (await chief.post("/board/leave", {})).status == 204
    assert [act for act, _, _ in telephone.asked] == ["listen", "mode", "take-over", "stop"]
    entries = [one for one in await storage.audit.latest() if one.action == "supervise"][::-1]
    assert {one.subject for one in entries} == {"call:talk"}
    whose = f"dispatcher:{desk.id}"
    assert [one.detail for one in entries] == [
        f"listen complaint {whose}",
        f"whisper {whose}",
        f"take-over {whose}",
        f"left {whose}",
    ]
    text = await chief.text("/admin/audit?action=supervise")
    assert "слухає" in text
    assert "скарга" in text


@pytest.mark.parametrize("by_key", [True, False], ids=["by the key", "by hanging up"])
async def test_leaving_stands_in_the_audit_log_once(
    chief: Person,
    desk: Dispatcher,
    watch: BoardWatch,
    *,
    telephone: FakeTelephone,
    storage: Storage,
    clock: MovedClock,
    by_key: bool,
) -> None:
    await chief.post("/board/listen", LISTEN)
    await watch.look()
    if by_key:
        await chief.post("/board/leave", {})
        watch.tell(LineChanged(at=clock.now()))
        await watch.look()  # the exchange has not ended it yet
    telephone.on_talks.clear()
    for _ in range(2):
        watch.tell(LineChanged(at=clock.now()))
        await watch.look()
    entries = [one for one in await storage.audit.latest() if one.action == "supervise"]
    head = next(one.id for one in await storage.users.all() if one.role is Role.HEAD)
    assert [(one.detail, one.user_id) for one in entries[:-1]] == [(f"left dispatcher:{desk.id}", head)]


async def test_what_is_refused_is_said_and_not_on_record(
    chief: Person, desk: Dispatcher, telephone: FakeTelephone, storage: Storage
) -> None:
    telephone.engaged = True
    refused = await chief.post("/board/listen", LISTEN)
    assert refused.status == 409
    assert "Зараз це неможливо" in (await refused.json())["message"]
    telephone.away = True
    assert (await chief.post("/board/mode", {"mode": "join"})).status == 503
    assert (await chief.post("/board/mode", {"mode": "shout"})).status == 400
    assert [one for one in await storage.audit.latest() if one.action == "supervise"] == []
    del desk


async def test_a_board_hears_that_something_has_changed_and_nothing_else(
    desk: Dispatcher, watch: BoardWatch, storage: Storage, clock: MovedClock
) -> None:
    with watch.looking() as onlooker:
        await watch.look()
        assert await onlooker.next() == [BOARD]
        watch.tell(LineChanged(at=clock.now()))
        await watch.look()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await onlooker.next()
        await storage.line.talk_ended("talk", desk.id, clock.now(), wrap_up=timedelta())
        watch.tell(LineChanged(at=clock.now()))
        await watch.look()
        assert await onlooker.next() == [BOARD]


async def test_nobody_goes_on_listening_after_the_days_of_an_acting_head(
    desk: Dispatcher,
    watch: BoardWatch,
    *,
    telephone: FakeTelephone,
    storage: Storage,
    clock: MovedClock,
    users: Mapping[Role, User],
) -> None:
    own, now, head = (
        await storage.dispatchers.add("208", "Тарас", "s", frozenset()),
        clock.now(),
        users[Role.HEAD].id,
    )
    await storage.users.update(replace(users[Role.DISPATCHER], dispatcher_id=own.id))
    who, until = users[Role.DISPATCHER].id, now + timedelta(days=1)
    named = await storage.acting_heads.name(who, now, until, order="№ 1", by=head, at=now)
    await telephone.listen_in(own.id, "talk", Mode.WHISPER)
    await watch.look()
    assert [act for act, _, _ in telephone.asked] == ["listen"]
    await storage.acting_heads.end(named.id, head, now)
    await watch.look()
    assert telephone.asked[1:] == [("stop", own.id, "")]
    del desk


async def test_a_closed_account_listens_to_nobody(
    chief: Person, desk: Dispatcher, watch: BoardWatch, *, telephone: FakeTelephone, storage: Storage
) -> None:
    await chief.post("/board/listen", LISTEN)
    await watch.look()
    assert [act for act, _, _ in telephone.asked] == ["listen"]
    (one,) = [user for user in await storage.users.all() if user.role is Role.HEAD]
    await storage.users.update(replace(one, active=False))
    await watch.look()
    assert telephone.asked[1:] == [("stop", one.dispatcher_id, "")]
    del desk


async def test_by_an_order_dispatchers_do_not_see_who_listens(chief: Person, storage: Storage) -> None:
    assert (await chief.post("/board/order", {"number": "", "dated": "01.01.2020"})).status == 422
    assert (await chief.post("/board/order", {"number": "5", "dated": "01.01.2999"})).status == 422
    assert (await chief.post("/board/order", {"number": " 15-к ", "dated": "01.01.2020"})).status == 303
    assert "За наказом № 15-к від 01.01.2020" in await chief.text("/board")
    await chief.post("/board/order", {"number": "16", "dated": "02.01.2020"})
    standing = await storage.listening_orders.standing()
    assert standing is not None
    assert standing.number == "15-к"
    assert (await chief.post("/board/order/end", {})).status == 303
    assert await storage.listening_orders.standing() is None
