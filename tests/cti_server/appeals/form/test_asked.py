"""Questions of the category: asked in the form, kept in the draft, shown wherever the appeal is."""

import html
import re
from datetime import UTC, datetime

import pytest

from cti_server.appeals.form.asked import details, faults_of, read_answer
from hotline.city.classifier import classifier
from hotline.city.questions import Asks, Detail, Question
from hotline.city.scope import Scope
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, Goes
from tests.cti_server.conftest import KYIV, Person

FIRST = "2600001"
HTMX = {"HX-Request": "true"}
ANSWERED = {"details.extent": "у всьому будинку", "details.flats": "12", "details.since": "1.03.2026 7:30"}
GAS = {"category": "gas-smell", "kind": "report"}
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SINCE = Question(code="since", scope=Scope(), uk="Відколи?", en="Since when?", asks=Asks.MOMENT)


async def sent(person: Person, form: dict[str, str]) -> tuple[int, str]:
    answer = await person.post("/desk/appeals", form)
    return answer.status, html.unescape(await answer.text())


async def test_a_category_brings_its_questions_its_guide_and_ready_answers(olena: Person) -> None:
    part = html.unescape(await olena.text("/desk/appeals/asked?category=gas-smell"))
    assert (
        part.index("Скажіть відразу") < part.index("Перекрийте газовий кран") < part.index("Де чути запах?")
    )
    assert 'name="details.gas-told" value="yes"' in part
    assert "Про запах газу цілодобово повідомляйте за номером 104" in part
    assert "Ваше звернення №" not in part, "what has no number yet is not offered"
    assert "<fieldset" not in await olena.text("/desk/appeals/asked?category=dragon")


async def test_answers_are_kept_with_the_words_of_their_questions_and_shown_with_the_appeal(
    olena: Person, filled: dict[str, str], storage: Storage, hot_water_goes: Goes
) -> None:
    other = {
        "details.gas-where": "у підвалі",
        "details.dragon": "x",
    }  # of a category chosen before, and of none
    assert (await sent(olena, filled | ANSWERED | other))[0] == 200
    await hot_water_goes()
    appeal = await storage.appeals.find(FIRST)
    assert appeal is not None
    assert appeal.details == (
        Detail(
            code="since", uk="Відколи?", en="Since when?", asks=Asks.MOMENT, answer="2026-03-01T05:30+00:00"
        ),
        Detail(
            code="extent",
            uk="У кого ще так само?",
            en="Who else has the same?",
            asks=Asks.CHOICE,
            answer="у всьому будинку",
            answer_en="the whole house",
        ),
        Detail(
            code="flats",
            uk="Скільки приблизно квартир без послуги?",
            en="How many flats are without it, about?",
            asks=Asks.NUMBER,
            answer="12",
        ),
    )
    page = await olena.text(f"/appeals/{FIRST}")
    assert "<dt>Відколи?</dt><dd>01.03.2026 07:30</dd>" in page
    assert "<dd>у всьому будинку</dd>" in await olena.text(f"/desk/appeals/{FIRST}")
    assert "Скільки приблизно квартир без послуги? 12" in await olena.text("/appeals.csv")


async def test_ready_answers_know_the_appeal_once_it_is_registered(
    olena: Person, filled: dict[str, str]
) -> None:
    _, page = await sent(olena, filled)
    assert "Стан звернення № 26 000 01 можна дізнатися" in page
    assert 'data-into="notes-hotline-1.1"' in page
    card = html.unescape(await olena.text(f"/appeals/{FIRST}"))
    assert f"Про відключення за адресою {filled['address']} відомо" in card
    assert 'data-into="note-text"' in card


async def test_what_has_to_be_asked_is_among_the_faults_and_typed_answers_stay(
    olena: Person, filled: dict[str, str]
) -> None:
    form = filled | GAS | {"text": "", "details.gas-where": "на Місяці"}
    status, page = await sent(olena, form)
    assert status == 422
    faults = re.findall(r'data-fault="([^"]+)"', page)
    assert faults == ["text", "details.gas-where", "details.gas-told"]
    assert 'data-fault="details.gas-told">Чи вже повідомили 104? Запитайте: це обов’язково.' in page
    mended = form | {"text": "Тхне газом", "details.gas-where": "у підвалі", "details.gas-told": "no"}
    status, page = await sent(olena, mended)
    assert (status, page.count("Скажіть відразу")) == (200, 1), "an emergency is talked on about"


