"""The pages of a heat supplier on real storage: a fitter and a colleague, another enterprise, an appeal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.files.sources import Evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.enterprise.routes import add_work
from cti_server.enterprise.sources import WorkSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import Actor, acting
from hotline.appeals.acts.work import Accept, BeginWork
from hotline.appeals.appeal import Appeal
from hotline.appeals.attachments import FileLimits
from hotline.city.city_rules import CityRules
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from tests.cti_server.appeals.conftest import appeal_sources, handling_sources
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, Person, SetBoard
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

LIMITS = FileLimits(most_bytes=2 * 2**20, most_files=4)


def work_sources(storage: Storage, clock: MovedClock) -> WorkSources:
    return WorkSources(
        transcripts=storage.transcripts,
        work=storage.executor_work,
        handling=storage.handling,
        reports=storage.outage_reports,
        outbox=storage.outbox,
        citizens=storage.citizens,
        clock=clock,
        city=CityRules(timezone=KYIV),
    )


def evidence_sources(
    storage: Storage, clock: MovedClock, folder: Path, limits: FileLimits = LIMITS
) -> Evidence:
    store = AttachmentFolder(folder, limits)
    store.prepare()
    return Evidence(files=storage.files, store=store, clock=clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, folder: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_evidence(made, evidence_sources(storage, clock, folder))
    add_work(made, work_sources(storage, clock))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    return made


@pytest.fixture
async def city(storage: Storage, clock: MovedClock) -> City:
    clock.moment = NOON
    return await found(storage)


@pytest.fixture
async def accounts_of(city: City, accounts: Accounts) -> Mapping[str, User]:
    """Those who sign in; the password is PASSWORD."""
    known, made = await accounts.passwords.hash(PASSWORD), {}
    for login, name, executor in (
        ("petro", "Петро Слюсар", city.heat),
        ("olha", "Ольга Майстер", city.heat),
        ("vodiany", "Василь Водяний", city.water),
    ):
        made[login] = await accounts.users.add(
            login=login,
            name=name,
            role=Role.EXECUTOR,
            password_hash=known,
            executor_id=executor.id,
        )
    return made


@pytest.fixture
async def petro(person: Person, accounts_of: Mapping[str, User]) -> Person:
    await person.enter("petro")
    return person


@pytest.fixture
async def stranger(server: TestServer, accounts_of: Mapping[str, User]) -> Any:
    """Somebody of another enterprise, in a browser of their own."""
    async with TestClient(server) as client:
        one = Person(client)
        await one.enter("vodiany")
        yield one


@pytest.fixture
def by(accounts_of: Mapping[str, User]) -> Actor:
    return acting(accounts_of["petro"])


@pytest.fixture
async def appeal(city: City) -> Appeal:
    """Assigned to the heat supplier."""
    return await city.enter()


@pytest.fixture
async def in_work(city: City, appeal: Appeal, by: Actor, clock: MovedClock) -> Appeal:
    return await do(city, appeal, Accept(by=by, at=clock.now()), BeginWork(by=by, at=clock.now()))


async def do(city: City, appeal: Appeal, *acts: Act) -> Appeal:
    for act in acts:
        appeal = await city.storage.handling.carry_out(appeal.number, act, version=None)
    return appeal
