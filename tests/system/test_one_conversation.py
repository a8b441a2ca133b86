"""One conversation by telephone, then in writing, then by telephone again: nothing is said twice."""

import re
from html import unescape

import aiohttp
import pytest
from sqlalchemy import select
from yarl import URL

from hotline.appeals.appeal import AppealState
from hotline.clock import SystemClock
from storage.tables import notices
from telephony.phone.outgoing import OutgoingCall
from tests.fakes.register import Register
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines

pytestmark = [pytest.mark.system, pytest.mark.nightly]

HANNA, STRANGERS = "+380671230101", "+380671230102"
APPEAL = "2600701"


async def until_said(hotline: Hotline, phrase: str, *, calls: int) -> None:
    """Wait until this is said in the latest of so many calls of hers."""

    async def said() -> bool:
        theirs = [one for one in await hotline.calls() if one.number == HANNA]
        return len(theirs) == calls and phrase in await hotline.phrases(theirs[-1].id)

    await hotline.until(said)


async def calls(hotline: Hotline) -> OutgoingCall:
    call = await hotline.citizen(HANNA)
    await call.answered()
    return call


async def links(hotline: Hotline) -> list[str]:
    """The links of the short messages to her."""
    async with hotline.storage.database.reading() as connection:
        rows = await connection.execute(select(notices.c.facts).where(notices.c.address == HANNA))
        return [row.facts["texts"]["chat"] for row in rows]


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


async def test_it_goes_on_by_link_and_by_key(all_hotlines: Hotlines) -> None:
    async with all_hotlines.lent(HOTLINE_CHAT_LINKS_A_DAY="9") as hotline:
        register = Register(hotline.storage, SystemClock())
        await register.appeal(APPEAL, AppealState.IN_WORK, caller=STRANGERS)
        call = await calls(hotline)
        await call.press("2")
        await until_said(hotline, "ask-appeal-number", calls=1)
        await call.press(f"{APPEAL}#")
        await until_said(hotline, "go-on-in-writing", calls=1)
        await call.press("8")
        await until_said(hotline, "link-sent", calls=1)
        await call.hang_up()
        (link,) = await links(hotline)

        jar = aiohttp.CookieJar(unsafe=True)
        settings = hotline.settings
        origin = f"http://{settings.http_host}:{settings.http_port}"
        there = f"{origin}{URL(link).path}"
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": origin}) as browser:
            async with browser.get(there) as page:
                assert page.status == 200
            async with browser.post(there) as chat:
                assert f"Звернення № {APPEAL}" in text_of(await chat.text())
        async with (
            aiohttp.ClientSession(headers={"Origin": origin}) as another,
            another.post(there) as refused,
        ):
            assert refused.status == 410

        again = await calls(hotline)
        await until_said(hotline, "go-on-with-chat", calls=2)
        await again.press("7")
        await until_said(hotline, "goes-on-by-phone", calls=2)
        await until_said(hotline, "keys-always", calls=2)
        await again.hang_up()
