"""A FastAGI server (panoramisk) that answers the dialplan's look-ups: the caller's card.

panoramisk reads a request until an empty line comes, and would spin for ever on a peer that sends none;
so the header is read here first, bounded in size and time, and handed on whole.

Loopback is open to all programs of a machine, such as a Kamailio in a container on the host's network. So
the peer is asked for a word that stands in our dialplan alone, and is told of nobody without it.
"""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from attrs import define
from panoramisk.fast_agi import Application, Request

log = logging.getLogger(__name__)

LARGEST_HEADER = 16_384
HEADER_SECONDS = 2.0
ANSWER_SECONDS = 4.0
"""For Asterisk's word, the card, and that Asterisk took it; a caller waits no longer for all of it."""
WORD = "AGI_WORD"
"""The variable in the dialplan (asterisk-conf/extensions.conf) by which our Asterisk is known."""

CallerCard = Callable[[str], Awaitable[str]]
"""The number as the trunk shows it → one line for the dispatcher's telephone, or nothing."""


@asynccontextmanager
async def agi_server(host: str, port: int, card: CallerCard, *, word: str) -> AsyncIterator[None]:
    """Serve `agi://host:port/caller` while the context lasts, to a peer that knows the word."""
    application = Application(loop=asyncio.get_running_loop())

    async def caller(request: Request) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                told = _value(await request.send_command(f"GET VARIABLE {WORD}"))
                if not hmac.compare_digest(told.encode(), word.encode()):
                    log.warning("agi request refused reason=no-word")
                    return
                name = _printable(await card(request.headers.get("agi_callerid", "")))
                if name:
                    await request.send_command(f'SET VARIABLE CALLERID(name) "{name}"')
        except TimeoutError:
            log.warning("agi request given up after=%.0fs", ANSWER_SECONDS)

    application.add_route("caller", caller)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEADER_SECONDS):
                header = await reader.readuntil(b"\n\n")
            await application.handler(_Primed(header, reader), writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, UnicodeError) as error:
            log.warning("agi request refused reason=%s", type(error).__name__)
        finally:
            writer.close()

    server = await asyncio.start_server(accept, host, port, limit=LARGEST_HEADER)
    async with server:
        yield


@define(eq=False, repr=False)
class _Primed:
    """A stream whose first read returns a header that was read already."""

    _header: bytes
    _reader: asyncio.StreamReader

    async def read(self, most: int) -> bytes:
        if self._header:
            header, self._header = self._header, b""
            return header
        return await self._reader.read(most)

    async def readline(self) -> bytes:
        return await self._reader.readline()


def _value(answer: Mapping[str, Any]) -> str:
    """Give the variable that Asterisk tells: `200 result=1 (value)`; empty where it has none."""
    value: str = answer.get("result", ("", ""))[1]
    return value


def _printable(text: str) -> str:
    """Without what ends or quotes an AGI argument."""
    return "".join(sign for sign in text if sign.isprintable() and sign not in '"\\')[:60]
