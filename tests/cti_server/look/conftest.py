"""A browser before the page of all components, with a city's crest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from cti_server.application import application
from cti_server.frame.brand import Brand, read_crest
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.look.page import PATH, add_look
from tests.cti_server.conftest import KYIV, SetBoard
from tests.cti_server.test_in_browser import Window, opened_window

CREST = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 48">
<path d="M2 2h36v26c0 10-10 15-18 18C12 43 2 38 2 28z" fill="#1557a8"/></svg>"""

UNHINTED = "--font-render-hinting=none"
"""Letters are drawn as the face has them, not as this machine fits them to its pixels."""


@pytest.fixture
async def look(board: SetBoard, accounts: Accounts, tmp_path: Path) -> AsyncIterator[Window]:
    crest = tmp_path / "crest.svg"
    crest.write_text(CREST, encoding="utf-8")
    made = application(board, "1580", accounts, Pages(KYIV, Brand(city="Славутич", crest=read_crest(crest))))
    add_look(made)
    async with TestServer(made) as server, opened_window(server, UNHINTED) as one:
        await one.open(PATH)
        await one.page.evaluate("document.fonts.ready")
        yield one