async def test_whoever_does_not_know_what_has_to_be_asked_is_registered_all_the_same(
    olena: Person, filled: dict[str, str], storage: Storage
) -> None:
    part = await olena.text("/desk/appeals/asked?category=gas-smell")
    (chosen,) = re.findall(r'name="details.gas-told" value="unknown"([^>]*)>', part)
    assert "checked" not in chosen, "nobody has asked yet"
    asked = {"details.gas-where": "не знає", "details.gas-told": "unknown"}
    assert (await sent(olena, filled | GAS | asked))[0] == 200
    assert "<dt>Чи вже повідомили 104?</dt><dd>невідомо</dd>" in await olena.text(f"/appeals/{FIRST}")


async def test_without_a_call_nothing_is_offered_for_its_notes(olena: Person, filled: dict[str, str]) -> None:
    answer = await olena.post("/desk/appeals?own=yes", filled | {"call": ""})
    assert (answer.status, "data-ready" in await answer.text()) == (200, False)


async def test_a_draft_keeps_the_answers(olena: Person, filled: dict[str, str]) -> None:
    answer = await olena.post("/desk/appeals/draft", filled | ANSWERED | {"details.flats": "багато"})
    assert (await answer.json())["faults"] == ["details.flats"]
    part = await (await olena.get(f"/desk/appeals/new?call={CALL}", headers=HTMX)).text()
    assert 'value="1.03.2026 7:30"' in part
    assert '<option value="у всьому будинку" selected>' in part
    assert 'id="details.flats"' in part
    assert 'value="багато"' in part


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9:30", "2026-03-02T07:30+00:00"),
        ("23:30", "2026-03-01T21:30+00:00"),
        ("26.11", "2025-11-26"),
        ("1.03 8:00", "2026-03-01T06:00+00:00"),
        ("26.11 9:30", "2025-11-26T07:30+00:00"),
        ("2026-03-01T09:30", "2026-03-01T07:30+00:00"),
        ("01.03.2026", "2026-03-01"),
        ("1.03 о 8:00", "2026-03-01T06:00+00:00"),
        ("26.11.2025 об 11", "2025-11-26T09:00+00:00"),
        ("Вчора о 18.30", "2026-03-01T16:30+00:00"),
        ("вчора", "2026-03-01"),
        ("сьогодні, о 9", "2026-03-02T07:00+00:00"),
        ("о 9:30", "2026-03-02T07:30+00:00"),
        ("yesterday at 9:30", "2026-03-01T07:30+00:00"),
        ("вчора о 25", None),
        ("вчора з обіду", None),
        ("з ранку", None),
        ("25:00", None),
        ("31.02", None),
        ("29.02", "2024-02-29"),
        ("29.02 9:30", "2024-02-29T07:30+00:00"),
    ],
)
def test_a_moment_is_the_last_such_one(typed: str, kept: str | None) -> None:
    assert read_answer(SINCE, typed, NOW, KYIV) == kept


@pytest.mark.parametrize(
    ("code", "typed", "uk", "en"),
    [
        ("room-temperature", "16,5", "16,5", "16.5"),
        ("helpless", "yes", "так", "yes"),
        ("radiators", "in one room", "в одній кімнаті", "in one room"),
        ("since", "26.11.2025", "26.11.2025", "26.11.2025"),
    ],
)
def test_an_answer_is_said_in_the_language_of_whoever_reads_it(
    code: str, typed: str, uk: str, en: str
) -> None:
    (one,) = details("heat-none", {code: typed}, NOW, KYIV)
    assert (one.said("uk", KYIV), one.said("en", KYIV)) == (uk, en)


def test_an_answer_without_a_fault_is_kept_also_of_a_day_that_this_year_lacks() -> None:
    assert not list(faults_of("heat-none", {"since": "29.02"}))
    (one,) = details("heat-none", {"since": "29.02"}, NOW, KYIV)
    assert one.answer == "2024-02-29"


def test_each_question_has_an_answer_that_can_be_given() -> None:
    for one in classifier().questions:
        assert bool(one.options) is (one.asks is Asks.CHOICE), one.code
