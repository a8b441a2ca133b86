"""Data and a template become a PDF, in a process of its own and few at once, so that calls go on."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from hotline.errors import HotlineError

AT_ONCE = 2
LONGEST_SECONDS = 60
_FOLDER = Path(__file__).parent


class NotPrinted(HotlineError):  # noqa: N818 - reads as what happened
    """The program that makes papers failed, or took too long; its words are in the message."""

    code = "not-printed"


class Press:
    """Makes papers, at most AT_ONCE at a time; further requests wait."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def print(self, template: str, data: Mapping[str, object]) -> bytes:
        """Give the PDF of `template` (a file of this package, without `.typ`); raises NotPrinted."""
        command = (sys.executable, "-I", str(_FOLDER / "typeset.py"), str(_FOLDER / f"{template}.typ"))
        pipe = asyncio.subprocess.PIPE
        async with self._turn:
            process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    made, said = await process.communicate(json.dumps(data, ensure_ascii=False).encode())
            except TimeoutError as error:
                raise NotPrinted(f"{template} took more than {LONGEST_SECONDS} s.") from error
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode:
            raise NotPrinted(f"{template}: {said.decode(errors='replace').strip()}")
        return made


def as_pdf(made: bytes, name: str) -> web.Response:
    """Answer with the paper; browsers show it, and keep it under this name (Latin letters and digits)."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return web.Response(body=made, content_type="application/pdf", headers=headers)


PRESS: web.AppKey[Press] = web.AppKey("press")
