"""The pages of chats on real storage, with the real flows behind them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.auth.rates import WrongTokens
from cti_server.chats.gateway_hook import GatewayHook
from cti_server.chats.routes import add_chats
from cti_server.chats.sms_hook import IncomingSms, Sms
from cti_server.chats.sources import ChatSources
from cti_server.frame.pages import Pages
from cti_server.keys import REPORTING, Accounts
from cti_server.outages.public.routes import add_public_outages
from hotline.appeals.attachments import FileLimits
from hotline.calls.interpreters import Interpreters
from hotline.city.city_rules import CityRules
from hotline.portal.reporting import Reporting
from hotline.retention.terms import Retention
from service.wiring.chats import chat_ports, chat_sources, conversations_on, reports_of_chats
from service.wiring.messengers import VIBER_PATH, WHATSAPP_PATH
from service.wiring.portal import reporting
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.outages.public.conftest import public_sources
from tests.service.chats.test_reports import Deaf

KEPT = Retention().chats


def chat_sources_on(
    storage: Storage, clock: MovedClock, kept: timedelta = KEPT, by: Reporting | None = None
) -> ChatSources:
    """Make the chats; `by` registers what is reported in them."""
    city = chat_ports(storage, clock, CityRules(timezone=KYIV), code_key=b"key")
    made = conversations_on(storage, clock, city)
    if by is not None:
        made.register(reports_of_chats(storage, by, clock))
    return chat_sources(storage, made, clock, kept=kept)


async def no_news(news: bytes) -> None:
    """Take what Telegram brings, and do nothing with it."""
    del news


def no_gateways() -> Sequence[GatewayHook]:
    """Make the hooks of gateways, with nobody behind them and nobody who knows their word."""

    async def told(news: bytes) -> Mapping[str, str]:
        del news
        return {}

    def never(*_given: object) -> bool:
        return False

    def unknown(asked: Mapping[str, str]) -> str | None:
        del asked
        return None

    return [
        GatewayHook(path=VIBER_PATH, proves=never, told=told),
        GatewayHook(path=WHATSAPP_PATH, proves=never, told=told, challenged=unknown),
    ]


def no_sms(clock: MovedClock) -> IncomingSms:
    """Make the door of short messages, with nobody behind it."""

    async def take(name: str, sender: str, text: str) -> None:
        del name, sender, text

    def read(said: Any) -> Sms | None:
        return Sms(name=said["id"], sender=said["from"], text=said["text"]) if "id" in said else None

    return IncomingSms(secret="word-of-the-gateway", read=read, take=take, clock=clock, wrong=WrongTokens(10))


@pytest.fixture
def kept() -> timedelta:
    """The time for which chats are kept; tests choose another."""
    return KEPT


@pytest.fixture
def registers(storage: Storage, clock: MovedClock, tmp_path: Path) -> Reporting:
    store = AttachmentFolder(tmp_path / "evidence", FileLimits())
    store.prepare()
    return reporting(storage, KYIV, store=store, events=Deaf(), key=b"key", clock=clock)


@pytest.fixture
def app(
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    kept: timedelta,
    *,
    registers: Reporting,
) -> web.Application:
    service = Interpreters(
        name="УТОГ-Сервіс", url="https://signs.example/city", hours="пн-пт 8:00-20:00", contract="17/2026"
    )
    made = application(board, "1580", accounts, Pages(KYIV, interpreters=service))
    made[REPORTING] = registers
    add_public_outages(made, public_sources(storage, clock))
    add_chats(made, chat_sources_on(storage, clock, kept, registers))
    return made
