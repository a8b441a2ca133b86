"""Documents as tables: there and back, in people's words and in TOML; what differs; the year ahead."""

import tomllib
from datetime import date

import pytest

from hotline.appeals.appeal import AppealKind
from hotline.city.classifier import Urgency, Utility
from hotline.city.days_off import days_off
from hotline.city.questions import Asks
from hotline.city_data.cells import choices, shown, understood
from hotline.city_data.columns import Column, Holds, Row, Rows
from hotline.city_data.differences import Way, differences
from hotline.city_data.kinds import read
from hotline.city_data.rows import rows_of, text_of, unknown_in, without
from hotline.city_data.score_form import SCORE_FACTS, SCORE_KINDS
from hotline.city_data.tables import ASKS, KINDS, TABLES, URGENCIES, UTILITIES
from hotline.city_data.working_copy import faults_of, faults_of_row
from hotline.city_data.year_ahead import year_ahead
from hotline.documents.document import DocumentKind, delivered
from hotline.intake.documents import FileSheet, rows_brought
from hotline.intake.lines import Unreadable
from hotline.quality.score_forms import Fact, ScoreKind

DELIVERED = [(kind, text) for kind in DocumentKind for text in delivered(kind).values()]
CLASSIFIER = TABLES[DocumentKind.CLASSIFIER]


def newest(kind: DocumentKind) -> Rows:
    *_, text = delivered(kind).values()
    return rows_of(TABLES[kind], text)


def changed(rows: Rows, table: str, place: int, **cells: str) -> Rows:
    now = [{**row, **cells} if at == place else row for at, row in enumerate(rows[table])]
    return {**rows, table: now}


def test_choices_are_those_of_the_code() -> None:
    assert {one.value for one in UTILITIES} == set(Utility)
    assert {one.value for one in URGENCIES} == set(Urgency)
    assert {one.value for one in KINDS} == set(AppealKind)
    assert {one.value for one in ASKS} == set(Asks)
    assert {one.value for one in SCORE_KINDS} == set(ScoreKind)
    assert {one.value for one in SCORE_FACTS} == set(Fact) - {Fact.NONE}
    assert set(TABLES) == set(DocumentKind)


@pytest.mark.parametrize(("kind", "text"), DELIVERED)
def test_a_delivered_document_is_the_same_after_it_was_rows(kind: DocumentKind, text: str) -> None:
    tables = TABLES[kind]
    again = text_of(tables, rows_of(tables, text))
    assert tomllib.loads(again) == tomllib.loads(text)
    assert read(kind, again) == read(kind, text)
    assert unknown_in(tables, text) == []


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize(("kind", "text"), DELIVERED)
def test_what_a_file_shows_is_understood_as_it_was(kind: DocumentKind, text: str, language: str) -> None:
    tables = TABLES[kind]
    rows = rows_of(tables, text)
    sheets = [
        FileSheet(
            name=table.name(language)[:31],
            lines=[
                [one.name(language) for one in table.columns],
                *(
                    [shown(one, row[one.key], language, choices(one, rows, tables)) for one in table.columns]
                    for row in rows[table.key]
                ),
            ],
        )
        for table in tables
    ]
    assert rows_brought(tables, {table.key: [] for table in tables}, sheets) == rows


def column(key: str) -> Column:
    return next(one for one in (*CLASSIFIER[0].columns, *TABLES["days-off"][0].columns) if one.key == key)


