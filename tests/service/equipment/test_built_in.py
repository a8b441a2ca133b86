"""The hotline's own checks: what each makes of the parts that it asks, in words of both languages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.equipment.catalogue import sentence
from hotline.equipment.items import Kind
from hotline.equipment.states import State
from hotline.retention.room import Room
from hotline.voice.speech import Language
from service.equipment.built_in import PROVIDED, BuiltIn
from storage.store import Storage
from tests.cti_server.conftest import SetBoard
from tests.fakes.clock import SetClock

PARTS = ("escalation", "journal", "database_log", "city_data", "recordings_key", "recordings_store")
WELL = dict.fromkeys(PARTS, True)


class Parts:
    """The parts that the checks ask, all well until a test says otherwise."""

    def __init__(self, storage: Storage, clock: SetClock, folder: Path) -> None:
        self.storage = storage
        self.clock = clock
        self.board = SetBoard()
        self.board.pace = dict(WELL)
        self.online: bool | None = True
        self.backup: datetime | None = clock.now()
        self._built_in = BuiltIn(
            board=self.board,
            equipment=storage.equipment,
            outbox=storage.outbox,
            trunk_online=self._trunk,
            last_backup=lambda: self.backup,
            folder=folder,
            clock=clock,
        )

    async def _trunk(self) -> bool | None:
        return self.online

    async def looks(self) -> Mapping[Kind, tuple[State, str]]:
        found = {}
        for kind, check in self._built_in.checks().items():
            look = await check(PROVIDED[kind])
            assert all(sentence(look, language) for language in Language)
            found[kind] = (look.state, look.said)
        return found

    async def amiss(self) -> Mapping[Kind, tuple[State, str]]:
        return {kind: found for kind, found in (await self.looks()).items() if found[0] is not State.IN_ORDER}


@pytest.fixture
def parts(storage: Storage, clock: SetClock, tmp_path: Path) -> Parts:
    return Parts(storage, clock, tmp_path)


async def test_all_that_is_well_is_in_order(parts: Parts) -> None:
    assert await parts.amiss() == {}


async def test_each_part_that_is_not_well_is_told(parts: Parts) -> None:
    parts.board.state = {"asterisk": False, "database": False}
    parts.online, parts.backup = None, None
    parts.board.pace |= {"journal": False, "recordings_key": False}
    parts.board.has_room = Room.SPENT
    assert await parts.amiss() == {
        Kind.ASTERISK: (State.OUT_OF_ORDER, "asterisk-away"),
        Kind.DATABASE: (State.OUT_OF_ORDER, "database-away"),
        Kind.TRUNK: (State.NOT_KNOWN, "trunk-not-known"),
        Kind.BACKUP: (State.DISTURBED, "backup-none"),
        Kind.SERVICE: (State.DISTURBED, "late-journal"),
        Kind.RECORDINGS: (State.OUT_OF_ORDER, "recordings-locked"),
        Kind.DISK: (State.OUT_OF_ORDER, "disk-spent"),
    }
    parts.online, parts.backup = False, parts.clock.now() - timedelta(days=3)
    parts.board.pace = WELL | {"recordings_store": False, "database_log": False}
    parts.board.has_room = Room.LOW
    found = await parts.amiss()
    assert found[Kind.TRUNK] == (State.OUT_OF_ORDER, "trunk-offline")
    assert found[Kind.BACKUP] == (State.DISTURBED, "backup-old")
    assert found[Kind.RECORDINGS] == (State.DISTURBED, "recordings-away")
    assert found[Kind.SERVICE] == (State.DISTURBED, "late-database_log")
    assert found[Kind.DISK] == (State.DISTURBED, "disk-low")


async def test_defects_count_for_an_hour_and_not_those_of_before(parts: Parts) -> None:
    parts.board.found = {"offer-rings": 2}
    assert Kind.SERVICE not in await parts.amiss()
    parts.board.found = {"offer-rings": 3}
    assert (await parts.amiss())[Kind.SERVICE] == (State.DISTURBED, "service-defects")


async def test_a_gateway_that_takes_nothing_is_told_and_so_is_what_waits(parts: Parts) -> None:
    new = NewNotice(
        matter="paper-1",
        to="office:a@example.org",
        channel=Channel.EMAIL,
        address="a@example.org",
        about="paper",
        facts=notice_facts(Language.UKRAINIAN),
    )
    now, outbox = parts.clock.now(), parts.storage.outbox
    await outbox.owe([new], now)
    assert await parts.amiss() == {}
    (claimed,) = await outbox.claim([Channel.EMAIL], now)
    await outbox.failed(claimed.id, now, "the server is away", again_in=timedelta(minutes=1))
    parts.clock.pass_by(30 * 60)
    assert await parts.amiss() == {
        Kind.QUEUE: (State.DISTURBED, "queue-waits"),
        Kind.MAIL: (State.OUT_OF_ORDER, "gateway-away"),
    }
    await outbox.claim([Channel.EMAIL], parts.clock.now())
    await outbox.sent(claimed.id, parts.clock.now())
    assert (await parts.looks())[Kind.MAIL] == (State.IN_ORDER, "gateway-sent")
