"""What a caller wants, by their own words."""

from collections.abc import Sequence

import pytest

from hotline.city.category_search import CategorySearch, CategoryWords
from hotline.speech.topics import Topic, topic_in
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from tests.bench.proposals import TEXTS
from tests.fakes.said import LEMMAS, said

WORDS = built_in()[Language.UKRAINIAN]
LEAST_FOUND = 0.95


@pytest.fixture
async def categories() -> Sequence[CategoryWords]:
    return await CategorySearch(LEMMAS).words()


@pytest.mark.parametrize(
    "text",
    [
        "з'єднайте з диспетчером, у нас газом тхне",
        "коли дадуть воду, бо вже заливає сусідів",
        "моє звернення не виконали, а тепер прорвало трубу",
    ],
)
def test_an_emergency_wins_whatever_else_is_said(text: str) -> None:
    assert topic_in(said(text), WORDS) is Topic.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "не можу дихати",
        "чоловік не дихає",
        "не працює газ, пахне",
        "не знаю що робити, пожежа",
        "нема сил, горить квартира",
        "ні, не так, горить дах",
        "нє, пожежа в нас",
        "та нє, горить дім",
        "не відчиняється ліфт, ми застрягли",
        "не чіпайте, дріт упав",
    ],
)
def test_a_negation_of_something_else_hides_no_emergency(text: str) -> None:
    assert topic_in(said(text), WORDS) is Topic.EMERGENCY


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("не горить ліхтар біля дому", Topic.MATTER),
        ("світло не горить у квартирі", Topic.OUTAGES),
        ("газу немає з ранку", Topic.OUTAGES),
        ("газом не тхне", None),
    ],
)
def test_what_is_not_so_is_no_emergency(text: str, topic: Topic | None) -> None:
    assert topic_in(said(text), WORDS) is topic


@pytest.mark.parametrize("text", ["", "алло", "добрий день", "дякую за перегляд", "ну от я не знаю"])
def test_what_says_nothing_has_no_topic(text: str, categories: Sequence[CategoryWords]) -> None:
    assert topic_in(said(text), WORDS, categories) is None


def test_citizens_texts_of_every_category_lead_somewhere(categories: Sequence[CategoryWords]) -> None:
    rows = [line.split("\t") for line in TEXTS.read_text("utf-8").splitlines()]
    topics = {text: topic_in(said(text), WORDS, categories) for _, text in rows}
    assert sum(one is not None for one in topics.values()) >= LEAST_FOUND * len(rows)
    asleep = [text for code, text in rows if code == "gas-smell" and topics[text] is not Topic.EMERGENCY]
    assert asleep == []
