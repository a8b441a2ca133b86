"""A dispatcher's desk in a real Chromium, without a telephone: callers come by events alone."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ConsoleMessage, Page

from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.desk.calling_out import add_calling_out
from cti_server.desk.phone_routes import add_softphone
from cti_server.desk.routes import add_desk
from cti_server.desk.softphone import Softphones
from cti_server.desk.sources import Desk, Sources
from cti_server.frame.on_now import ToldNow, add_on_now
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import CallRecord, JourneyStep, Scalar, Step
from hotline.city.addresses import demo_streets
from hotline.clock import SystemClock
from hotline.dialling.calling_out import CallingRules
from hotline.errors import TelephonyError
from hotline.events import DispatcherOffered, LineChanged, OfferWithdrawn, TalkEnded, TalkStarted
from hotline.line.line import Priority
from storage.store import Storage
from tests.cti_server.appeals.conftest import appeal_sources, control_sources, handling_sources
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, SetBoard
from tests.cti_server.desk.conftest import AtDesk, Told, calling_out_sources
from tests.fakes.telephone import FakeTelephone
from tests.system.browser import (
    SILENT,
    clean_context,
    kill,
    open_browser,
    picture,
    sign_in,
    violations,
)
from tests.system.looks import ALL_LOOKS, looks

SIZES = ((1366, 768), (1920, 1080))
FORESEEN = ("401", "422", "503", "AudioContext")
"""A session that has ended, a form with faults, no exchange, and no sound before a first key."""
MARIA, HANNA = "+380457900001", "+380457900003"
HOME = "Київський квартал, 7, кв. 12"


class NowClock(MovedClock, SystemClock):
    """The real time: the browser counts with its own."""

    now = SystemClock.now


class ExchangeAway:
    """No telephone: the softphone says so."""

    async def browser_left(self, extension: str) -> None:
        pass

    async def open_browser_phone(self, extension: str) -> str:
        raise TelephonyError(extension)


@pytest.fixture
def clock() -> MovedClock:
    return NowClock()


@pytest.fixture
def app(  # noqa: PLR0917
    board: SetBoard, accounts: Accounts, sources: Sources, told: Told, storage: Storage, clock: MovedClock
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_desk(made, Desk(sources=sources, events=told, ring=told.ring, recording=told.telephone))
    add_appeals(made, appeal_sources(storage, clock, sources.live))
    add_handling(made, handling_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_softphone(made, Softphones(phones=ExchangeAway(), websocket="ws://127.0.0.1:9/ws"))
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    add_calling_out(made, calling_out_sources(storage, clock, FakeTelephone(), CallingRules()))
    add_on_now(made, nothing_told)
    return made


async def nothing_told() -> Sequence[ToldNow]:
    """Callers are told nothing; a desk asks for it every twenty seconds."""
    return ()


class Window(NamedTuple):
    """A browser and the desk in it."""

    browser: Browser
    page: Page


@asynccontextmanager
async def signed_in(address: str) -> AsyncIterator[Window]:
    async with open_browser() as browser:
        context = await clean_context(browser, address)
        await sign_in(context, address, "user201", PASSWORD)
        page = await context.new_page()
        await page.add_init_script(SILENT)
        await page.set_viewport_size({"width": 1366, "height": 768})
        await page.goto(f"{address}/desk")
        await page.wait_for_selector("#presence")
        yield Window(browser, page)


@dataclass(kw_only=True)
class Shift:
    """A dispatcher's browser, and the callers who come to them."""

    address: str
    windows: AsyncExitStack
    window: Window
    storage: Storage
    told: Told
    dispatcher_id: int
    user_id: int
    complaints: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.window.page

    def heard(self, message: ConsoleMessage) -> None:
        """Remember what the browser complains of, such as a style that the policy forbids."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def look(self, name: str, *, nightly: bool = False) -> None:
        """What stands there is accessible, and nothing is outside of the screen (`tests.system.looks`).

        By day on the smaller screen, and not at all when it is `nightly`: parts that stand elsewhere by day.
        """
        if nightly and not ALL_LOOKS:
            return
        for one in looks(name, SIZES, SIZES if ALL_LOOKS else SIZES[:1] * 2):
            await self.page.evaluate(f"document.documentElement.dataset.bsTheme = '{one.theme}'")
            await self.page.set_viewport_size({"width": one.width, "height": one.height})
            if one.rules:
                assert await violations(self.page, one.rules) == [], (name, one)
            await picture(self.page, f"desk-{'-'.join(name.split())}-{one.theme}-{one.width}")
            size = await self.page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            )
            assert (size[0] <= one.width, size[1] <= one.height) == (True, True), (name, size)
            for button in await self.page.locator("#appeal-register").all():
                box = await button.bounding_box()
                assert box is not None, name
                assert box["y"] + box["height"] <= one.height, name
        await self.page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
        await self.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})

    async def waits(self, call_id: str, number: str | None, key: str, priority: Priority) -> None:
        """Somebody presses a key of the menu and joins the line; the emergency waits for this dispatcher."""
        now = SystemClock().now()
        await self.storage.calls.open(
            CallRecord(id=call_id, number=number, shown=number or "", arrived_at=now)
        )
        steps: list[tuple[Step, dict[str, Scalar]]] = [
            (Step.PRESSED, {"key": key, "asked": "welcome menu"}),
            (Step.APPEAL_ASKED, {"appeal": "2600077", "theirs": False}),
            (Step.JOINED_LINE, {"priority": priority.name.lower()}),
        ]
        for number_of, (step, detail) in enumerate(steps, start=1):
            noted = JourneyStep(call_id=call_id, number=number_of, at=now, step=step, detail=detail)
            await self.storage.calls.note(noted)
        await self.storage.calls.flush()
        await self.storage.line.enter(call_id, at=now, priority=priority)
        self.told.tell(LineChanged(at=now))

    async def rings(self, call_id: str, number: str | None) -> None:
        now = SystemClock().now()
        offer = await self.storage.line.pair(now)
        assert offer is not None
        self.told.tell(
            DispatcherOffered(
                call_id=call_id, dispatcher_id=self.dispatcher_id, number=number, attempt=1, at=now
            )
        )
        await self.page.wait_for_selector(f"#pop[data-call={call_id}]")

    async def answers(self, call_id: str) -> None:
        now = SystemClock().now()
        assert await self.storage.line.answered(call_id, self.dispatcher_id, now)
        self.told.tell(TalkStarted(call_id=call_id, dispatcher_id=self.dispatcher_id, at=now))
        await self.page.wait_for_selector(f"#card-{call_id}")

    async def ends(self, call_id: str, rest: float) -> None:
        now = SystemClock().now()
        await self.storage.line.leave(call_id, now)
        await self.storage.line.talk_ended(call_id, self.dispatcher_id, now, wrap_up=timedelta(seconds=rest))
        self.told.tell(TalkEnded(call_id=call_id, dispatcher_id=self.dispatcher_id, at=now))
        self.told.tell(LineChanged(at=now))

    async def gives_up(self, call_id: str) -> None:
        """Hang up before anyone answers: the offer is withdrawn."""
        now = self.now()
        await self.storage.line.leave(call_id, now)
        self.told.tell(OfferWithdrawn(call_id=call_id, dispatcher_id=self.dispatcher_id, at=now))
        await self.page.wait_for_selector("#pop", state="hidden")

    async def crash(self) -> Page:
        """Kill the browser with all its processes; the desk in another one, after signing in again."""
        await kill(self.window.browser)
        self.window = await self.windows.enter_async_context(signed_in(self.address))
        return self.page

    def now(self) -> datetime:
        return SystemClock().now()

    async def kept(self, call_id: str, field: str, text: str) -> None:
        """Wait until the form is kept with this text."""
        while (await self.storage.forms.find(self.user_id, call_id)).get(field) != text:
            await self.page.wait_for_timeout(50)


@pytest.fixture
async def shift(
    server: TestServer, olena: AtDesk, storage: Storage, told: Told, clock: MovedClock
) -> AsyncIterator[Shift]:
    await storage.streets.add(demo_streets())
    maria = await storage.citizens.add("Марія Демченко", HOME, [MARIA])
    await storage.citizens.note_benefits(maria.id, ["7.13", "7.14"], clock.now())
    await storage.citizens.add("Іван Демченко", HOME, [MARIA])
    await storage.citizens.add("Олександра Демченко-Задунайська", "Київський квартал, 9", [MARIA])
    for number, state in (("2690001", AppealState.IN_WORK), ("2590002", AppealState.CLOSED)):
        await storage.appeals.register(
            Appeal(
                number=number,
                applicant_number=MARIA,
                text="Не світить ліхтар біля під'їзду",
                state=state,
                registered_at=clock.now(),
                due_on=clock.now().date(),
            )
        )
    address = str(server.make_url("/")).rstrip("/")
    async with AsyncExitStack() as windows:
        one = Shift(
            address=address,
            windows=windows,
            window=await windows.enter_async_context(signed_in(address)),
            storage=storage,
            told=told,
            dispatcher_id=olena.dispatcher.id,
            user_id=olena.user_id,
        )
        one.page.on("console", one.heard)
        yield one
    assert [line for line in one.complaints if not any(odd in line for odd in FORESEEN)] == []
