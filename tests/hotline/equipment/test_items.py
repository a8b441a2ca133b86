"""What may be entered; whom an item calls, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest

from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, Executor
from hotline.equipment.catalogue import words
from hotline.equipment.items import (
    Calls,
    EquipmentIncomplete,
    Fault,
    Item,
    Kind,
    Maintenance,
    NewItem,
    Way,
    checked,
    checked_maintenance,
)
from hotline.equipment.states import State
from hotline.equipment.telling import People, due, due_as_task, notices
from hotline.voice.speech import Language

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UPS = NewItem(name="ДБЖ", kind=Kind.UPS, way=Way.NUT, host="10.0.0.5", path="ups")
ITEM = Item(id=3, name="ДБЖ", kind=Kind.UPS, way=Way.NUT, calls=Calls(whom="phone:+380671112233"))
FAULT = Fault(id=9, item_id=3, began_at=NOW)
WATER = Executor(
    id=7,
    name="Водоканал",
    short="Водоканал",
    contacts=(Contact(id=1, name="Черговий", number="+380671112244", email="duty@example.org"),),
)
PEOPLE = People(users={}, executors={7: WATER})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("kind", {"kind": Kind.DISK}),
        ("host", {"host": "http://10.0.0.5"}),
        ("host", {"host": "ups@10.0.0.5"}),
        ("host", {"host": "a b"}),
        ("path", {"path": "ups\nSHUTDOWN"}),
        ("path", {"way": Way.HTTP, "path": "file:///etc/passwd"}),
        ("path", {"way": Way.HTTP, "path": "http://user@10.0.0.5/"}),
        ("path", {"way": Way.HTTP, "path": "http://10.0.0.5/\r\nX: y"}),
        ("port", {"port": 65_536}),
        ("interval", {"interval_seconds": 1}),
        ("timeout", {"timeout_seconds": 0}),
        ("failures", {"failures": 0}),
        ("whom", {"calls": Calls(whom="mail:nobody")}),
        ("whom", {"calls": Calls(whom="phone:12")}),
        ("after", {"calls": Calls(after_minutes=-1)}),
    ],
)
def test_what_is_wrong_is_named(field: str, wrong: dict[str, object]) -> None:
    with pytest.raises(EquipmentIncomplete) as caught:
        checked(replace(UPS, **wrong))  # type: ignore[arg-type]  # fields by name
    assert caught.value.field == field


def test_it_is_kept_tidied() -> None:
    typed = replace(UPS, name="  ДБЖ  у серверній ", calls=Calls(whom="phone:067 111 22 33"))
    kept = checked(typed)
    assert (kept.name, kept.calls.whom) == ("ДБЖ у серверній", "phone:+380671112233")


@pytest.mark.parametrize(
    ("field", "until", "reason"),
    [
        ("reason", 60, " "),
        ("until", -1, "чистка"),
        ("until", 60 * 24 * 61, "чистка"),
        ("until", None, "чистка"),
    ],
)
def test_maintenance_has_a_reason_and_an_end_to_come(field: str, until: int | None, reason: str) -> None:
    end = None if until is None else NOW + until * MINUTE
    with pytest.raises(EquipmentIncomplete) as caught:
        checked_maintenance(None, end, reason, NOW)
    assert caught.value.field == field


def test_nobody_is_called_before_the_time_nor_while_it_is_being_worked_on() -> None:
    assert not due(ITEM, FAULT, NOW + 4 * MINUTE)
    assert due(ITEM, FAULT, NOW + 5 * MINUTE)
    works = Maintenance(since=NOW - MINUTE, until=NOW + 10 * MINUTE, reason="заміна батареї")
    worked_on = replace(ITEM, maintenance=works)
    assert not due(worked_on, FAULT, NOW + 9 * MINUTE)
    assert not due(worked_on, FAULT, NOW + 14 * MINUTE), "it counts from the end of the work"
    assert due(worked_on, FAULT, NOW + 15 * MINUTE)
    planned = Maintenance(since=NOW + 60 * MINUTE, until=NOW + 90 * MINUTE, reason="заміна батареї")
    assert due(replace(ITEM, maintenance=planned), FAULT, NOW + 5 * MINUTE), "it is work to come"


def test_it_becomes_a_task_where_that_is_wanted() -> None:
    wanted = replace(ITEM, calls=Calls(task_after_minutes=30))
    assert not due_as_task(ITEM, FAULT, NOW + 600 * MINUTE)
    assert not due_as_task(wanted, FAULT, NOW + 29 * MINUTE)
    assert due_as_task(wanted, FAULT, NOW + 30 * MINUTE)


@pytest.mark.parametrize(
    ("whom", "urgent", "ways"),
    [
        ("", True, []),
        ("user:5", True, []),
        ("phone:+380671112233", False, [Channel.SMS]),
        ("phone:+380671112233", True, [Channel.SMS, Channel.CALL]),
        ("mail:it@example.org", True, [Channel.EMAIL]),
        ("executor:7", False, [Channel.EMAIL]),
        ("executor:7", True, [Channel.EMAIL, Channel.SMS, Channel.CALL]),
    ],
)
def test_it_calls_by_the_ways_there_are_and_by_telephone_only_what_is_urgent(
    whom: str,
    urgent: bool,  # noqa: FBT001 - a column of the table
    ways: list[Channel],
) -> None:
    item = replace(ITEM, calls=Calls(whom=whom, urgent=urgent))
    assert [one.channel for one in notices(item, FAULT, PEOPLE, NOW)] == ways


def test_both_languages_say_the_same_of_everything() -> None:
    uk, en = words(Language.UKRAINIAN), words(Language.ENGLISH)
    assert set(uk.kinds) == set(en.kinds) == {one.value for one in Kind}
    assert set(uk.states) == set(en.states) == {one.value for one in State}
    assert uk.advice.keys() == en.advice.keys() <= uk.looks.keys()
    assert {said: _parts(text) for said, text in uk.looks.items()} == {
        said: _parts(text) for said, text in en.looks.items()
    }


def _parts(text: str) -> set[str | None]:
    return {name for _text, name, _form, _conversion in Formatter().parse(text) if name}
