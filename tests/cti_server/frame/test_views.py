"""Kept filters over HTTP: each list has its own, keeps what it may be asked, and shows them by name."""

from collections.abc import Mapping

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.conftest import Person


async def test_a_list_keeps_what_its_address_may_ask_and_no_other_list_shows_it(
    head: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    kept = {"name": "Зміни Олени", "query": "user=1&action=change&sky=blue&page=7", "shared": "yes"}
    answer = await head.post("/admin/audit/views", kept)
    assert answer.headers["Location"] == "/admin/audit?user=1&action=change"
    me = users[Role.HEAD].id
    (view,) = await storage.views.of(me, "audit")
    assert (view.name, view.query, view.shared) == ("Зміни Олени", "user=1&action=change", True)
    assert await storage.views.of(me, "users") == []
    page = await head.text(f"/admin/audit?{view.query}")
    assert "Зміни Олени" in page
    assert 'aria-current="page"' in page
    assert "Зміни Олени" not in await head.text("/admin/users")
    assert (await head.post(f"/admin/users/views/{view.id}/drop")).status == 404
    renamed = await head.post(f"/admin/audit/views/{view.id}/rename", {"name": "Зміни"})
    assert renamed.headers["Location"] == "/admin/audit?user=1&action=change", "one goes on in the view"
    assert [one.name for one in await storage.views.of(me, "audit")] == ["Зміни"]
    gone = await head.post(f"/admin/audit/views/{view.id}/drop", {"query": "action=view&sky=blue"})
    assert gone.headers["Location"] == "/admin/audit?action=view", "the list stays as it was shown"
    assert await storage.views.of(me, "audit") == []


async def test_only_a_view_that_could_not_be_kept_is_complained_of(head: Person) -> None:
    await head.post("/admin/audit/views", {"name": "Мої", "query": "user=1"})
    await head.post("/admin/audit/views", {"name": "Твої", "query": "user=2"})
    page = await head.text("/admin/audit?user=1")
    assert "Перейменувати" in page
    assert 'role="alert"' not in page
    refused = await head.post("/admin/audit/views/2/rename", {"name": "Мої"})
    again = await head.text(refused.headers["Location"].partition("#")[0])
    assert 'role="alert"' in again
    assert 'href="/admin/audit?user=2" aria-current="page"' in again, "of the view that kept its name"


@pytest.mark.parametrize("path", ["/admin/audit", "/admin/users"])
async def test_a_list_that_is_not_narrowed_has_nothing_to_keep(head: Person, path: str) -> None:
    assert 'name="query"' not in await head.text(path)
