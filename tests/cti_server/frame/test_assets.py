"""Scripts and styles have an address by their content, and browsers keep what they have by it for good."""

import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from cti_server.frame import assets
from cti_server.frame.assets import ASKED_EACH_TIME, FOR_GOOD, address
from cti_server.frame.pages import TEMPLATES


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was built: one sheet and one face."""
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    (tmp_path / "page.css").write_text("body{}")
    (tmp_path / "inter-HASH.woff2").write_bytes(b"face")
    return tmp_path


async def keeping(client: TestClient, path: str) -> str:
    """How long the browser may keep what this address answers."""
    response = await client.get(path)
    assert response.status == 200
    return response.headers["Cache-Control"]


async def test_a_sheet_by_its_digest_and_a_face_are_kept_for_good(client: TestClient) -> None:
    assert re.fullmatch(r"/static/page\.css\?v=[0-9a-f]{12}", address("page.css"))
    assert await keeping(client, address("page.css")) == FOR_GOOD
    assert await keeping(client, "/static/inter-HASH.woff2") == FOR_GOOD


async def test_another_build_has_another_address_while_the_process_runs_on(
    client: TestClient, built: Path
) -> None:
    before = address("page.css")
    (built / "page.css").write_text("body{color:red}")
    assert address("page.css") != before
    assert await keeping(client, address("page.css")) == FOR_GOOD


async def test_what_another_process_has_built_is_not_kept_under_its_address(client: TestClient) -> None:
    assert await keeping(client, "/static/page.css?v=0123456789ab") == ASKED_EACH_TIME
    assert await keeping(client, "/static/page.css") == ASKED_EACH_TIME


def test_a_page_without_its_sheet_is_made_all_the_same() -> None:
    assert address("missing.css") == "/static/missing.css"


def test_pages_name_scripts_and_styles_by_their_digest_alone() -> None:
    by_hand = [
        one.name for one in TEMPLATES.rglob("*.jinja2") if "/static/" in one.read_text(encoding="utf-8")
    ]
    assert by_hand == []
