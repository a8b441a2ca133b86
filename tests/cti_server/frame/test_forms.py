"""A form is read by the names and types of what it is read into."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from aiohttp import web
from multidict import MultiDict

from cti_server.frame.forms import read_form


@dataclass(frozen=True, kw_only=True)
class Typed:
    name: str = "nobody"
    told: bool = True
    version: int = 7
    days: Sequence[str] = ("1",)


def test_what_was_not_sent_is_empty_whatever_a_new_form_begins_with() -> None:
    assert read_form(Typed, MultiDict()) == Typed(name="", told=False, version=0, days=())


def test_each_field_is_read_by_its_type() -> None:
    sent = MultiDict(
        [("name", " А\0б\r\nв "), ("told", "yes"), ("version", "12"), ("days", "1"), ("days", "5")]
    )
    assert read_form(Typed, sent) == Typed(name="А\ufffdб\nв", told=True, version=12, days=("1", "5"))
    row = MultiDict({"row-3-name": "Черговий \n  майстер", "name": "інший"})
    assert read_form(Typed, row, before="row-3-", one_line=True).name == "Черговий майстер"


@pytest.mark.parametrize("text", ["", "-1", "1.0", "1e3", "٣", "9" * 10, "0x1"])
def test_a_number_of_no_page_of_ours_is_none(text: str) -> None:
    assert read_form(Typed, MultiDict({"version": text})).version == 0


@pytest.mark.parametrize("field", ["name", "told", "version"])
def test_a_field_of_one_value_is_not_taken_from_two(field: str) -> None:
    with pytest.raises(web.HTTPBadRequest):
        read_form(Typed, MultiDict([(field, "1"), (field, "2")]))
