"""A small town to be searched, and the pages that search it."""

from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord
from hotline.city.addresses import demo_streets
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard

NUMBER = "+380457900012"
APPEALS = (
    ("2600001", "У підвалі прорвало трубу, вода тече на сходи", "Київський квартал, 7, кв. 12"),
    ("2600002", "Не світить ліхтар біля під'їзду <b>вже</b> тиждень", "вулиця Атомників, 7"),
)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    return made


@pytest.fixture
async def town(storage: Storage, clock: MovedClock) -> None:
    now = clock.now()
    await storage.streets.add(demo_streets())
    await storage.citizens.add("Демченко Марія Іванівна", "Київський квартал, 7, кв. 12", [NUMBER])
    for minutes, (number, text, address) in enumerate(APPEALS):
        await storage.appeals.register(
            Appeal(
                number=number,
                applicant_number=NUMBER,
                text=text,
                state=AppealState.REGISTERED,
                registered_at=now + timedelta(minutes=minutes),
                due_on=now.date(),
                address=address,
            )
        )
    call = CallRecord(
        id="hotline-1.1", number=NUMBER, shown=NUMBER, arrived_at=now, language=Language.UKRAINIAN
    )
    await storage.calls.open(call)
    await storage.calls.flush()
