"""The form by which talks are assessed, as the head writes it."""

import pytest

from hotline.documents.document import DocumentKind, delivered
from hotline.documents.faults import DocumentFaults, Flaw
from hotline.quality.score_forms import Fact, ScoreKind, read_score_form, score_form

TEXT = delivered(DocumentKind.SCORE_FORM)[1]


def faults(text: str) -> list[tuple[str, str, Flaw]]:
    with pytest.raises(DocumentFaults) as found:
        read_score_form(text, 0)
    return [(one.row, one.field, one.flaw) for one in found.value.faults]


def test_the_delivered_form_is_in_force_and_asks_what_a_city_hotline_is_for() -> None:
    form = score_form()
    assert (form.version, form.passes, form.dispute_days, form.sampling.random) == (1, 80, 7, 3)
    assert {one.fact for one in form.questions.values()} >= {Fact.GREETING, Fact.READ_BACK, Fact.TERM_TOLD}
    assert [one.code for one in form.questions.values() if one.critical] == [
        "danger",
        "registered",
        "respect",
    ]
    assert {one.kind for one in form.questions.values()} == set(ScoreKind)
    assert all(form.of_section(code) for code in form.sections)


def test_every_text_stands_in_both_languages() -> None:
    for one in score_form().questions.values():
        assert one.name("uk") != one.name("en")
        assert bool(one.hint("uk")) == bool(one.hint("en"))


@pytest.mark.parametrize(
    ("there", "instead", "fault"),
    [
        ("passes = 80", "passes = 180", ("", "passes", Flaw.NO_NUMBER)),
        ("passes = 80", 'passes = "many"', ("", "passes", Flaw.NO_NUMBER)),
        ("passes = 80", "passes = true", ("", "passes", Flaw.NO_NUMBER)),
        ("passes = 80\n", "", ("", "passes", Flaw.MISSING)),
        ("random = 3", "random = -1", ("", "random", Flaw.NO_NUMBER)),
        ('section = "beginning"', 'section = "start"', ("greeting", "section", Flaw.UNKNOWN_SECTION)),
        ('code = "goodbye"', 'code = "term"', ("term", "code", Flaw.DOUBLED)),
        ('fact = "term-told"', 'fact = "weather"', ("term", "fact", Flaw.UNKNOWN_CHOICE)),
        ("weight = 20", "weight = 0", ("danger", "weight", Flaw.NO_NUMBER)),
    ],
)
def test_a_fault_names_its_place(there: str, instead: str, fault: tuple[str, str, Flaw]) -> None:
    assert there in TEXT
    assert fault in faults(TEXT.replace(there, instead, 1))