@pytest.mark.parametrize(
    ("holds", "typed", "meant"),
    [
        (Holds.TERM, "24 години", "24 hours"),
        (Holds.TERM, "1 ДЕНЬ", "1 days"),
        (Holds.TERM, "15 хв.", "15 minutes"),
        (Holds.TERM, "2 міс", "2 months"),
        (Holds.TERM, "3 days", "3 days"),
        (Holds.TERM, "колись", "колись"),
        (Holds.FLAG, "Так", "yes"),
        (Holds.FLAG, "-", "no"),
        (Holds.FLAG, "можливо", "можливо"),
        (Holds.DAY, "24.3.2022", "2022-03-24"),
        (Holds.DAY, "2022-03-24", "2022-03-24"),
        (Holds.DAY, "31.02.2026", "31.02.2026"),
        (Holds.DAYS, "12.04.2026; 02.05.2027 00:00:00", "2026-04-12, 2027-05-02"),
        (Holds.DAY_OF_YEAR, "25.12", "12-25"),
        (Holds.DAY_OF_YEAR, "25.12.2026 00:00:00", "12-25"),
        (Holds.DAY_OF_YEAR, "8 березня", "03-08"),
        (Holds.LIST, "Іван,\nМарія ; Іван", "Іван, Марія"),
        (Holds.TEXT, "  два   слова ", "два слова"),
    ],
)
def test_a_cell_is_read_as_people_type_it(holds: Holds, typed: str, meant: str) -> None:
    assert understood(Column(key="x", uk="х", en="x", holds=holds), typed) == meant


@pytest.mark.parametrize(
    ("cell", "said"), [("1 hours", "1 година"), ("2 hours", "2 години"), ("11 days", "11 днів"), ("x", "x")]
)
def test_a_term_is_counted_in_ukrainian(cell: str, said: str) -> None:
    assert shown(column("term"), cell, "uk") == said


def test_what_cannot_be_read_stays_in_the_text_and_is_a_fault_at_its_row() -> None:
    rows = changed(newest(DocumentKind.CLASSIFIER), "category", 2, term="колись", interruption="можливо")
    text = text_of(CLASSIFIER, rows)
    assert rows_of(CLASSIFIER, text) == rows
    faults = faults_of_row(faults_of(DocumentKind.CLASSIFIER, text), CLASSIFIER[0], 2)
    assert set(faults) == {"term", "interruption"}


def test_a_fault_of_the_rules_stands_at_its_field() -> None:
    rows = changed(newest(DocumentKind.CLASSIFIER), "", 0, emergency="dragon", **{"urgent.urgent": "x"})
    faults = faults_of(DocumentKind.CLASSIFIER, text_of(CLASSIFIER, rows))
    assert {"emergency", "urgent.urgent"} <= set(faults_of_row(faults, CLASSIFIER[-1], 0))


def test_with_a_category_goes_what_was_asked_of_it_alone() -> None:
    rows = newest(DocumentKind.CLASSIFIER)
    place = next(at for at, row in enumerate(rows["category"]) if row["code"] == "gas-smell")
    left = without(CLASSIFIER, rows, CLASSIFIER[0], place)
    gone = {row["code"] for row in rows["question"]} - {row["code"] for row in left["question"]}
    assert gone == {"gas-where", "gas-told"}
    (named,) = (row for row in left["answer"] if row["code"] == "gas-104")
    assert named["categories"] == "gas-none"
    assert [row for row in left["answer"] if row["code"] == "how-to-ask"], "what is for all stays"
    twice = {**rows, "category": [*rows["category"], rows["category"][place]]}
    assert without(CLASSIFIER, twice, CLASSIFIER[0], place)["question"] == rows["question"]


def test_odd_texts_come_through_toml() -> None:
    odd = 'зворотна \\ риска, "лапки", \u2028, \x7f, 🔥'
    rows = changed(newest(DocumentKind.PAUSES), "pause", 0, uk=odd)
    assert rows_of(TABLES["pauses"], text_of(TABLES["pauses"], rows)) == rows


def test_keys_that_rows_would_lose_are_named() -> None:
    text = 'colour = 1\n[[pause]]\ncode = "a"\nuk = "а"\nen = "a"\nicon = "x"\n[extra]\nx = 1\n'
    assert unknown_in(TABLES["pauses"], text) == ["colour", "extra.x", "pause.icon"]


