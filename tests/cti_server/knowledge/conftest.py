"""The pages of the knowledge base on real storage: a head and a dispatcher who write articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.directory.routes import add_directory
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.knowledge.routes import add_knowledge
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.knowledge.articles import Article, Content, Wording
from service.wiring.desks import directory_sources, knowledge_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard

FIELDS = {
    "question_uk": "Де зарядити телефон?",
    "answer_uk": "У пункті незламності, він працює цілодобово.",
    "steps_uk": "Назвати найближчий пункт.\n\n  Сказати   години. ",
    "review_on": "01.06.2026",
    "categories": "power-none",
}
"""The editor's form as a browser sends it."""


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_control(made, control_sources(storage, clock))
    add_directory(made, directory_sources(storage, KYIV, clock))
    add_knowledge(made, knowledge_sources(storage, KYIV, clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Library:
    """Articles as a test needs them."""

    storage: Storage
    clock: MovedClock
    users: Mapping[Role, User]

    async def article(self, *, owner: Role = Role.DISPATCHER, **changed: object) -> Article:
        today = self.clock.now().date()
        given: dict[str, object] = {
            "uk": Wording(
                question="Що робити, коли немає світла?",
                answer="Перевірте щиток.",
                steps=("Спитати сусідів.", "Назвати строк."),
            ),
            "owner_id": self.users[owner].id,
            "review_on": today + timedelta(days=30),
            "categories": ("power-none",),
        }
        content = Content(**given | changed)  # type: ignore[arg-type]  # fields of a content
        return await self.storage.articles.add(content, content.owner_id, self.clock.now())

    async def asked(self, question: str = "Де зарядити телефон?", category: str = "power-none") -> int:
        """Have the dispatcher note a question that is the head's work."""
        noted = await self.storage.missing_answers.note(
            question,
            self.users[Role.DISPATCHER].id,
            self.clock.now(),
            call_id="c1",
            category=category,
            owner_id=None,
        )
        return noted.id


@pytest.fixture
def library(storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Library:
    return Library(storage=storage, clock=clock, users=users)
