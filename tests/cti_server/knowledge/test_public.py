"""Residents find chosen articles by words and read them in either language; nothing else is there."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.outages.public.routes import add_public_outages
from hotline.knowledge.articles import Wording
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.knowledge.conftest import Library
from tests.cti_server.outages.public.conftest import public_sources
from tests.cti_server.test_in_browser import opened_window

WATER = Wording(question="Де взяти воду?", answer="Воду підвозять до будинків.")


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_public_outages(app, public_sources(storage, clock))
    return app


async def test_only_what_is_public_and_holds_is_there(
    person: Person, library: Library, clock: MovedClock
) -> None:
    over = clock.now().date() - timedelta(days=1)
    shown = await library.article(uk=WATER, public=True)
    hidden: Collection[int] = [
        (await library.article()).id,
        (await library.article(public=True, valid_until=over)).id,
        (await library.article(public=True, withdrawn=True)).id,
    ]
    page = await person.text("/questions")
    assert f'href="/questions/{shown.id}"' in page
    assert "немає світла" not in page
    assert "Воду підвозять" in await person.text(f"/questions/{shown.id}")
    for one in [*hidden, 999]:
        assert (await person.get(f"/questions/{one}")).status == 404


async def test_words_in_any_form_find_and_nothing_found_leads_to_a_person(
    person: Person, library: Library
) -> None:
    one = await library.article(uk=WATER, public=True)
    await library.article(public=True)
    page = await person.text("/questions?q=водою")
    assert f'href="/questions/{one.id}"' in page
    assert page.count("<article") == 1
    assert "1580" in await person.text("/questions?q=трамвай")


async def test_english_readers_get_english_or_ukrainian_marked_as_such(
    person: Person, library: Library
) -> None:
    both = await library.article(
        uk=WATER, en=Wording(question="Where to get water?", answer="It is brought."), public=True
    )
    one = await library.article(public=True)
    page = await person.text("/questions?lang=en")
    assert "Where to get water?" in page
    assert '<h3 lang="uk">' in page
    assert "It is brought." in await person.text(f"/questions/{both.id}?lang=en")
    assert '<h1 lang="uk">' in await person.text(f"/questions/{one.id}?lang=en")


@pytest.mark.system
async def test_it_is_readable_without_scripts_in_all_sizes(server: TestServer, library: Library) -> None:
    one = await library.article(uk=WATER, public=True)
    async with opened_window(server) as window:
        await window.look("/questions", "questions")
        await window.look(f"/questions/{one.id}", "question")
    async with opened_window(server, java_script_enabled=False) as window:
        await window.open("/questions")
        await window.page.get_by_role("searchbox").fill("води")
        await window.page.get_by_role("button", name="Знайти").click()
        await window.page.get_by_role("link", name="Де взяти воду?").click()
        assert "Воду підвозять" in await window.page.content()
