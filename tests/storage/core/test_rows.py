"""Rows become dataclasses by the types of the fields."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from hotline.city.addresses import Area, Side
from storage.core.rows import row_to


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: str
    colour: Colour
    other: Colour | None = None
    several: tuple[Colour, ...] = ()
    words: frozenset[str] = frozenset()
    areas: tuple[Area, ...] = ()
    order: int = 1


ROW = {
    "id": 7,
    "name": "chair",
    "colour": "red",
    "other": None,
    "several": ["red", "blue"],
    "words": ["a", "b"],
    "areas": [{"street": "вулиця Атомників", "first": 1, "last": 9, "letter": ""}],
    "rank": 3,
}


def thing(row: Any) -> Thing:
    return row_to(Thing, row, order=row["rank"])


def test_enumerations_collections_and_areas_are_read_by_their_types() -> None:
    assert thing(ROW) == Thing(
        name="chair",
        colour=Colour.RED,
        several=(Colour.RED, Colour.BLUE),
        words=frozenset({"a", "b"}),
        areas=(Area(street="вулиця Атомників", first=1, last=9, side=Side.BOTH),),
        order=3,
    )
    assert thing(ROW | {"other": "blue"}).other is Colour.BLUE


def test_a_column_that_a_query_forgot_is_not_taken_for_its_default() -> None:
    with pytest.raises(KeyError):
        thing({name: value for name, value in ROW.items() if name != "areas"})


def test_a_word_that_the_code_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="green"):
        thing(ROW | {"colour": "green"})
