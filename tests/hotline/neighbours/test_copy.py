"""What another city's hotline tells is held against bounds before anybody here reads or hears it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.city.addresses import Area
from hotline.city.classifier import Utility, classifier
from hotline.enterprises.executors import Executor
from hotline.neighbours.agreement import Agreement, Part, Shared
from hotline.neighbours.copy import MOST_STREETS, CopiedMessage, WrongCopy, copy_of, read_copy, written
from hotline.outages.outage import Outage, OutageKind
from hotline.voice.city_name import CityName
from tests.fakes.neighbours import city_document

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OUTAGE = {
    "id": 1,
    "version": 1,
    "utility": "water",
    "kind": "unplanned",
    "starts_at": NOW.isoformat(),
    "entered_at": NOW.isoformat(),
}
CATEGORY = {"code": "x", "uk": "Вода", "en": "Water", "urgency": "ordinary", "term": 3, "unit": "days"}


def test_the_document_that_these_tests_spoil_is_good() -> None:
    copy = read_copy(json.dumps(city_document(NOW) | {"outages": [OUTAGE], "categories": [CATEGORY]}))
    assert copy.city.name == "Славутич"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"outages": [OUTAGE | {"expected_end": "9999-12-31T23:59:59+00:00"}]},
        {"outages": [OUTAGE | {"starts_at": "0001-01-01T00:00:00+00:00"}]},
        {"outages": [OUTAGE | {"starts_at": "2026-03-02T12:00:00"}]},
        {"outages": [OUTAGE | {"areas": [{"street": "Київська", "first": 10**30}]}]},
        {"outages": [OUTAGE | {"areas": [{"street": "Київська", "first": -1}]}]},
        {"outages": [OUTAGE | {"areas": [{"street": "Київська", "side": "upper"}]}]},
        {"outages": [OUTAGE | {"areas": [{"street": "К" * 301}]}]},
        {"outages": [OUTAGE | {"id": -1}]},
        {"outages": [OUTAGE | {"reason": "\ud800"}]},
        {"outages": [OUTAGE | {"reason": "Аварія\u0000"}]},
        {"outages": [OUTAGE | {"utility": "broadband"}]},
        {"outages": [OUTAGE] * 2_001},
        {"categories": [CATEGORY | {"unit": "fortnights"}]},
        {"categories": [CATEGORY | {"term": 10**40}]},
        {"message": {"mark": "1", "uk": "У" * 5_001, "en": ""}},
        {"streets": ["Київська"] * (MOST_STREETS + 1)},
        {"made_at": None},
        {"city": {"name": "Славутич", "whose": "міста\u0007", "en": "Slavutych"}},
    ],
    ids=lambda one: json.dumps(one)[:60],
)
def test_what_could_not_be_shown_or_said_is_no_copy(spoilt: Mapping[str, Any]) -> None:
    with pytest.raises(WrongCopy):
        read_copy(json.dumps(city_document(NOW) | spoilt))


@pytest.mark.parametrize("duty", ["javascript:1", "+", "044 123", "+" + "1" * 16])
def test_the_telephone_of_their_duty_is_one(duty: str) -> None:
    made = city_document(NOW)
    with pytest.raises(WrongCopy):
        read_copy(json.dumps(made | {"terms": made["terms"] | {"duty": duty}}))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"made_at": 1}', '{"x": ' + "[" * 100_000])
def test_what_is_no_document_at_all_is_no_copy(text: str) -> None:
    with pytest.raises(WrongCopy):
        read_copy(text)


def test_what_a_newer_hotline_tells_besides_is_left_aside() -> None:
    made = city_document(NOW) | {"weather": {"wind": 3}}
    assert read_copy(json.dumps(made)).made_at == NOW
    assert NOW - timedelta(days=1) == read_copy(json.dumps(made)).terms.since


def test_a_sign_that_was_pasted_here_costs_the_other_city_no_copy() -> None:
    pasted, shown = "рядок\u000bрядок", "рядок рядок"
    agreement = Agreement(
        id=1,
        part=Part.ANSWERED,
        name="Чернігів",
        document=pasted,
        since=NOW,
        until=NOW + timedelta(days=30),
        shared=tuple(Shared),
        made_by=1,
        made_at=NOW,
    )
    outage = Outage(
        id=1,
        utility=Utility.WATER,
        kind=OutageKind.UNPLANNED,
        starts_at=NOW,
        entered_at=NOW,
        areas=(Area(street=pasted),),
        reason=pasted,
    )
    made = copy_of(
        agreement,
        CityName(name="Славутич", whose="міста Славутич", en="Slavutych"),
        at=NOW,
        local=NOW,
        outages=[outage],
        classifier=classifier(),
        executors=[Executor(id=1, name=pasted, short=pasted)],
        streets=[pasted],
        message=CopiedMessage(mark="1", uk=pasted, en=pasted),
    )
    copy = read_copy(written(made))
    assert copy.message is not None
    assert {copy.outages[0].reason, copy.message.uk, copy.terms.document, *copy.streets} == {shown}
