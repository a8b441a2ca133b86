"""Articles with all their versions, and questions without an answer, on both databases."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from hotline.access.permissions import Role
from hotline.calls.call import Outcome
from hotline.calls.skills import Skill
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.knowledge.articles import Content, Wording
from hotline.knowledge.missing_states import MissingState
from hotline.retention.terms import Retention
from storage.store import Storage
from storage.tables import article_versions, missing_answers
from tests.storage.conftest import NOON
from tests.storage.past_calls import call

LIGHT = Wording(question="Що робити, коли немає світла?", answer="Перевірте щиток.", steps=("Раз", "Два"))


@dataclass(frozen=True)
class Centre:
    """A head and a dispatcher who write."""

    storage: Storage
    head: int
    olena: int

    def content(self, **changed: object) -> Content:
        made = Content(
            uk=LIGHT,
            categories=("power-none",),
            topics=(Skill.POWER,),
            owner_id=self.olena,
            review_on=date(2026, 12, 1),
        )
        return replace(made, **changed)  # type: ignore[arg-type]  # fields of a content

    async def asked(self, question: str = "Де зарядити телефон?", call: str | None = "c1") -> int:
        noted = await self.storage.missing_answers.note(
            question, self.olena, NOON, call_id=call, category="power-none", owner_id=self.head
        )
        return noted.id


@pytest.fixture
async def centre(storage: Storage) -> Centre:
    made = [
        await storage.users.add(login=login, name=login, role=role, password_hash="x")
        for login, role in (("head", Role.HEAD), ("olena", Role.DISPATCHER))
    ]
    return Centre(storage, made[0].id, made[1].id)


async def test_each_version_stays_as_it_was(centre: Centre) -> None:
    articles = centre.storage.articles
    first = await articles.add(centre.content(), centre.olena, NOON)
    shorter = centre.content(uk=replace(LIGHT, steps=()))
    second = await articles.change(first.id, 1, shorter, centre.head, NOON, note="коротше")
    assert await articles.get(first.id) == second
    assert await articles.get(first.id, 1) == first
    assert [(one.version, one.note) for one in await articles.versions(first.id)] == [(2, "коротше"), (1, "")]
    assert [one.article for one in await articles.all()] == [second]
    with pytest.raises(NotFound):
        await articles.get(first.id, 3)
    with pytest.raises(NotFound):
        await articles.change(99, 1, shorter, centre.head, NOON)


async def test_of_two_who_change_one_version_the_second_is_told(centre: Centre) -> None:
    articles = centre.storage.articles
    made = await articles.add(centre.content(), centre.olena, NOON)
    both = [
        articles.change(made.id, 1, centre.content(said_as=who), centre.head, NOON) for who in ("one", "two")
    ]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Article", "Outdated"]
    assert isinstance(next(one for one in done if isinstance(one, Exception)), Outdated)
    async with centre.storage.database.reading() as connection:
        counted = select(func.count()).select_from(article_versions)
        assert (await connection.execute(counted)).scalar_one() == 2


async def test_what_is_kept_in_memory_follows_every_change(centre: Centre) -> None:
    articles = centre.storage.articles
    assert await articles.all() == ()
    made = await articles.add(centre.content(), centre.olena, NOON)
    (one,) = await articles.all()
    assert {"світло", "світла"} <= one.asks
    assert "щиток" in one.says
    assert await articles.all() is await articles.all()
    await articles.change(made.id, 1, centre.content(said_as="електрика"), centre.olena, NOON)
    (one,) = await articles.all()
    assert "електрика" in one.asks


async def test_a_question_is_noted_once_in_a_call_and_closed_once(centre: Centre) -> None:
    missing, articles = centre.storage.missing_answers, centre.storage.articles
    asked = await centre.asked()
    assert await centre.asked() == asked  # pressed twice
    assert await centre.asked(call="c2") != asked
    made = await articles.add(centre.content(), centre.head, NOON, answers=asked)
    one = await missing.get(asked)
    assert (one.state, one.article_id, one.closed_by) == (MissingState.ANSWERED, made.id, centre.head)
    with pytest.raises(ForbiddenTransition):
        await missing.dismiss(asked, "зайве", centre.head, NOON)
    with pytest.raises(ForbiddenTransition):
        await articles.add(centre.content(), centre.olena, NOON, answers=asked)
    assert len(await articles.all()) == 1  # nothing is left of the second


async def test_who_noted_it_is_told_until_they_have_read_it(centre: Centre) -> None:
    missing = centre.storage.missing_answers
    asked = await centre.asked()
    assert await missing.noted_by(centre.olena, 9, unread=True) == []
    await missing.pass_on(asked, centre.olena)
    assert (await missing.get(asked)).owner_id == centre.olena
    await missing.dismiss(asked, "Це не наше", centre.olena, NOON)
    assert [one.id for one in await missing.noted_by(centre.olena, 9, unread=True)] == [asked]
    assert await missing.open(9) == []
    with pytest.raises(ForbiddenTransition):
        await missing.pass_on(asked, centre.head)
    await missing.read(asked, NOON)
    assert await missing.noted_by(centre.olena, 9, unread=True) == []
    assert [one.id for one in await missing.noted_by(centre.olena, 9)] == [asked]


async def test_a_question_ends_with_its_call(centre: Centre) -> None:
    storage = centre.storage
    await call(storage, "c1", "+380457900001", 0, Outcome.TALKED)
    await centre.asked()
    await centre.asked(call=None)
    await storage.retention.sweep(Retention(), NOON + timedelta(days=2000))
    async with storage.database.reading() as connection:
        left = (await connection.execute(select(missing_answers.c.call_id))).scalars().all()
    assert left == [None]
