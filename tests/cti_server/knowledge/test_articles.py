"""Articles are written, found, changed into versions, reviewed and withdrawn; each by whoever may."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.knowledge.articles import Standing, Wording
from hotline.knowledge.missing_states import MissingState
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.knowledge.conftest import FIELDS, Library


@pytest.fixture
async def olena(server: TestServer, library: Library) -> AsyncIterator[Person]:
    """The dispatcher, at a browser of her own."""
    assert library
    made = Person(TestClient(server))
    await made.enter("dispatcher")
    yield made
    await made.client.close()


async def test_an_article_is_written_and_found_by_a_word_in_any_form(
    head: Person, library: Library, storage: Storage, users: Mapping[Role, User]
) -> None:
    await library.article()
    owner = str(users[Role.DISPATCHER].id)
    answer = await head.post("/knowledge/new", FIELDS | {"owner": owner, "spoken": "yes"})
    assert answer.status == 303
    assert answer.headers["Location"] == "/knowledge/2?noted=article-saved"
    made = await storage.articles.get(2)
    assert made.uk.steps == ("Назвати найближчий пункт.", "Сказати години.")
    assert (made.public, made.spoken) == (True, True)  # what callers hear everybody may read
    found = await head.text("/knowledge?q=телефоном")
    assert found.count("list-open") == 1
    assert "Де зарядити телефон?" in found
    page = await head.text("/knowledge/2")
    assert page.index("У пункті незламності") < page.index("Назвати найближчий пункт.")
    told = [(line.action, line.subject) for line in await storage.audit.latest()]
    assert ("add", "article:2") in told
    assert ("search", "articles") in told
    assert ("view", "article:2") in told


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(head: Person, library: Library) -> None:
    assert library
    wrong = {"question_uk": "", "review_on": "31.31.2026", "answer_en": "Only an answer", "owner": "999"}
    answer = await head.post("/knowledge/new", FIELDS | wrong)
    assert answer.status == 422
    page = await answer.text()
    assert page.count("is-invalid") == 4
    assert "У пункті незламності" in page
    assert "31.31.2026" in page


async def test_of_two_editors_the_slower_one_keeps_what_they_typed(
    head: Person, library: Library, storage: Storage
) -> None:
    one = await library.article(owner=Role.HEAD)
    form = FIELDS | {"owner": str(one.owner_id), "seen": "1", "note": "коротше"}
    assert (await head.post(f"/knowledge/{one.id}/edit", form)).status == 303
    late = form | {"answer_uk": "Запізніла відповідь"}
    answer = await head.post(f"/knowledge/{one.id}/edit", late)
    assert answer.status == 409
    page = await answer.text()
    assert "Запізніла відповідь" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    assert seen[1] == "2"
    assert (await head.post(f"/knowledge/{one.id}/edit", late | {"seen": "2"})).status == 303
    assert [version.version for version in await storage.articles.versions(one.id)] == [3, 2, 1]
    history = await head.text(f"/knowledge/{one.id}")
    assert "коротше" in history
    assert "<ins>Запізніла</ins>" in history
    assert "Перевірте щиток." in await head.text(f"/knowledge/{one.id}?version=1")
    assert (await head.get(f"/knowledge/{one.id}?version=9")).status == 404


async def test_the_same_again_makes_no_version(head: Person, library: Library, storage: Storage) -> None:
    one = await library.article(owner=Role.HEAD)
    form = await head.text(f"/knowledge/{one.id}/edit")
    assert "Перевірте щиток." in form
    same = {
        "question_uk": one.uk.question,
        "answer_uk": one.uk.answer,
        "steps_uk": "\n".join(one.uk.steps),
        "review_on": one.review_on.strftime("%d.%m.%Y"),
        "owner": str(one.owner_id),
        "categories": "power-none",
        "seen": "1",
    }
    assert (await head.post(f"/knowledge/{one.id}/edit", same)).status == 303
    assert (await storage.articles.get(one.id)).version == 1


async def test_a_dispatcher_changes_only_their_own_and_publishes_nothing(
    olena: Person, library: Library, storage: Storage, users: Mapping[Role, User]
) -> None:
    hers, another = await library.article(), await library.article(owner=Role.HEAD)
    assert (await olena.get(f"/knowledge/{another.id}")).status == 200
    for path in ("edit", "reviewed", "withdraw"):
        assert (await olena.post(f"/knowledge/{another.id}/{path}", FIELDS)).status == 403
    assert "/edit" not in await olena.text(f"/knowledge/{another.id}")
    forged = FIELDS | {"seen": "1", "public": "yes", "owner": str(users[Role.HEAD].id)}
    assert (await olena.post(f"/knowledge/{hers.id}/edit", forged)).status == 303
    saved = await storage.articles.get(hers.id)
    assert (saved.version, saved.public, saved.owner_id) == (2, False, hers.owner_id)


async def test_review_due_and_expired_wait_for_whoever_answers_for_it(
    olena: Person, head: Person, library: Library, storage: Storage, clock: MovedClock
) -> None:
    today = clock.now().date()
    due = await library.article(review_on=today)
    over = await library.article(valid_until=today - timedelta(days=1))
    await library.article()
    waits = await olena.text("/todo")
    assert f"todo-article-{due.id}" in waits
    assert f"todo-article-{over.id}" in waits
    assert "todo-article" not in await head.text("/todo")
    mine = await olena.text("/knowledge?part=mine")
    assert mine.count("list-open") == 2
    assert (await olena.text("/knowledge?part=expired")).count("list-open") == 1
    for one in (due, over):
        assert (await olena.post(f"/knowledge/{one.id}/reviewed", {"seen": "1"})).status == 303
        assert (await storage.articles.get(one.id)).standing(today) is Standing.HOLDS
    assert "todo-article" not in await olena.text("/todo")
    assert (await olena.post(f"/knowledge/{due.id}/reviewed", {"seen": "1"})).status == 412  # pressed twice


async def test_what_is_withdrawn_is_only_in_its_part_and_comes_back(head: Person, library: Library) -> None:
    one = await library.article()
    assert (await head.post(f"/knowledge/{one.id}/withdraw", {"seen": "1"})).status == 303
    assert "list-open" not in await head.text("/knowledge")
    assert "list-open" in await head.text("/knowledge?part=withdrawn")
    assert (await head.post(f"/knowledge/{one.id}/withdraw", {"seen": "2", "back": "yes"})).status == 303
    assert "list-open" in await head.text("/knowledge")


async def test_a_missing_answer_goes_its_whole_road(
    olena: Person, head: Person, library: Library, storage: Storage, users: Mapping[Role, User]
) -> None:
    await library.article(owner=Role.HEAD)
    noted = {"question": "  Де зарядити\nтелефон? ", "category": "power-none"}
    answer = await olena.post("/knowledge/missing", noted)
    assert answer.status == 303
    assert (await storage.missing_answers.get(1)).owner_id == users[Role.HEAD].id  # whose article it is of
    assert "todo-missing-1" not in await olena.text("/todo")
    assert "todo-missing-1" in await head.text("/todo?wait=missing-answers")
    form = await head.text("/knowledge/new?missing=1")
    assert "Де зарядити телефон?" in form
    assert re.search(r'value="power-none" checked', form)
    owner = {"owner": str(users[Role.HEAD].id), "missing": "1"}
    assert (await head.post("/knowledge/new", FIELDS | owner)).status == 303
    assert (await storage.missing_answers.get(1)).article_id == 2
    assert (await head.post("/knowledge/new", FIELDS | owner)).status == 409  # pressed twice
    assert len(await storage.articles.all()) == 2
    assert "todo-missing-1" not in await head.text("/todo")
    assert "todo-answer-1" in await olena.text("/todo")
    answer = await olena.post("/knowledge/missing/1/read")
    assert answer.headers["Location"] == "/knowledge/2?noted=missing-read"
    assert "todo-answer-1" not in await olena.text("/todo")


async def test_an_article_that_is_there_already_answers_too(
    head: Person, library: Library, storage: Storage
) -> None:
    one = await library.article(uk=Wording(question="Де зарядити мобільний телефон?", answer="Удома."))
    asked = await library.asked()
    page = await head.text(f"/knowledge/missing/{asked}")
    assert f'name="article" value="{one.id}"' in page
    await head.post(f"/knowledge/missing/{asked}/answered", {"article": str(one.id)})
    assert (await storage.missing_answers.get(asked)).state is MissingState.ANSWERED
    assert (await head.post(f"/knowledge/missing/{asked}/answered", {"article": "1"})).status == 409


async def test_a_question_is_passed_on_dismissed_with_a_reason_and_only_by_whose_it_is(
    head: Person, olena: Person, library: Library, storage: Storage, users: Mapping[Role, User]
) -> None:
    asked, hers = await library.asked(), users[Role.DISPATCHER].id
    base = f"/knowledge/missing/{asked}"
    assert (await olena.post(f"{base}/dismiss", {"reason": "зайве"})).status == 403
    assert (await olena.get(f"/knowledge/new?missing={asked}")).status == 403
    assert (await head.post(f"{base}/pass-on", {"owner": str(users[Role.EXECUTOR].id)})).status == 400
    assert (await head.post(f"{base}/pass-on", {"owner": str(hers)})).status == 303
    assert (await olena.post(f"{base}/dismiss", {"reason": " "})).status == 422
    assert (await olena.post(f"{base}/dismiss", {"reason": "Питають раз на рік"})).status == 303
    one = await storage.missing_answers.get(asked)
    assert (one.state, one.reason) == (MissingState.DISMISSED, "Питають раз на рік")
    assert "Питають раз на рік" in await head.text(base)


@pytest.mark.parametrize("path", ["/knowledge?part=no&page=x&q=" + "є" * 300, "/knowledge?category=no"])
async def test_odd_filters_break_nothing(head: Person, library: Library, path: str) -> None:
    await library.article()
    assert (await head.get(path)).status == 200
