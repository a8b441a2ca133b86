from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, update

from hotline.access.permissions import Role
from hotline.calls.call import Direction, Outcome, Recording, VoiceMessage
from hotline.calls.history import CallFilter, CallNote, Position
from hotline.line.presence_states import Presence
from storage.store import Storage
from storage.tables import calls, talks
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON, FixedClock
from tests.storage.past_calls import call

MARIA, IVAN = "+380457900001", "+380457900002"


async def user(storage: Storage) -> int:
    return (await storage.users.add(login="olya", name="Оля", role=Role.HEAD, password_hash="h")).id


async def ids(storage: Storage, wanted: CallFilter) -> Sequence[str]:
    return [past.call.id for past in await storage.history.find(wanted, limit=10)]


async def test_calls_are_found_by_day_number_outcome_and_as_missed(storage: Storage) -> None:
    await call(storage, "c1", MARIA, 1, Outcome.TALKED)
    await call(storage, "c2", IVAN, 2, Outcome.ABANDONED_IN_LINE)
    await call(storage, "c3", MARIA, 3, Outcome.LOST)
    await call(storage, "c4", None, 4)
    assert await ids(storage, CallFilter()) == ["c4", "c3", "c2", "c1"]
    assert await ids(storage, CallFilter(number=MARIA)) == ["c3", "c1"]
    assert await ids(storage, CallFilter(missed=True)) == ["c3", "c2"]
    assert await ids(storage, CallFilter(outcome=Outcome.TALKED)) == ["c1"]
    since, until = NOON + timedelta(minutes=2), NOON + timedelta(minutes=4)
    assert await ids(storage, CallFilter(since=since, until=until)) == ["c3", "c2"]


async def test_calls_are_found_by_who_talked_and_show_how_long(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, NOON)
    await call(storage, "c1", MARIA, 1, Outcome.TALKED)
    await call(storage, "c2", IVAN, 2, Outcome.TALKED)
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    assert await storage.line.answered("c1", desk.id, NOON)
    await storage.line.talk_ended("c1", desk.id, NOON + timedelta(seconds=42), wrap_up=timedelta(0))
    (found,) = await storage.history.find(CallFilter(dispatcher_id=desk.id), limit=10)
    assert (found.call.id, found.dispatchers, found.talk_seconds) == ("c1", (desk.id,), 42.0)


async def test_one_dispatchers_calls_are_walked_page_by_page_each_once_though_talked_in_twice(
    storage: Storage,
) -> None:
    olya = (await storage.dispatchers.add("201", "Оля", "s", frozenset())).id
    petro = (await storage.dispatchers.add("202", "Петро", "s", frozenset())).id
    for number in range(10):
        await call(storage, f"c{number}", MARIA if number % 2 else IVAN, number, Outcome.TALKED)
    talked = [(number, olya) for number in range(9)] + [(3, petro), (3, olya), (9, petro)]
    rows = [
        {"call_id": f"c{number}", "dispatcher_id": who, "started_at": NOON + timedelta(minutes=number + 1)}
        for number, who in talked
    ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(talks), rows)
    wanted, seen, behind = CallFilter(dispatcher_id=olya), [], None
    while page := await storage.history.find(wanted, limit=2, behind=behind):
        seen += [past.call.id for past in page]
        behind = Position(arrived_at=page[-1].call.arrived_at, call_id=page[-1].call.id)
    assert seen == [f"c{number}" for number in reversed(range(9))]
    assert await ids(storage, replace(wanted, number=MARIA)) == ["c7", "c5", "c3", "c1"]
    assert await ids(storage, replace(wanted, outcome=Outcome.LOST)) == []
    until = NOON + timedelta(minutes=3)
    assert await ids(storage, replace(wanted, since=NOON + timedelta(minutes=1), until=until)) == ["c2", "c1"]
    assert await ids(storage, CallFilter(dispatcher_id=petro)) == ["c9", "c3"]


