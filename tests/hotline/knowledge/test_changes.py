"""What a version changed is told field by field, in texts word by word."""

from dataclasses import replace
from datetime import date

from hotline.knowledge.articles import Content, Wording
from hotline.knowledge.changes import Piece, Way, changes, pieces

BEFORE = Content(
    uk=Wording(question="Де укриття?", answer="У підвалі школи.", steps=("Назвати вхід.",)),
    owner_id=1,
    review_on=date(2026, 12, 1),
)


def test_only_what_differs_is_listed() -> None:
    after = replace(BEFORE, uk=replace(BEFORE.uk, answer="У підвалі ліцею."), public=True)
    found = changes(BEFORE, after)
    assert [one.field for one in found] == ["uk.answer", "public"]
    assert (found[1].before, found[1].after) == (False, True)
    assert changes(BEFORE, BEFORE) == []


def test_texts_are_compared_by_words_and_nothing_is_lost() -> None:
    found = pieces("У підвалі школи.", "У підвалі ліцею зранку.")
    assert found == [
        Piece(Way.SAME, "У підвалі "),
        Piece(Way.GONE, "школи."),
        Piece(Way.NEW, "ліцею зранку."),
    ]
    assert "".join(one.text for one in found if one.way is not Way.NEW) == "У підвалі школи."
