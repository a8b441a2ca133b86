"""A head at a telephone on the table, who uses the supervisors' board by its own requests."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
import pyotp
from yarl import URL

from hotline.access.permissions import Role
from hotline.supervision.listening import Ground, Mode
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from tests.fakes.passwords import hash_of
from tests.system.desk_browser import PASSWORD
from tests.system.hotline import Hotline
from tests.system.people import SECOND, picks_up


@dataclass(kw_only=True)
class Supervisor:
    """A head with a desk; whoever is connected with them hears the second tone."""

    hotline: Hotline
    extension: str
    phone: Phone
    web: aiohttp.ClientSession
    token: str

    async def does(self, act: str, *, status: int = 204, **form: str) -> None:
        """Post an act of the board."""
        headers = {"X-CSRF-Token": self.token}
        async with self.web.post(f"/board/{act}", data=form, headers=headers) as answer:
            assert answer.status == status, await answer.text()

    async def asks_for(self, call_id: str, mode: Mode = Mode.LISTEN, *, status: int = 204) -> None:
        await self.does("listen", status=status, call=call_id, mode=mode, ground=Ground.CHECK)

    async def is_rung_for(self, call_id: str) -> bool:
        """Whether the telephone is rung; not while the one before is being hung up."""
        form = {"call": call_id, "mode": Mode.LISTEN, "ground": Ground.CHECK}
        headers = {"X-CSRF-Token": self.token}
        async with self.web.post("/board/listen", data=form, headers=headers) as answer:
            assert answer.status in {204, 409}, await answer.text()
            return answer.status == 204

    async def listens(self, call_id: str, mode: Mode = Mode.LISTEN) -> IncomingCall:
        """Ask to be connected with the talk, and pick up."""
        await self.asks_for(call_id, mode)
        return await picks_up(self.phone, SECOND)


@asynccontextmanager
async def supervisor(hotline: Hotline, extension: str = "209") -> AsyncIterator[Supervisor]:
    """A head whose telephone is registered; no calls come to it."""
    phone = await hotline.registered(extension, "Олена Керівниченко")
    desk = await hotline.dispatcher(extension)
    users, secret = hotline.storage.users, pyotp.random_base32()
    head = await users.add(
        login=f"head{extension}",
        name="Олена Керівниченко",
        role=Role.HEAD,
        password_hash=hash_of(PASSWORD),
        dispatcher_id=desk.id,
    )
    await users.update(replace(head, totp_secret=secret))
    address = URL(f"http://{hotline.settings.http_host}:{hotline.settings.http_port}")
    headers = {"Origin": str(address).rstrip("/")}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(address, headers=headers, cookie_jar=jar) as web:
        form = {"csrf": "", "login": f"head{extension}", "password": PASSWORD}
        async with web.post("/sign-in", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        form = {"csrf": "", "code": pyotp.TOTP(secret).now()}
        async with web.post("/sign-in/code", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        async with web.get("/board") as answer:
            text = await answer.text()
            assert answer.status == 200, text
        (token,) = set(re.findall(r'"X-CSRF-Token": "([^"]+)"', text))
        yield Supervisor(hotline=hotline, extension=extension, phone=phone, web=web, token=token)