async def test_calls_of_either_direction_are_found_and_ours_are_never_missed(storage: Storage) -> None:
    await call(storage, "in", MARIA, 1, Outcome.LOST)
    await call(storage, "out", MARIA, 2, Outcome.LOST)
    async with storage.database.writing() as connection:
        await connection.execute(update(calls).where(calls.c.id == "out").values(direction="outgoing"))
    assert await ids(storage, CallFilter(direction=Direction.OUTGOING)) == ["out"]
    assert await ids(storage, CallFilter(direction=Direction.INCOMING)) == ["in"]
    assert await ids(storage, CallFilter(missed=True)) == ["in"]


async def test_the_calls_of_the_same_number_before_and_after_are_found(storage: Storage) -> None:
    for number in range(7):
        await call(storage, f"c{number}", MARIA, number)
    await call(storage, "other", IVAN, 3)
    await call(storage, "hidden", None, 3)
    middle, hidden = await storage.calls.find("c3"), await storage.calls.find("hidden")
    assert middle
    assert hidden
    earlier, later = await storage.history.around(middle, 2)
    assert [[one.id for one in some] for some in (earlier, later)] == [["c2", "c1"], ["c5", "c4"]]
    assert await storage.history.around(hidden, 2) == ((), ())


async def test_twenty_thousand_calls_are_walked_page_by_page_without_gap_or_repetition(
    storage: Storage,
) -> None:
    row = {"shown": "", "language": "uk", "recording_refused": False}
    many = [
        row | {"id": f"c{number:05}", "arrived_at": NOON + timedelta(seconds=number // 3), "number": MARIA}
        for number in range(20_000)
    ]
    async with storage.database.writing() as connection:
        await connection.execute(insert(calls), many)
    seen, behind = 0, None
    last = "c99999"
    while page := await storage.history.find(CallFilter(), limit=2_000, behind=behind):
        for past in page:
            assert past.call.id < last
            last = past.call.id
        seen += len(page)
        behind = Position(arrived_at=page[-1].call.arrived_at, call_id=page[-1].call.id)
    assert seen == 20_000


async def test_a_page_is_read_along_an_index() -> None:
    explain = "EXPLAIN QUERY PLAN SELECT * FROM calls WHERE {} ORDER BY arrived_at DESC, id DESC LIMIT 50"
    async with fresh_storage(FixedClock()) as opened, opened.database.reading() as connection:
        for condition, index in {
            "arrived_at <= '2026'": "ix_calls_arrived_at",
            "number = '1' AND arrived_at <= '2026'": "ix_calls_of_number",
            "outcome = 'talked' AND arrived_at <= '2026'": "ix_calls_outcome",
        }.items():
            plan = await connection.exec_driver_sql(explain.format(condition))
            assert index in str(plan.all())


async def test_notes_of_the_desk_and_later_ones_stand_in_the_order_of_time(storage: Storage) -> None:
    who = await user(storage)
    await storage.drafts.save(who, "c1", "Немає води", NOON)
    await storage.drafts.put_aside(who, "c2", NOON)
    later = CallNote(call_id="c1", user_id=who, at=NOON + timedelta(minutes=1), text="Дали\0")
    await storage.history.add_note(later)
    typed = CallNote(call_id="c1", user_id=who, at=NOON, text="Немає води")
    assert await storage.history.notes("c1") == [typed, replace(later, text="Дали\ufffd")]
    assert not await storage.history.notes("c2")


async def test_a_message_is_heard_once(storage: Storage) -> None:
    message = VoiceMessage(id="m1", call_id="c1", number=MARIA, file="/m1.wav", began_at=NOON)
    await storage.calls.keep_message(message)
    await storage.history.message_heard("m1", NOON)
    await storage.history.message_heard("m1", NOON + timedelta(minutes=1))
    assert await storage.history.messages("c1") == [replace(message, heard_at=NOON)]
    assert await storage.history.message("m1") == replace(message, heard_at=NOON)
    assert await storage.history.message("m2") is None


async def test_a_recording_is_found_by_its_id(storage: Storage) -> None:
    desk = await storage.dispatchers.add("201", "Оля", "s", frozenset())
    kept = Recording(
        id="r1", call_id="c1", dispatcher_id=desk.id, started_at=NOON, caller_file="a", dispatcher_file="b"
    )
    await storage.calls.keep_recording(kept)
    assert await storage.history.recording("r1") == kept
    assert await storage.history.recording("r2") is None
