"""Terms of keeping, on both databases: nothing that names a person outlives them, what is held stays."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select, update

from hotline.access.permissions import Role
from hotline.calls.call import Outcome
from hotline.errors import NotFound
from hotline.retention.holds import HeldThing
from hotline.retention.terms import Kind, Retention
from storage.retention.rules import RULES
from storage.store import Storage
from storage.tables import (
    appeal_files,
    appeal_history,
    appeals,
    calls,
    citizens,
    journey_steps,
    keyed_requests,
    known_numbers,
    metadata,
    notices,
)
from tests.storage.conftest import NOON
from tests.storage.past_calls import call, recording

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
KEPT = Retention()
NUMBER = "+380671112201"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "design" / "keeping.md"
LATER = NOON + timedelta(days=10_000)


async def put(storage: Storage, table: Table, **values: Any) -> Any:
    async with storage.database.writing() as connection:
        return (await connection.execute(insert(table).values(values).returning(*table.primary_key))).one()[0]


async def count(storage: Storage, table: Table) -> int:
    async with storage.database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def row(storage: Storage, table: Table) -> Mapping[str, Any]:
    async with storage.database.reading() as connection:
        return (await connection.execute(select(table))).mappings().one()


async def head(storage: Storage) -> int:
    return (await storage.users.add(login="head", name="Head", role=Role.HEAD, password_hash="x")).id


async def known(storage: Storage) -> int:
    """Add a citizen of long ago who has called once."""
    who = await storage.citizens.add("Ганна Зразкова", "Київський квартал, 7", [NUMBER])
    async with storage.database.writing() as connection:
        await connection.execute(update(citizens).values(noted_at=NOON))
    await call(storage, "c1", NUMBER, 0, Outcome.TALKED)
    return who.id


async def appealed(storage: Storage, applicant: int | None, state: str = "closed") -> None:
    """Add an appeal by that call, sent by a program, with a line of history, a notice of it, and a photo."""
    await put(
        storage,
        appeals,
        number="2600001",
        applicant_number=NUMBER,
        applicant_id=applicant,
        text="Немає води",
        state=state,
        registered_at=NOON,
        state_since=NOON,
        due_on=NOON.date(),
        call_id="c1",
        idempotency_key="api:1:registered",
    )
    await put(storage, keyed_requests, key="api:1:registered", fingerprint="x")
    entry = await put(
        storage,
        appeal_history,
        number="2600001",
        version=1,
        at=NOON,
        act="register",
        part="dispatcher",
        state_after="registered",
        said="",
        hidden=False,
        facts={"text": "Немає води"},
    )
    told = {"number": "2600001", "entry_id": entry, "recipient": "applicant:2600001", "channel": "sms"}
    about = {"address": NUMBER, "about": "register", "facts": {}, "provider_id": "", "fault": "", "tries": 1}
    moments = {"owed_at": NOON, "due_at": NOON, "changed_at": NOON}
    await put(storage, notices, **told, **about, **moments, state="sent")
    photo = {"number": "2600001", "key": "abcdef", "name": "фото.jpg", "media_type": "image/jpeg"}
    await put(storage, appeal_files, **photo, bytes=1, sha256="x", uploaded_at=NOON)


def test_each_table_has_its_term_or_the_reason_why_it_has_none() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    assert set(metadata.tables) - told == set()


def test_each_kind_stands_on_the_page_with_its_days() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind in Kind:
        (line,) = re.findall(rf"^\| {kind.value}, .*$", page, re.MULTILINE)
        assert f"| {KEPT.of(kind).days}" in line, kind


def test_a_rule_for_one_persons_data_is_reached_by_legal_holds() -> None:
    of_nobody = {"sign_in_attempts", "presence_history", "roster_wishes", "audit", "consultations", "surveys"}
    of_nobody |= {"meeting_invitees", "involvements", "camera_stills", "camera_watches"}
    of_nobody |= {"equipment_changes", "equipment_watches", "equipment_measures"}
    assert {rule.table.name for rule in RULES if not rule.held} == of_nobody


async def test_a_preview_counts_what_the_sweep_deletes(storage: Storage) -> None:
    await appealed(storage, await known(storage))
    due = {(one.kind, one.table): one.rows for one in await storage.retention.due(KEPT, LATER)}
    assert due[Kind.APPEALS, "appeals"] == 1
    assert await count(storage, notices) == 1
    assert await storage.retention.sweep(KEPT, LATER) >= due[Kind.APPEALS, "appeals"]


async def test_of_an_ended_appeal_what_is_counted_stays_and_nobody(storage: Storage) -> None:
    await appealed(storage, await known(storage))
    ended = NOON + KEPT.appeals
    await storage.retention.sweep(KEPT, ended)
    assert (await row(storage, appeals))["text"] == "Немає води"
    assert (await row(storage, calls))["number"] == NUMBER  # the call of an appeal stays with it
    await storage.retention.sweep(KEPT, ended + SECOND)
    left = await row(storage, appeals)
    assert (left["text"], left["applicant_number"], left["applicant_id"]) == ("", None, None)
    assert (left["number"], left["state"]) == ("2600001", "closed")
    for gone in (appeal_history, notices, appeal_files, keyed_requests):
        assert await count(storage, gone) == 0
    assert [(one.kind, one.name) for one in await storage.retention.doomed()] == [(Kind.APPEALS, "abcdef")]
    was = await row(storage, calls)
    assert (was["number"], was["shown"], was["outcome"]) == (None, "", "talked")
    for gone in (citizens, known_numbers, journey_steps):
        assert await count(storage, gone) == 0


async def test_an_open_appeal_keeps_all_that_belongs_to_it(storage: Storage) -> None:
    await appealed(storage, await known(storage), state="in-work")
    await storage.calls.keep_recording(recording("c1"))
    await storage.retention.sweep(KEPT, LATER)
    assert (await row(storage, appeals))["text"] == "Немає води"
    assert (await row(storage, calls))["number"] == NUMBER
    assert await count(storage, citizens) == 1
    assert await storage.retention.doomed() == []


async def test_a_citizen_who_called_a_short_while_ago_is_still_known(storage: Storage) -> None:
    await known(storage)
    await storage.retention.sweep(KEPT, NOON + KEPT.citizens)
    assert await count(storage, citizens) == 1
    await storage.retention.sweep(KEPT, NOON + KEPT.citizens + DAY)
    assert await count(storage, citizens) == 0


@pytest.mark.parametrize("thing", list(HeldThing))
async def test_nothing_that_hangs_on_a_legal_hold_is_deleted_before_it_is_lifted(
    storage: Storage, thing: HeldThing
) -> None:
    citizen = await known(storage)
    await appealed(storage, citizen)
    await storage.calls.keep_recording(recording("c1"))
    subject = {HeldThing.APPEAL: "2600001", HeldThing.CALL: "c1", HeldThing.CITIZEN: str(citizen)}[thing]
    by = await head(storage)
    hold = await storage.holds.place(thing, subject, reason="суд", by=by, at=NOON)
    again = await storage.holds.place(thing, subject, reason="ще раз", by=by, at=LATER)
    assert again == hold
    await storage.retention.sweep(KEPT, LATER)
    assert (await row(storage, appeals))["text"] == "Немає води"
    assert (await row(storage, calls))["number"] == NUMBER
    assert [await count(storage, one) for one in (citizens, notices, appeal_files)] == [1, 1, 1]
    assert await storage.retention.doomed() == []
    await storage.holds.lift(hold.id, by=by, at=LATER)
    assert await storage.holds.find(thing, subject) is None
    assert await storage.holds.standing() == []
    await storage.retention.sweep(KEPT, LATER)
    assert [await count(storage, one) for one in (citizens, notices, appeal_files)] == [0, 0, 0]
    assert len(await storage.retention.doomed()) == 4


async def test_only_what_there_is_can_be_held(storage: Storage) -> None:
    by = await head(storage)
    for thing, subject in ((HeldThing.APPEAL, "1"), (HeldThing.CALL, "1"), (HeldThing.CITIZEN, "1")):
        with pytest.raises(NotFound):
            await storage.holds.place(thing, subject, reason="суд", by=by, at=NOON)
    with pytest.raises(NotFound):
        await storage.holds.lift(7, by=by, at=NOON)


async def test_the_deletion_log_counts_one_run_in_one_line_and_names_nobody(storage: Storage) -> None:
    await appealed(storage, await known(storage))
    await storage.retention.sweep(KEPT, LATER)
    lines = await storage.retention.latest()
    assert {one.kind for one in lines} == {Kind.APPEALS, Kind.CALLS, Kind.CITIZENS}
    (of_appeals,) = (one for one in lines if one.kind is Kind.APPEALS)
    assert (of_appeals.rows, of_appeals.files, of_appeals.until) == (1, 1, LATER - KEPT.appeals)
    assert NUMBER not in repr(lines)
