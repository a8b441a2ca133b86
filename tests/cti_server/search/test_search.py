"""The search's page and the part of it that comes while one types."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from hotline.access.permissions import Role
from hotline.access.users import AuditFilter, User
from hotline.calls.call import VoiceMessage
from hotline.speech.hearing import Engine, HeardWord
from hotline.speech.transcripts import Transcript
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import Person
from tests.cti_server.search.conftest import NUMBER
from tests.effort import effort

pytestmark = pytest.mark.usefixtures("town", "users")


def page(text: str) -> str:
    return str(URL("/search").with_query(q=text))


def part(text: str) -> str:
    return str(URL("/search/found").with_query(q=text, desk="1"))


@pytest.fixture
async def dispatcher(person: Person) -> Person:
    await person.enter(Role.DISPATCHER.value)
    return person


async def test_a_number_brings_the_person_their_appeals_and_their_calls(dispatcher: Person) -> None:
    shown = await dispatcher.text(part("045 790 00 12"))
    assert "Демченко" in shown
    assert 'data-open="/desk/appeals/2600001"' in shown
    assert 'href="/calls/hotline-1.1"' in shown
    assert NUMBER not in shown.replace("%2B", "+").replace(f"q={NUMBER}", "")


async def test_found_words_are_marked_in_whatever_form(dispatcher: Person) -> None:
    shown = await dispatcher.text(part("труби прорвані"))
    assert "підвалі <mark>прорвало</mark> <mark>трубу</mark>, вода" in shown
    assert "<mark>Демченко</mark> <mark>Марія</mark>" in await dispatcher.text(part("мар демч"))


async def test_what_citizens_said_is_text_and_no_markup(dispatcher: Person) -> None:
    shown = await dispatcher.text(part("ліхтарі"))
    assert "&lt;b&gt;вже&lt;/b&gt;" in shown


async def test_the_page_says_what_to_search_by_and_that_nothing_was_found(dispatcher: Person) -> None:
    assert "останні цифри" in await dispatcher.text("/search")
    shown = await dispatcher.text(page("невідоме"))
    assert "Нічого не знайдено" in shown
    assert 'value="невідоме"' in shown


async def test_an_observer_sees_appeals_and_neither_people_nor_calls(person: Person) -> None:
    await person.enter(Role.OBSERVER.value)
    shown = await person.text(page(NUMBER))
    assert 'href="/appeals/2600001"' in shown
    assert "Демченко" not in shown
    assert "/calls/" not in shown


async def test_an_executor_searches_nothing(person: Person) -> None:
    await person.enter(Role.EXECUTOR.value)
    assert (await person.get(page(NUMBER))).status == 403


async def test_whose_data_was_shown_is_written_down(
    dispatcher: Person, storage: Storage, users: Mapping[Role, User]
) -> None:
    await dispatcher.text(part("демченко"))
    await dispatcher.text(part("невідоме"))
    entries = await storage.audit.latest(10)
    searched = [entry for entry in entries if entry.action == "search"]
    assert [entry.detail for entry in searched] == ["демченко → citizen:1"]
    assert searched[0].user_id == users[Role.DISPATCHER].id


@settings(
    max_examples=effort(day=15, night=40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    typed=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=80)
    | st.text(alphabet="\"'*:()^-+{}&|!<>\\§% аб7", max_size=30)
)
async def test_whatever_is_typed_is_answered(dispatcher: Person, typed: str) -> None:
    assert (await dispatcher.get("/search/found", params={"q": typed})).status == 200


async def test_what_was_said_in_a_call_is_found_masked_and_leads_to_the_moment(
    dispatcher: Person, storage: Storage
) -> None:
    await spoken(storage)
    shown = await dispatcher.text(part("ліхтаря"))
    assert 'href="/calls/hotline-1.1?sound=said&amp;at=7#here"' in shown
    assert "0:07 Повідомлення: моя картка [номер картки приховано] а <mark>ліхтар</mark> не світить" in shown
    assert "said" not in await dispatcher.text(part("4993"))
    (*_, found) = await storage.audit.find(AuditFilter(action="search"), limit=9)
    assert "transcript:said" in found.detail


async def test_who_may_not_hear_calls_finds_nothing_by_what_was_said(
    person: Person, storage: Storage
) -> None:
    await spoken(storage)
    await person.enter(Role.OBSERVER.value)
    assert "Повідомлення" not in await person.text(part("ліхтаря"))


async def spoken(storage: Storage) -> None:
    """A message was left in the only call, and written down: a word a second."""
    (record,) = await storage.calls.recent(1)
    at = record.arrived_at
    await storage.calls.keep_message(
        VoiceMessage(id="said", call_id=record.id, number=NUMBER, file="a.wav", began_at=at, seconds=9.0)
    )
    words = ["моя", "картка", "4149", "4993", "1234", "5679", "а", "ліхтар", "не", "світить"]
    heard = [HeardWord(text=text, begins=at, ends=at + 1, confidence=1) for at, text in enumerate(words)]
    await storage.transcripts.keep(
        Transcript(
            sound="said",
            text=" ".join(words),
            words=tuple(heard),
            engine=Engine.VOSK,
            model="tiny",
            language=Language.UKRAINIAN,
            made_at=at,
        ),
        at,
    )
