"""Beside a talk: articles by category, keys and words; what was told there, and what is missing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.calls.routes import add_past_calls
from cti_server.keys import Accounts
from cti_server.knowledge.article import content_of
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Scalar, Step
from hotline.calls.skills import Skill
from hotline.knowledge.articles import Wording
from storage.store import Storage
from tests.cti_server.calls.conftest import past_calls
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.knowledge.conftest import Library

BESIDE = "/knowledge/beside?call=c1"
WATER = Wording(question="Де взяти воду, коли її відключили?", answer="Воду підвозять.")


@pytest.fixture
def app(app: web.Application, storage: Storage, tmp_path: Path) -> web.Application:
    add_past_calls(app, past_calls(storage, tmp_path / "recordings", tmp_path / "messages"))
    return app


@pytest.fixture
async def olena(
    person: Person, users: Mapping[Role, User], accounts: Accounts, storage: Storage, clock: MovedClock
) -> Person:
    """The dispatcher at her desk, with a call in hand."""
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await accounts.users.update(replace(users[Role.DISPATCHER], dispatcher_id=desk.id))
    call = CallRecord(id="c1", number="+380457900001", shown="+380457900001", arrived_at=clock.now())
    await storage.calls.open(call)
    await storage.calls.flush()
    await person.enter("dispatcher")
    return person


async def step(storage: Storage, clock: MovedClock, kind: Step, number: int, **detail: Scalar) -> None:
    await storage.calls.note(
        JourneyStep(call_id="c1", number=number, at=clock.now(), step=kind, detail=detail)
    )


async def test_the_chosen_category_brings_its_articles(olena: Person, library: Library) -> None:
    light, water = await library.article(), await library.article(uk=WATER, categories=("water-none",))
    assert "data-article=" not in await olena.text(BESIDE)
    page = await olena.text(f"{BESIDE}&category=water-none")
    assert f'data-article="{water.id}"' in page
    assert f'data-article="{light.id}"' not in page
    words = await olena.text(f"{BESIDE}&text=що робити коли світла нема")
    assert f'data-article="{light.id}"' in words


async def test_a_key_of_the_menu_brings_articles_of_its_topic(
    olena: Person, library: Library, storage: Storage, clock: MovedClock
) -> None:
    outages = await library.article(topics=(Skill.OUTAGES,))
    power = await library.article(uk=WATER, topics=(Skill.WATER,))
    assert "data-article=" not in await olena.text(BESIDE)
    await step(storage, clock, Step.PRESSED, 1, key="1", asked="menu")
    await step(storage, clock, Step.REPORTED_OFF, 2, utility="water")
    page = await olena.text(BESIDE)
    assert f'data-article="{outages.id}"' in page
    assert f'data-article="{power.id}"' in page


async def test_what_was_told_stands_in_the_call_in_the_words_of_then(
    olena: Person, library: Library, storage: Storage, clock: MovedClock
) -> None:
    one = await library.article()
    told = {"call": "c1", "category": "power-none"}
    page = await (await olena.post(f"/knowledge/{one.id}/told", told)).text()
    assert 'data-told="no"' in page
    await olena.post(f"/knowledge/{one.id}/told", told)  # pressed twice
    later = replace(one, uk=replace(one.uk, question="Що робити без світла?"))
    await storage.articles.change(one.id, 1, content_of(later), one.owner_id, clock.now())
    await storage.calls.close("c1", Outcome.TALKED, clock.now())
    await storage.calls.flush()
    call = await olena.text("/calls/c1")
    assert call.count("Що робити, коли немає світла?") == 1
    assert f"/knowledge/{one.id}?version=1" in call
    answer = await olena.get("/calls.csv")
    assert "Що робити, коли немає світла?" in (await answer.read()).decode("utf-8-sig")
    await olena.post(f"/knowledge/{one.id}/told", told | {"told": "no"})
    assert await storage.article_uses.of_call("c1") == []


async def test_what_is_missing_is_noted_with_the_call(
    olena: Person, library: Library, storage: Storage, users: Mapping[Role, User]
) -> None:
    await library.article(owner=Role.HEAD)
    given = {"call": "c1", "category": "power-none", "question": "Де зарядити телефон?"}
    page = await (await olena.post("/knowledge/beside/missing", given)).text()
    assert "Де зарядити телефон?" in page
    one = await storage.missing_answers.get(1)
    assert (one.call_id, one.category, one.owner_id) == ("c1", "power-none", users[Role.HEAD].id)
    assert (await olena.post("/knowledge/beside/missing", given | {"question": " "})).status == 400
    assert (await olena.post("/knowledge/beside/missing", given | {"call": "nobody"})).status == 404
    assert (await olena.get("/knowledge/beside?call=")).status == 404
