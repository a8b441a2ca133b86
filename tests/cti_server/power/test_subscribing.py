"""Subscribing to changes of the power: confirmed by a code, told in time, ended by the link of a message."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.outages.public.routes import add_subscribing
from hotline.access.permissions import Role
from hotline.contact.channel import Channel
from hotline.contact.codes import MOST_A_DAY
from hotline.delivery.answering import AnswerLinks
from hotline.delivery.recipient_links import RecipientLinks
from hotline.delivery.wording import House, Wording, utf16
from hotline.power.accounts import AccountQueues
from hotline.power.reading import read_told
from hotline.power.subscribers import TellsOfPower
from service.wiring.delivery import link_of
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.cti_server.outages.public.conftest import ADDRESS, LINKS, subscribing_sources
from tests.cti_server.test_in_browser import opened_window
from tests.fakes.power import published

MOBILE = "+380671234567"
FORM = {"about": "power", "address": "Київський квартал, 3", "contact": MOBILE, "minutes": "15"}
HERE = "/outages/subscribe"


@pytest.fixture
def app(app: web.Application, storage: Storage) -> web.Application:
    add_subscribing(app, subscribing_sources(storage))
    return app


class Phone:
    """The mobile telephone of the subscriber: what is owed to it by short message."""

    def __init__(self, storage: Storage, clock: MovedClock) -> None:
        self._storage, self._clock = storage, clock
        self._tells = TellsOfPower(
            schedules=storage.power,
            outages=storage.outages,
            subscribers=storage.power_subscribers,
            clock=clock,
            zone=KYIV,
        )

    async def owed(self) -> None:
        """Let the service look, and go away before anything is sent."""
        await self._tells.round()

    async def messages(self) -> Sequence[str]:
        """Let the service look, and give what came."""
        await self.owed()
        wording = Wording(House(number="1580", zone=KYIV))
        links = (
            AnswerLinks(key=b"", address="", within=timedelta()),
            LINKS,
            RecipientLinks(key=b"", address=""),
        )
        owed = await self._storage.outbox.claim((Channel.SMS,), self._clock.now())
        for one in owed:
            await self._storage.outbox.sent(one.id, self._clock.now())
        return [wording.message(one, link=link_of(one, *links)).text for one in owed]

    async def told_otherwise(self, off: dict[int, str], made: str) -> None:
        """Let the supplier publish another schedule."""
        now = self._clock.now()
        content = published(now.astimezone(KYIV).date(), {"4.1": off}, update=made)
        await self._storage.power.take(read_told(content, heard_at=now, zone=KYIV), source="file", by=None)


@pytest.fixture
def phone(storage: Storage, clock: MovedClock) -> Phone:
    return Phone(storage, clock)


async def subscribed(person: Person, phone: Phone) -> None:
    path = (await person.post(HERE, FORM)).headers["Location"]
    (text,) = await phone.messages()
    assert (await person.post(path, {"code": text[:6]})).status == 303


def at(clock: MovedClock, hour: int, minute: int) -> None:
    local = clock.now().astimezone(KYIV)
    clock.pass_(seconds=(local.replace(hour=hour, minute=minute, second=0) - local).total_seconds())


@pytest.mark.usefixtures("told")
async def test_a_resident_is_told_before_each_change_and_anew_when_it_moves(
    person: Person, phone: Phone, clock: MovedClock
) -> None:
    page = await person.text(f"{HERE}?about=power&address=Київський квартал, 3")
    assert "За скільки до кожної зміни" in page
    await subscribed(person, phone)
    assert await phone.messages() == []
    at(clock, 17, 45)
    (text,) = await phone.messages()
    assert text.startswith("Київський квартал, 3: світла не буде з 18:00 до 20:00. Стоп: ")
    assert utf16(text) <= 134
    assert await phone.messages() == []
    await phone.told_otherwise({20: "no", 21: "no"}, f"{clock.now():%d.%m.%Y} 17:46")
    clock.pass_(seconds=60)
    (moved,) = await phone.messages()
    assert moved.startswith("Графік змінили. Київський квартал, 3: світла не буде з 19:00 до 21:00. Стоп: ")
    (link,) = re.findall(rf"{ADDRESS}(/\S+)", moved)
    assert "світло за графіком, Київський квартал, 3" in await person.text(link)
    await person.post(link)
    at(clock, 18, 50)
    assert await phone.messages() == []


@pytest.mark.usefixtures("told")
async def test_what_lay_there_while_the_service_was_away_is_not_told_behind_its_change(
    person: Person, phone: Phone, clock: MovedClock
) -> None:
    await subscribed(person, phone)
    at(clock, 17, 45)
    await phone.owed()
    clock.pass_(seconds=3 * 24 * 3600)  # no schedule is known any more either
    assert await phone.messages() == []


@pytest.mark.usefixtures("told")
async def test_a_strangers_number_gets_some_codes_a_day_and_nothing_else(
    person: Person, phone: Phone, clock: MovedClock
) -> None:
    statuses = [
        (await person.post(HERE, FORM | {"minutes": one})).status for one in ("15", "30", "60", "15", "15")
    ]
    assert statuses.count(303) == MOST_A_DAY
    assert len(await phone.messages()) == MOST_A_DAY
    at(clock, 17, 45)
    assert await phone.messages() == []
    at(clock, 19, 45)
    assert await phone.messages() == []


@pytest.mark.usefixtures("told")
async def test_a_house_without_a_queue_and_forged_fields(
    person: Person, phone: Phone, clock: MovedClock
) -> None:
    refused = await person.post(HERE, FORM | {"address": "Київський квартал, 40"})
    assert refused.status == 422
    assert "черги цього будинку" in await refused.text()
    assert (await person.post(HERE, FORM | {"address": "Київський квартал"})).status == 422
    path = (await person.post(HERE, FORM | {"minutes": "-5", "quiet_from": "x"})).headers["Location"]
    (text,) = await phone.messages()
    await person.post(path, {"code": text[:6]})
    at(clock, 17, 31)
    assert len(await phone.messages()) == 1


@pytest.mark.system
@pytest.mark.usefixtures("told")
async def test_the_form_and_the_widget_are_readable_in_all_sizes(
    server: TestServer, storage: Storage, clock: MovedClock
) -> None:
    user = await storage.users.add(login="petro", name="Петро", role=Role.HEAD, password_hash="-")
    await AccountQueues(storage.power_accounts, b"test").take(b"1234567890;4.1", clock.now(), by=user.id)
    async with opened_window(server) as window:
        await window.look(f"{HERE}?about=power&address=Київський квартал, 3", "power-subscribe")
        await window.look("/power/widget?address=Київський квартал, 3", "power-widget")
        await window.look("/power?account=unknown", "power-account")
    async with opened_window(server, java_script_enabled=False) as window:
        await window.open("/power?account=unknown")
        await window.page.get_by_label("Або за номером особового рахунку").fill("1234567890")
        await window.page.get_by_role("button", name="Знайти чергу").click()
        assert "Наступна зміна" in await window.page.content()