def test_differences_are_told_by_row_and_field() -> None:
    before = newest(DocumentKind.CLASSIFIER)
    after = changed(before, "category", 0, uk="Без води", term="12 hours")
    new: Row = {**before["category"][1], "code": "flood", "uk": "Повінь"}
    after = {**after, "category": [*after["category"][:5], new, *after["category"][6:]]}
    found = differences(CLASSIFIER, before, after)
    assert [(one.way, one.row["code"]) for one in found.rows] == [
        (Way.CHANGED, before["category"][0]["code"]),
        (Way.ADDED, "flood"),
        (Way.REMOVED, before["category"][5]["code"]),
    ]
    assert [(one.column.key, one.before, one.after) for one in found.rows[0].fields] == [
        ("uk", before["category"][0]["uk"], "Без води"),
        ("term", before["category"][0]["term"], "12 hours"),
    ]
    assert len(differences(CLASSIFIER, before, before)) == 0


def test_of_a_list_only_what_comes_and_goes_is_told_and_another_order_of_rows_is() -> None:
    tables = TABLES["paperwork"]
    before = newest(DocumentKind.PAPERWORK)
    names = before[""][0]["given_names"]
    after = changed(before, "", 0, given_names=names.replace("Адам, ", "") + ", Ярило")
    (one,) = differences(tables, before, after).rows
    assert [(each.before, each.after) for each in one.fields] == [("Адам", "Ярило")]
    pauses = newest(DocumentKind.PAUSES)
    turned = {"pause": [*reversed(pauses["pause"])]}
    assert [one.key for one in differences(TABLES["pauses"], pauses, turned).reordered] == ["pause"]


def test_the_year_ahead_says_the_weekday_and_whether_people_work() -> None:
    rows = newest(DocumentKind.DAYS_OFF)
    ahead = year_ahead(rows, days_off(), date(2026, 3, 2))
    assert [one.day for one in ahead][:3] == [date(2026, 3, 8), date(2026, 4, 12), date(2026, 5, 1)]
    assert ahead[-1].day == date(2027, 1, 1)
    assert all(one.suspended and one.instead is None for one in ahead)
    peace = {**rows, "suspended": [{"since": "2022-03-24", "until": "2026-02-28"}]}
    then = read(DocumentKind.DAYS_OFF, text_of(TABLES["days-off"], peace))
    first, *_ = year_ahead(peace, then, date(2026, 3, 2))
    assert (first.day, first.suspended, first.instead) == (date(2026, 3, 8), False, date(2026, 3, 9))


HEADINGS = ["Код", "Українською", "Англійською", "Пропонувати диспетчерам"]


def sheet(*lines: list[str], name: str = "") -> FileSheet:
    return FileSheet(name=name, lines=[HEADINGS, *lines])


def test_a_sheet_without_a_name_is_known_by_its_headings() -> None:
    rows = rows_brought(TABLES["pauses"], {}, [sheet(["break", "Перерва", "Break"])])
    assert rows == {"pause": [{"code": "break", "uk": "Перерва", "en": "Break", "chosen": "yes"}]}


@pytest.mark.parametrize(
    ("sheets", "about"),
    [
        ([FileSheet(name="Аркуш1", lines=[["а", "б"]])], ["Аркуш1"]),
        ([sheet(), sheet(name="Причини перерв")], ["", "Причини перерв"]),
        ([FileSheet(name="pause", lines=[HEADINGS[:2]])], HEADINGS[2:]),
        ([FileSheet(name="pause", lines=[[*HEADINGS, "Колір"]])], ["Колір"]),
        ([FileSheet(name="pause", lines=[[*HEADINGS, "code"]])], ["code"]),
        ([sheet(*([["a"]] * 2001), name="pause")], ["pause"]),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_what_it_is_about_is_named(
    sheets: list[FileSheet], about: list[str]
) -> None:
    with pytest.raises(Unreadable) as refused:
        rows_brought(TABLES["pauses"], {}, sheets)
    assert list(refused.value.about) == about
