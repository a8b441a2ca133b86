"""A registration index is given once in a year, whatever a city changes in its paperwork meanwhile."""

import pytest

from hotline.appeals.paperwork import PAPERWORK
from hotline.city_data.kinds import kept, read
from hotline.documents.document import FIRST_OWN, DocumentKind, delivered
from hotline.documents.faults import DocumentFaults, Flaw
from storage.store import Storage
from tests.storage.city_data.test_documents import put, seen
from tests.storage.enterprise import found

KIND = DocumentKind.PAPERWORK
TEXT = max(delivered(KIND).items())[1]
PATTERN, SERIES = 'pattern = "{letter}-{running}"', 'series = "appeals"'


async def test_a_pattern_of_the_year_is_not_counted_anew_in_another_series(storage: Storage) -> None:
    await storage.city_documents.take_delivered()
    with pytest.raises(DocumentFaults) as refused:
        await put(storage, TEXT.replace(SERIES, 'series = "letters"'), KIND)
    (fault,) = refused.value.faults
    assert (fault.flaw, fault.row, fault.field) == (Flaw.SAME_INDEX, "letters", "series")
    assert fault.values == {"value": "{letter}-{running}", "series": "appeals"}

    await storage.city_documents.drop_draft(KIND, seen=await seen(storage, KIND))
    other = TEXT.replace(SERIES, 'series = "letters"').replace(PATTERN, 'pattern = "{letter}/{running}"')
    await put(storage, other, KIND)
    with pytest.raises(DocumentFaults):  # neither by way of a version in between
        await put(storage, other.replace('pattern = "{letter}/{running}"', PATTERN), KIND)


def test_two_series_of_one_pattern_are_refused_and_where_they_are_in_force_they_stay() -> None:
    text = TEXT.replace("ЗПІ-{running}", "ПВ-{running}/{yy}")
    with pytest.raises(DocumentFaults) as refused:
        read(KIND, text, former=PAPERWORK.get())
    assert {(one.flaw, one.row) for one in refused.value.faults} >= {(Flaw.SAME_INDEX, "reports")}
    with kept():
        PAPERWORK.hold({FIRST_OWN: text})
        assert PAPERWORK.version == FIRST_OWN


async def test_an_index_that_other_rules_have_given_is_passed_by(storage: Storage) -> None:
    """Patterns that differ may give the same index, as where the letter stands in one of them."""
    city = await found(storage)
    given = [(await city.enter()).registration_index for _ in range(3)]
    assert given == ["Д-1", "Д-2", "Д-3"]
    text = TEXT.replace(SERIES, 'series = "letters"').replace(PATTERN, 'pattern = "Д-{running}"')
    with kept():
        PAPERWORK.hold({FIRST_OWN: text})
        assert (await city.enter()).registration_index == "Д-4"
        another = city.new(year=2027)
        assert (await storage.registry.enter(another)).registration_index == "Д-1"
