"""Documents are read strictly: all faults at once, each with its place, and no other exception."""

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.classifier import CLASSIFIERS, classifier
from hotline.city.days_off import days_off
from hotline.city_data.kinds import HOLDERS, in_force, kept, read
from hotline.documents.document import FIRST_OWN, DocumentKind, delivered
from hotline.documents.faults import DocumentFaults, Flaw

HERE = Path(__file__).parent
DELIVERED = {kind: max(delivered(kind).items())[1] for kind in DocumentKind}
LINES = [line.split("\t") for line in (HERE / "faults.tsv").read_text("utf-8").splitlines()]
FAULTS = [
    (DocumentKind(kind), there, instead.replace("\\n", "\n"), f"{place} {flaw}")
    for kind, there, instead, place, flaw in LINES
]
"""Of each document: what stands there, what is written instead, and the fault that this is."""


def at_import(module: ast.Module) -> Iterator[str]:
    """Give the statements that run when the module is imported."""
    for one in module.body:
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield ast.unparse(one)


def told(text: str, kind: DocumentKind) -> Sequence[str]:
    """Name the faults of a text, which may have none."""
    try:
        read(kind, text, former=in_force(kind))
    except DocumentFaults as found:
        return [f"{one.table}/{one.row}/{one.field} {one.flaw}" for one in found.faults] or ["no fault"]
    return []


@pytest.fixture
def _holding() -> Iterator[None]:
    with kept():
        yield


@pytest.mark.parametrize("kind", DocumentKind)
def test_each_delivered_version_is_without_fault(kind: DocumentKind) -> None:
    for version, text in delivered(kind).items():
        assert read(kind, text, version=version)
    assert HOLDERS[kind].version == max(delivered(kind)) < FIRST_OWN


@pytest.mark.parametrize(("kind", "there", "instead", "fault"), FAULTS)
def test_a_fault_names_its_table_row_and_field(
    kind: DocumentKind, there: str, instead: str, fault: str
) -> None:
    changed = DELIVERED[kind].replace(there, instead, 1)
    assert changed != DELIVERED[kind]
    assert fault in told(changed, kind)


def test_each_flaw_has_its_example() -> None:
    assert {flaw for *_, flaw in LINES} == set(Flaw) - {Flaw.TOO_LARGE, Flaw.NOTHING_CHOSEN}
    pauses = DELIVERED[DocumentKind.PAUSES].removesuffix("chosen = false\n")
    nothing = pauses.replace("code = ", "chosen = false\ncode = ")
    assert told(nothing, DocumentKind.PAUSES) == [f"// {Flaw.NOTHING_CHOSEN}"]


def test_all_faults_are_told_at_once() -> None:
    changed = DELIVERED[DocumentKind.CLASSIFIER]
    for kind, there, instead, _ in FAULTS[5:8]:
        assert kind is DocumentKind.CLASSIFIER
        changed = changed.replace(there, instead, 1)
    assert sorted(told(changed, DocumentKind.CLASSIFIER)) == sorted(fault for *_, fault in FAULTS[5:8])


@given(kind=st.sampled_from(DocumentKind), data=st.data())
def test_a_text_however_broken_is_read_or_has_faults(kind: DocumentKind, data: st.DataObject) -> None:
    lines = DELIVERED[kind].splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    values = st.sampled_from(["", "[[x]]", "[x]", "= 1", "1 = []", "''", "a = [[]]", "day = 2026-01-01"])
    named = lines[place].partition("=")[0]
    written = st.sampled_from(
        ["= 1", "= true", "= []", "= {}", '= ""', "= 1979-05-27T07:32:00", '= ["\\u0000"]']
    )
    lines[place] = data.draw(values | written.map(lambda one: f"{named}{one}"))
    assert "no fault" not in told("\n".join(lines), kind)


def test_nobody_asks_for_what_is_in_force_while_modules_are_imported() -> None:
    """What was got then would stay until the next restart."""
    asked = re.compile(r"\b(classifier|benefits|paperwork|days_off|pauses)\(\)")
    kept = []
    for package in ("hotline", "ivr_flows", "telephony", "cti_server", "storage", "service"):
        for file in (HERE.parents[2] / package).rglob("*.py"):
            text = file.read_text("utf-8")
            if asked.search(text):
                kept += [f"{file.name}: {line}" for line in at_import(ast.parse(text)) if asked.search(line)]
    assert kept == []


def test_what_is_nested_too_deeply_or_too_large_has_a_fault() -> None:
    for text, flaw in (("a = " + "[" * 9999, Flaw.NOT_TOML), ("#" * 600_000, Flaw.TOO_LARGE)):
        assert told(text, DocumentKind.PAUSES) == [f"// {flaw}"]


@pytest.mark.usefixtures("_holding")
def test_a_citys_own_version_holds_and_the_delivered_ones_stay_readable() -> None:
    own = DELIVERED[DocumentKind.CLASSIFIER].replace('term = "24 hours"', 'term = "12 hours"', 1)
    CLASSIFIERS.hold({FIRST_OWN: own})
    assert classifier().version == FIRST_OWN
    assert [classifier(one).categories["water-none"].term.amount for one in (3, FIRST_OWN)] == [24, 12]
    assert classifier(3).version == 3
    assert classifier(FIRST_OWN + 7) is classifier(), "nobody knows that version: the one in force answers"


@pytest.mark.usefixtures("_holding")
def test_a_version_that_cannot_be_read_leaves_the_last_good_one_in_force() -> None:
    own = DELIVERED[DocumentKind.CLASSIFIER]
    CLASSIFIERS.hold({FIRST_OWN: own})
    CLASSIFIERS.hold({FIRST_OWN: own, FIRST_OWN + 1: "broken"})
    assert classifier().version == FIRST_OWN
    assert set(CLASSIFIERS.held.broken) == {FIRST_OWN + 1}


def test_what_is_loaded_in_between_is_forgotten_afterwards() -> None:
    with kept():
        CLASSIFIERS.hold({FIRST_OWN: DELIVERED[DocumentKind.CLASSIFIER]})
    assert classifier().version == max(delivered(DocumentKind.CLASSIFIER))


def test_a_supposed_document_holds_for_the_one_who_supposes_it() -> None:
    text = DELIVERED[DocumentKind.DAYS_OFF].replace(
        "since = 2022-03-24", "since = 2022-03-24\nuntil = 2026-01-01"
    )
    holiday = date(2026, 8, 24)
    with HOLDERS[DocumentKind.DAYS_OFF].supposing(read(DocumentKind.DAYS_OFF, text)):
        assert days_off().is_off(holiday)
    assert not days_off().is_off(holiday)
