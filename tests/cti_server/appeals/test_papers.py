"""Papers print any text: no letter of a citizen makes a card, a journal or a report unprintable."""

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as some

from cti_server.appeals.papers import registration_card
from cti_server.appeals.papers.letters import FONTS, is_plain, nothing, printable
from cti_server.appeals.papers.press import Press
from tests.cti_server.conftest import KYIV
from tests.hotline.appeals.people import APPEAL

HARD = (
    "Немає води, дуже чекаємо 🙏",
    "Сім’я 👨‍👩‍👧‍👦, прапор 🇺🇦, ❤️ і 👍🏽",
    "씼 한국어",
    "水 漢字 かな",
    "שלום עולם",
    "السلام عليكم ١٢٣",
    "ไทย हिन्दी",
    "дзвоник\a і \x1b[31m, \x7f, \x85",
    "догори \u202eногами\u202c",
    "половина \ud83d і \udc4d, немає \ufffe, \U0010ffff, своє \ue000, рідкісне 𪛖",
    "\u2028рядок\u2029ще\r\nй ще\rй ще\v\f\t.",
    "я" * 200,
    "https://hotline.example/" + "a" * 100,
    "🙏" * 60,
    "е\u0301\u0489" * 30,
    "",
)
OFFICE = {
    "organisation": "Виконком",
    "unit": "Контакт-центр",
    "head": "Начальник",
    "case": "02-12",
    "footer": "Надруковано",
}


def card(text: str) -> dict[str, Any]:
    fields = (
        *("number", "registered_on", "registered_at", "phone", "subject", "categories", "receipt", "kind"),
        *("sign", "earlier", "parent", "urgency", "topic", "topic_code", "term", "extended_until", "state"),
    )
    typed = dict.fromkeys(("applicant", "home", "address", "text", "resolution", "answer", "executor"), text)
    history = [{"at": "28.11.2026", "what": text, "who": text}]
    kept = {**dict.fromkeys(fields, "є"), "index": "Д-1", "result": "", "controlled": True}
    return {**OFFICE, **kept, **typed, "history": history, "details": [text]}


def journal(text: str) -> dict[str, Any]:
    return {**OFFICE, "rows": [["1", "2", text, "звернення", text, text, "", text]], "cut": "", "period": ""}


def report(text: str) -> dict[str, Any]:
    facts = [[text, text]]
    return {**OFFICE, "order": text, "issued_by": text, "facts": facts, "rows": [["дзвінок", text, "1"]]}


PAPERS = {"card": card, "journal": journal, "informing": report}
NOWHERE = Path("/nowhere")


def read(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return "".join(page.extract_text() for page in pages).replace("\u200b", "")


@pytest.mark.parametrize(
    ("template", "fonts"),
    [
        ("card", FONTS),
        ("journal", NOWHERE),
        ("informing", FONTS),
        pytest.param("card", NOWHERE, marks=pytest.mark.nightly),
        pytest.param("journal", FONTS, marks=pytest.mark.nightly),
        pytest.param("informing", NOWHERE, marks=pytest.mark.nightly),
    ],
)
async def test_no_letter_makes_a_paper_unprintable(template: str, fonts: Path) -> None:
    made = await Press(fonts).print(template, PAPERS[template]("\n".join(HARD)))
    assert b"pdfaid:part>2<" in made.replace(b'="2"', b">2<")
    text = "".join(read(made).split())
    assert "Немаєводи" in text
    assert "[U+202E]ногами" in text, "what turns the order is shown, and turns nothing"
    assert ("🙏" in text) or "[U+1F64F]" in text


@pytest.mark.usefixtures("true_programs")
async def test_letters_are_drawn_where_the_second_font_is_there() -> None:
    if not FONTS.exists():
        pytest.skip("fonts-unifont is not installed")
    text = read(await Press().print("journal", journal("🙏 씼 水 \a")))
    assert all(one in text for one in "🙏씼水␇")
    assert "U+" not in text


@pytest.mark.usefixtures("true_programs")
async def test_a_text_over_which_the_typesetter_fails_is_printed_by_numbers(tmp_path: Path) -> None:
    """A font that is none stands for all that may go wrong with letters."""
    (tmp_path / "unifont.otf").write_bytes(b"OTTO\0\1")
    assert "[U+1F64F]" in read(await Press(tmp_path).print("journal", journal("🙏")))


def test_the_card_says_whom_not_to_call() -> None:
    only = replace(APPEAL, applicant_number="+380671234567", only_in_writing=True)
    paper = registration_card.card(registration_card.CardOf(appeal=only), KYIV)
    assert paper["phone"] == "+380 67 123 4567; лише письмово: не телефонувати про це"


def test_control_characters_are_shown_by_their_pictures() -> None:
    assert printable("a\ab\x7fc\x00", "␇␡␀".__contains__) == "a␇b␡c␀"
    assert printable(["a\ab", {"x": "\ud800"}, 1, None], nothing) == [
        "a[U+0007]b",
        {"x": "[U+D800]"},
        1,
        None,
    ]


def test_a_word_that_fits_no_cell_is_broken_and_others_are_not() -> None:
    assert printable("перевантаження " * 20, nothing) == "перевантаження " * 20
    assert printable("а" * 30, nothing).count("\u200b") == 29
    assert printable("е\u0301" * 15, "\u0301".__contains__).count("\u200b") == 14


@given(some.text(some.characters(), max_size=60))
def test_what_is_printable_once_stays_as_it_is(text: str) -> None:
    shown = printable(text, nothing)
    assert is_plain(shown.replace("\u200b", ""))
    assert printable(shown, "\u200b".__contains__).replace("\u200b", "") == shown.replace("\u200b", "")


@pytest.mark.nightly
@given(some.text(some.characters(), max_size=300))
def test_any_text_is_printed_with_the_second_font_too(text: str) -> None:
    asyncio.run(Press().print("journal", journal(text)))
