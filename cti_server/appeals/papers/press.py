"""Data and a template become a PDF, in a process of its own and few at once, so that calls go on."""

import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from cti_server.appeals.papers.letters import FONTS
from hotline.errors import HotlineError

log = logging.getLogger(__name__)

AT_ONCE = 2
LONGEST_SECONDS = 60
_PROGRAM = "cti_server.appeals.papers.typeset"
_FOLDER = Path(__file__).parent


class NotPrinted(HotlineError):  # noqa: N818 - reads as what happened
    """The program that makes papers failed, or took too long; its words are in the message."""

    code = "not-printed"


class Press:
    """Makes papers, at most AT_ONCE at a time; further requests wait.

    Fonts in the folder `fonts` draw what the typesetter's own lack.
    """

    def __init__(self, fonts: Path = FONTS) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._fonts = str(fonts)

    async def print(self, template: str, data: Mapping[str, object]) -> bytes:
        """Give the PDF of `template` (a file of this package, without `.typ`); raises NotPrinted.

        Letters over which the typesetter fails are written by their numbers, in a second try.
        """
        given = json.dumps(data).encode()
        async with self._turn:
            try:
                return await _typeset(template, given, self._fonts)
            except NotPrinted as error:
                log.warning("paper is printed without its second font: %s", error)
                return await _typeset(template, given)


async def _typeset(template: str, given: bytes, *fonts: str) -> bytes:
    command = (sys.executable, "-I", "-m", _PROGRAM, str(_FOLDER / f"{template}.typ"), *fonts)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            made, said = await process.communicate(given)
    except TimeoutError as error:
        raise NotPrinted(f"{template} took more than {LONGEST_SECONDS} s.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotPrinted(f"{template}: {said.decode(errors='replace').strip().rpartition(chr(10))[2]}")
    return made


def as_pdf(made: bytes, name: str) -> web.Response:
    """Answer with the paper; browsers show it, and keep it under this name (Latin letters and digits)."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return web.Response(body=made, content_type="application/pdf", headers=headers)


PRESS: web.AppKey[Press] = web.AppKey("press")
