"""A head, a dispatcher, and an instruction for her."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.tasks.parties import user_party
from hotline.tasks.task import NewTask, TaskKind, TaskSource
from storage.store import Storage
from tests.storage.conftest import NOON

WEEK = timedelta(days=7)


@pytest.fixture
async def head(storage: Storage) -> User:
    return await storage.users.add(login="head", name="Начальниця", role=Role.HEAD, password_hash="h")


@pytest.fixture
async def olena(storage: Storage) -> User:
    return await storage.users.add(
        login="olena", name="Олена", role=Role.DISPATCHER, password_hash="h", email="olena@example.org"
    )


@pytest.fixture
def new(head: User, olena: User) -> NewTask:
    return NewTask(
        once="form-1",
        source=TaskSource(kind=TaskKind.INSTRUCTION),
        text="Скласти перелік будинків без тепла",
        responsible=user_party(olena.id),
        controller=head.id,
        due_at=NOON + WEEK,
    )
