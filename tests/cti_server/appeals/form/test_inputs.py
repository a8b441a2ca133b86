"""A registration is read alike from the dispatchers' form and from the API's body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cti_server.api.appeals import NewAppealInput
from cti_server.appeals.form.filled import Filled
from cti_server.appeals.form.inputs import RegistrationInput
from cti_server.appeals.form.reply import Reply
from hotline.appeals.registering import NewAppeal
from hotline.city.classifier import classifier

NUMBER = "+380671234567"
FORM = {
    "text": "Немає гарячої води",
    "kind": "report",
    "category": next(iter(classifier().categories)),
    "address": "вулиця Київська 5",
    "applicant": "new",
    "name": "Марія Бондаренко",
    "consent": "yes",
    "urgency": "",
    "call": "call-1",
    "idempotency_key": "key-1",
}
BODY: Mapping[str, Any] = {
    **{name: FORM[name] for name in ("text", "kind", "category", "address")},
    "applicant": {"name": FORM["name"]},
    "consent": True,
    "number": NUMBER,
    "call_id": "call-1",
}


def made(of: Filled | RegistrationInput) -> NewAppeal:
    facts: dict[str, Any] = {
        "address": FORM["address"],
        "earlier": None,
        "user_id": 1,
        "now": datetime(2026, 3, 4, 10, tzinfo=UTC),
        "zone": ZoneInfo("Europe/Kyiv"),
    }
    if isinstance(of, Filled):
        return of.appeal(number=NUMBER, **facts)
    return of.appeal(reply=Reply("", "", of.number), idempotency_key="key-1", **facts)


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({}, {}),
        ({"urgency": "emergency"}, {"urgency": "emergency"}),
        ({"applicant": "17"}, {"applicant": 17}),
        ({"publish": "yes"}, {"publish": True}),
        ({"applicant": "anonymous", "consent": ""}, {"applicant": None, "consent": False}),
    ],
)
def test_the_same_is_registered_from_the_form_and_from_the_body(
    form: Mapping[str, str], body: Mapping[str, Any]
) -> None:
    read = msgspec.convert({**BODY, **body}, NewAppealInput)
    assert not Filled({**FORM, **form}).faults(NUMBER)
    assert not read.faults()
    assert made(Filled({**FORM, **form})) == made(read)


@pytest.mark.parametrize(
    ("form", "body", "field"),
    [
        ({"consent": ""}, {"consent": False}, "consent"),
        ({"kind": "information-request"}, {"kind": "information-request"}, "category"),
        ({"category": "flying-saucers"}, {"category": "flying-saucers"}, "category"),
        (
            {"applicant": "anonymous", "kind": "complaint"},
            {"applicant": None, "kind": "complaint"},
            "applicant",
        ),
    ],
)
def test_a_rule_that_is_broken_is_told_alike(
    form: Mapping[str, str], body: Mapping[str, Any], field: str
) -> None:
    read = msgspec.convert({**BODY, **body}, NewAppealInput)
    assert list(read.faults()) == [field]
    assert Filled({**FORM, **form}).faults(NUMBER) == read.faults()


def test_all_that_is_wrong_with_a_form_is_told_at_once_each_at_its_field() -> None:
    wrong = {**FORM, "text": " ", "address": "я" * 301, "kind": "wish", "applicant": "", "consent": ""}
    assert set(Filled(wrong).faults(NUMBER)) == {"text", "address", "kind", "applicant", "consent"}
