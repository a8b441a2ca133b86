"""A real city on a temporary database, and a clock that stands still."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.city_rules import CityRules
from hotline.dialling.calling_out import CallingRules
from hotline.line.kept_places import KeepingRules
from ivr_flows.ports import FlowPorts, MakesPhrases
from service.wiring.flows import flow_ports
from storage.store import Storage
from tests.fakes.alarm import FakeAlarm
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.desk import FakeDesk
from tests.fakes.heads_phone import HeadsPhone
from tests.fakes.register import Register
from tests.fakes.towns import plays as play_anew

KYIV = ZoneInfo("Europe/Kyiv")
CODE_KEY = b"tests"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(clock: SetClock) -> AsyncIterator[Storage]:
    async with fresh_storage(clock) as opened:
        yield opened


@pytest.fixture
async def phone(storage: Storage) -> HeadsPhone:
    """The head, whose code is known, and what they dictate."""
    head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
    return HeadsPhone(head=head, messages=storage.city_messages)


@pytest.fixture
def alarm() -> FakeAlarm:
    return FakeAlarm()


@pytest.fixture
def read_ahead() -> list[MakesPhrases]:
    """The phrases that conversations have asked to be read aloud ahead."""
    return []


@pytest.fixture
def city(
    storage: Storage, clock: SetClock, phone: HeadsPhone, alarm: FakeAlarm, read_ahead: list[MakesPhrases]
) -> FlowPorts:
    return flow_ports(
        storage,
        rules=CityRules(timezone=KYIV),
        clock=clock,
        alarm=alarm,
        keeping=KeepingRules(dialable=CallingRules().dialable_by_itself),
        codes=phone,
        dictated=phone.dictated,
        recorded=phone.recorded,
        read_ahead=lambda phrases, _language: read_ahead.append(phrases),
        announce_seconds=30,
        skill_wait=timedelta(seconds=20),
        code_key=CODE_KEY,
    )


@pytest.fixture
def desk(storage: Storage, clock: SetClock) -> FakeDesk:
    return FakeDesk(storage, clock)


@pytest.fixture
async def appeal(storage: Storage, clock: SetClock) -> Appeal:
    one = Appeal(
        number="1001",
        applicant_number="+380457900001",
        text="Не світить ліхтар",
        state=AppealState.IN_WORK,
        registered_at=clock.now(),
        due_on=(clock.now() + timedelta(days=15)).date(),
    )
    await storage.appeals.register(one)
    return one


@pytest.fixture
def register(storage: Storage, clock: SetClock) -> Register:
    return Register(storage, clock)


@pytest.fixture
def plays() -> Callable[[str], Awaitable[None]]:
    """What a test that `hotline talk --journey` has printed calls with its conversation."""
    return play_anew
