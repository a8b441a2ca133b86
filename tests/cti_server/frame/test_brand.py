"""The city's crest and name on its pages."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.frame.brand import MOST_BYTES, Brand, read_crest
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.errors import SettingsError
from tests.cti_server.conftest import KYIV, SetBoard

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


@pytest.fixture
def branded(board: SetBoard, accounts: Accounts, tmp_path: Path) -> web.Application:
    crest = tmp_path / "crest.svg"
    crest.write_bytes(DRAWING)
    brand = Brand(city="Місто <Н>", crest=read_crest(crest))
    return application(board, "1580", accounts, Pages(KYIV, brand))


async def test_the_header_shows_the_crest_and_the_name_of_the_city(branded: web.Application) -> None:
    async with TestClient(TestServer(branded)) as client:
        text = await (await client.get("/sign-in")).text()
        assert '<img class="brand-crest" src="/brand/crest" alt="">' in text
        assert "Місто &lt;Н&gt;" in text
        response = await client.get("/brand/crest")
        assert (response.content_type, await response.read()) == ("image/svg+xml", DRAWING)
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_city_that_gave_none_has_the_name_of_the_line_alone(client: TestClient) -> None:
    text = await (await client.get("/sign-in")).text()
    assert "brand-crest" not in text
    assert "brand-city" not in text
    assert (await client.get("/brand/crest")).status == 404


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<html></html>", b"<svg", b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES), None],
    ids=["empty", "another kind", "no drawing", "broken", "too large", "absent"],
)
def test_what_is_no_crest_is_refused_with_the_name_of_the_setting(
    content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "crest"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"HOTLINE_CREST: .*crest"):
        read_crest(file)


def test_a_photograph_of_a_crest_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "crest.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n...")
    assert read_crest(file).media_type == "image/png"
