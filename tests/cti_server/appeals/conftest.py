"""The pages of appeals on real storage, a call in hand, and a filled-in form."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.card.sources import HandlingSources
from cti_server.appeals.form.routes import add_appeals
from cti_server.appeals.form.sources import AppealSources
from cti_server.appeals.list.routes import add_appeal_lists
from cti_server.appeals.list.sources import ListSources
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.control.sources import ControlSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import CallRecord
from hotline.city.addresses import demo_streets
from hotline.city_data.kinds import kept
from hotline.city_data.rows import rows_of, text_of, without
from hotline.city_data.tables import TABLES
from hotline.documents.document import DocumentKind, revision
from hotline.line.presence_states import Presence
from hotline.people.citizens import Citizen
from hotline.speech.live import LiveTalks
from hotline.voice.speech import Language
from service.node.bus import Bus
from service.wiring import desks
from storage.store import SLAVUTYCH, Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard, change

CALL = "hotline-1.1"
NUMBER = "+380457900001"
HOME = "Київський квартал, 7, кв. 12"


def appeal_sources(storage: Storage, clock: MovedClock, live: LiveTalks | None = None) -> AppealSources:
    return desks.appeal_sources(storage, KYIV, Bus(), clock, live=live)


def list_sources(storage: Storage, clock: MovedClock) -> ListSources:
    return desks.list_sources(storage, KYIV, clock)


def handling_sources(storage: Storage, clock: MovedClock) -> HandlingSources:
    return desks.handling_sources(storage, SLAVUTYCH, clock)


def control_sources(storage: Storage, clock: MovedClock) -> ControlSources:
    return desks.control_sources(storage, SLAVUTYCH, clock)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_appeal_lists(made, list_sources(storage, clock))
    return made


@pytest.fixture
async def maria(storage: Storage, clock: MovedClock) -> Citizen:
    """Lives with Ivan, with whom she shares a telephone; it is she who calls."""
    await storage.streets.add(demo_streets())
    one = await storage.citizens.add("Марія Демченко", HOME, [NUMBER])
    await storage.citizens.add("Іван Демченко", HOME, [NUMBER])
    await storage.calls.open(
        CallRecord(id=CALL, number=NUMBER, shown=NUMBER, arrived_at=clock.now(), language=Language.UKRAINIAN)
    )
    await storage.calls.flush()
    return one


@pytest.fixture
async def olena(  # noqa: PLR0917
    person: Person,
    accounts: Accounts,
    storage: Storage,
    users: Mapping[Role, User],
    clock: MovedClock,
    maria: Citizen,
) -> Person:
    """A dispatcher who talks with Maria."""
    del maria
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await storage.dispatchers.set_presence(desk.id, Presence.READY, clock.now())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=desk.id)
    await storage.line.enter(CALL, at=clock.now())
    await storage.line.pair(clock.now())
    clock.pass_(seconds=1)
    assert await storage.line.answered(CALL, desk.id, clock.now())
    clock.pass_(seconds=timedelta(minutes=1).total_seconds())
    await person.enter(Role.DISPATCHER.value)
    return person


@pytest.fixture
def filled(maria: Citizen) -> dict[str, str]:
    """A form without faults."""
    return {
        "call": CALL,
        "idempotency_key": "form-1",
        "text": "Немає гарячої води з ранку",
        "category": "hot-water-none",
        "category_search": "гар вод",
        "address": HOME,
        "applicant": str(maria.id),
        "kind": "application",
        "urgency": "",
        "consent": "yes",
    }


Goes = Callable[[], Awaitable[None]]
"""Takes the category of `filled` out of the classifier, while its form is open."""


@pytest.fixture
def hot_water_goes(storage: Storage, clock: MovedClock) -> Iterator[Goes]:
    documents, kind = storage.city_documents, DocumentKind.CLASSIFIER

    async def goes() -> None:
        present = await documents.present(kind)
        rows = rows_of(TABLES[kind], present.text)
        gone = next(at for at, row in enumerate(rows["category"]) if row["code"] == "hot-water-none")
        others = without(TABLES[kind], rows, TABLES[kind][0], gone)
        text, at = text_of(TABLES[kind], others), clock.now()
        draft = await documents.save_draft(kind, text, by=None, at=at, seen=revision(present.version, None))
        seen = revision(present.version, draft)
        await documents.put_into_force(kind, by=None, at=at, note="", seen=seen)

    with kept():
        yield goes
