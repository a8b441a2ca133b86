"""Kept filters on both databases: whose they are, and of which list."""

import pytest

from hotline.access.permissions import Role
from hotline.access.saved_views import MOST_VIEWS, NameTaken, TooManyViews
from hotline.access.users import User
from hotline.errors import NotFound
from storage.store import Storage
from tests.storage.conftest import NOON


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="x")


async def test_filters_are_kept_for_oneself_or_for_everybody(storage: Storage, olena: User) -> None:
    head = await storage.users.add(login="head", name="Н", role=Role.HEAD, password_hash="x")
    views = storage.views
    own = await views.save(
        user_id=olena.id, of_list="appeals", name="Мої", query="by=1", shared=False, at=NOON
    )
    await views.save(
        user_id=head.id, of_list="appeals", name="Усі прострочені", query="due=overdue", shared=True, at=NOON
    )
    await views.save(user_id=olena.id, of_list="appeals", name="Мої", query="by=2", shared=False, at=NOON)
    assert [(one.name, one.query) for one in await views.of(olena.id, "appeals")] == [
        ("Мої", "by=2"),
        ("Усі прострочені", "due=overdue"),
    ]
    assert [one.name for one in await views.of(head.id, "appeals")] == ["Усі прострочені"]
    with pytest.raises(NotFound):
        await views.drop(own.id, head.id, "appeals")
    with pytest.raises(NotFound):
        await views.rename(own.id, head.id, "appeals", "Чужі")
    await views.rename(own.id, olena.id, "appeals", "Зі мною")
    assert [one.name for one in await views.of(olena.id, "appeals")] == ["Зі мною", "Усі прострочені"]
    await views.drop(own.id, olena.id, "appeals")
    assert [one.name for one in await views.of(olena.id, "appeals")] == ["Усі прострочені"]


async def test_one_keeps_only_so_many_filters_each_under_a_name_of_its_own(
    storage: Storage, olena: User
) -> None:
    for number in range(MOST_VIEWS):
        name = f"{number:02d}"
        last = await storage.views.save(
            user_id=olena.id, of_list="appeals", name=name, query="", shared=False, at=NOON
        )
    with pytest.raises(TooManyViews):
        await storage.views.save(
            user_id=olena.id, of_list="appeals", name="x", query="", shared=False, at=NOON
        )
    await storage.views.save(
        user_id=olena.id, of_list="appeals", name="00", query="by=1", shared=False, at=NOON
    )
    with pytest.raises(NameTaken):
        await storage.views.rename(last.id, olena.id, "appeals", "00")
    assert len(await storage.views.of(olena.id, "appeals")) == MOST_VIEWS


async def test_each_list_has_views_of_its_own(storage: Storage, olena: User) -> None:
    views = storage.views
    for of_list in ("appeals", "calls"):
        await views.save(
            user_id=olena.id, of_list=of_list, name="Мої", query=f"of={of_list}", shared=True, at=NOON
        )
    (appeals,), (calls,) = await views.of(olena.id, "appeals"), await views.of(olena.id, "calls")
    assert (appeals.query, calls.query) == ("of=appeals", "of=calls")
    with pytest.raises(NotFound):
        await views.drop(calls.id, olena.id, "appeals")
    with pytest.raises(NotFound):
        await views.rename(calls.id, olena.id, "appeals", "Інші")
    await views.drop(calls.id, olena.id, "calls")
    assert [one.name for one in await views.of(olena.id, "appeals")] == ["Мої"]
    assert await views.of(olena.id, "calls") == []
