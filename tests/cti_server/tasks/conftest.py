"""The pages of tasks on real storage: a head and a dispatcher at their browsers, an enterprise beside."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.serialization import pkcs7

from cti_server.appeals.files.routes import add_evidence
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from cti_server.shifts.routes import add_shifts
from cti_server.tasks.routes import add_tasks
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.attachments import StoredFile
from hotline.signatures.paper_signatures import SIGNATURE
from hotline.tasks.parties import user_party
from service.wiring.desks import shift_sources, task_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard, change
from tests.cti_server.enterprise.conftest import evidence_sources
from tests.fakes.clock import NOON
from tests.fakes.signing import MAYOR, signed


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_evidence(made, evidence_sources(storage, clock, tmp_path / "evidence"))
    add_tasks(made, task_sources(storage, KYIV, clock))
    add_control(made, control_sources(storage, clock))
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    add_shifts(made, shift_sources(storage, KYIV, clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Centre:
    """The head at a browser, and a dispatcher."""

    head: Person
    head_user: User
    olena: User

    def typed(self, **fields: str) -> dict[str, str]:
        """Give the fields of the form of an instruction for Olena."""
        return {
            "key": "k1",
            "version": "0",
            "text": "Скласти перелік будинків без тепла",
            "responsible": user_party(self.olena.id),
            "controller": str(self.head_user.id),
            "due": "10.03.2026 18:00",
            **fields,
        }

    async def give(self, path: str = "/tasks/new", **fields: str) -> str:
        """Give one, and return the address of its page."""
        answer = await self.head.post(path, self.typed(**fields))
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"].partition("?")[0]


@pytest.fixture
async def centre(head: Person, users: Mapping[Role, User], accounts: Accounts) -> Centre:
    olena = await change(accounts, users[Role.DISPATCHER], name="Олена")
    return Centre(head=head, head_user=users[Role.HEAD], olena=olena)


@pytest.fixture
async def olena(server: TestServer, centre: Centre) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(centre.olena.login)
        yield person


async def lay_signature(storage: Storage, folder: Path, paper: bytes, by: User) -> None:
    """Have the signature of this paper lie with the order of the city, as it came; nobody has checked it."""
    key, signature = "5e" * 16, signed(paper, MAYOR, pkcs7.PKCS7Options.DetachedSignature)
    file = folder / "evidence" / key[:2] / key
    file.parent.mkdir(parents=True)
    file.write_bytes(signature)
    kept = StoredFile(key=key, media_type=SIGNATURE, bytes=len(signature), sha256="1")
    await storage.record_files.add("directive:1", "Розпорядження.p7s", kept, user_id=by.id, at=NOON, most=9)
