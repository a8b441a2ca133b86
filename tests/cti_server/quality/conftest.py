"""The pages of quality on real storage: two heads, three dispatchers with desks, a talk that can be heard."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.calls.routes import add_past_calls
from cti_server.city_data.routes import add_city_data
from cti_server.control.routes import add_control
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.quality.routes import add_quality
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.line.line import Dispatcher
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.score_forms import score_form
from hotline.quality.scoring import score
from hotline.quality.signs import Sign
from service.wiring.desks import quality_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.calls.conftest import past_calls, tone
from tests.cti_server.city_data.conftest import city_data_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.fakes.telephone import FakeTelephone
from tests.fakes.voice import ReadAloud
from tests.storage.quality.recorded import queue_up, recorded

GOOD = {code: "yes" if one.kind == "yes-no" else "5" for code, one in score_form().questions.items()}
"""The best answer to each question."""


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def app(  # noqa: PLR0917
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    sounds: Path,
    telephone: FakeTelephone,
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_past_calls(made, past_calls(storage, sounds, sounds))
    add_control(made, control_sources(storage, clock))
    add_city_data(made, city_data_sources(storage, clock))
    add_quality(made, quality_sources(storage, KYIV, telephone, ReadAloud(), clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who is there, and talks of theirs."""

    storage: Storage
    clock: MovedClock
    sounds: Path
    desks: Mapping[str, Dispatcher]
    deputy: User

    async def talk(self, name: str = "c1", sign: Sign = Sign.BY_LOT, who: str = "Олена") -> int:
        """Record a talk and take it into the queue; gives the assessment."""
        file, now = tone(self.sounds / f"{name}.wav", 2, seconds=20), self.clock.now()
        await recorded(
            self.storage, name, self.desks[who].id, now, seconds=20.0, number="+380457900001", file=str(file)
        )
        await queue_up(self.storage, now, **{name: sign})
        found = await self.storage.assessments.find(AssessmentFilter(), limit=200)
        return next(one.id for one in found if one.call_id == name)

    async def assessed(self, name: str = "c1", who: str = "Олена", **answers: str) -> int:
        """Have the deputy assess a talk."""
        made, now = await self.talk(name, who=who), self.clock.now()
        found, given = self.storage.assessments, GOOD | answers
        await found.claim(made, self.deputy.id, now, form_version=score_form().version, proposed={})
        await found.save(made, self.deputy.id, now, answers=given, unconfirmed=(), conclusion="Добре")
        reached = score(score_form(), given)
        assert reached is not None
        await found.finish(made, self.deputy.id, now, reached)
        return made


@pytest.fixture
async def team(
    storage: Storage, clock: MovedClock, sounds: Path, users: Mapping[Role, User], accounts: Accounts
) -> Team:
    desks = {
        name: await storage.dispatchers.add(extension, name, "s", frozenset())
        for extension, name in (("201", "Олена"), ("202", "Ігор"), ("203", "Софія"))
    }
    olena = users[Role.DISPATCHER]
    await accounts.users.update(replace(olena, dispatcher_id=desks["Олена"].id))
    deputy = await accounts.users.add(
        login="deputy", name="deputy", role=Role.HEAD, password_hash=users[Role.HEAD].password_hash
    )
    return Team(storage=storage, clock=clock, sounds=sounds, desks=desks, deputy=deputy)


async def another(server: TestServer, login: str) -> Person:
    """Somebody else, at a browser of their own."""
    made = Person(TestClient(server))
    await made.enter(login)
    return made


def form(**answers: str) -> dict[str, str]:
    """The form as a browser sends it."""
    return {f"a-{code}": answer for code, answer in answers.items()}
