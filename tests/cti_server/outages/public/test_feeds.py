"""What programs read of outages, as real readers of feeds and calendars understand it."""

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import icalendar
import pytest

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, OutageKind
from tests.cti_server.conftest import Person
from tests.cti_server.outages.public.conftest import ADDRESS, Town

pytestmark = pytest.mark.usefixtures("town")
LONG = "Ремонт; тепломережі, дуже довгий опис \\ з усіма знаками: " + "ще трохи тексту " * 30
SECOND = timedelta(seconds=1)


async def parsed(person: Person, path: str) -> Any:
    found = feedparser.parse((await person.text(path)).encode())
    assert not found.bozo, found.get("bozo_exception")
    return found


async def events(person: Person, path: str) -> dict[str, icalendar.Event]:
    """Each event by its UID."""
    whole = await (await person.get(path)).read()
    assert all(len(line) <= 75 for line in whole.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(whole)
    assert calendar.errors == []
    found = {str(one["UID"]): one for one in calendar.walk("VEVENT")}
    assert all(one.errors == [] for one in found.values())
    return found


@pytest.mark.parametrize(("kind", "version"), [("atom", "atom10"), ("rss", "rss20")])
async def test_a_reader_of_feeds_finds_each_outage_with_its_page(
    person: Person, town: Town, kind: str, version: str
) -> None:
    read = await parsed(person, f"/outages.{kind}")
    assert read.version == version
    assert read.feed.title == "Відключення в місті"
    assert [one.link for one in read.entries] == [
        f"{ADDRESS}/outages/{one.id}" for one in (town.water, town.heat, town.lifts)
    ]
    water = read.entries[0]
    assert water.title == "Вода: аварійне відключення. Київський квартал, 1–15 непарні"
    content = water.content[0] if kind == "atom" else water.summary_detail
    said = content.value if content.type == "text/plain" else unescape(content.value)
    assert "Прорив труби <DN 100> & заміна засувки" in said
    assert [one.term for one in water.tags] == ["water"]


async def test_an_entry_that_changes_keeps_its_name_in_atom_and_is_shown_again_in_rss(
    person: Person, town: Town
) -> None:
    first = (await parsed(person, "/outages.atom")).entries[0]
    shown = (await parsed(person, "/outages.rss")).entries[0]
    town.clock.pass_(minutes=5)
    await town.move_end(town.water, 9)
    then, again = (await parsed(person, "/outages.atom")).entries[0], await parsed(person, "/outages.rss")
    assert then.id == first.id
    assert then.updated > first.updated
    assert "Перенесено. Раніше очікували: 02.03.2026, 16:00." in then.content[0].value
    assert again.entries[0].id != shown.id


async def test_a_calendar_has_each_outage_under_a_name_that_stays(person: Person, town: Town) -> None:
    before = await events(person, "/outages.ics")
    await town.move_end(town.water, 6)
    after = await events(person, "/outages.ics")
    assert before.keys() == after.keys()
    uid = next(one for one in before if one.startswith(f"outage-{town.water.id}-"))
    assert uid.endswith("@hotline.example")
    was, now = before[uid], after[uid]
    assert (was["SEQUENCE"], now["SEQUENCE"]) == (0, 1)
    assert was["DTEND"].dt == town.water.expected_end
    assert now["DTEND"].dt == town.clock.now() + timedelta(hours=6)
    assert now["DTSTART"].dt == town.water.starts_at
    assert now["DTSTART"].dt.tzinfo is not None


async def test_what_was_called_off_is_cancelled_in_the_calendar(person: Person, town: Town) -> None:
    await town.storage.outages.cancel(town.heat.id, By(), "перенесли")
    found = await events(person, "/outages.ics")
    heat = next(one for uid, one in found.items() if uid.startswith(f"outage-{town.heat.id}-"))
    assert (heat["STATUS"], heat["SEQUENCE"]) == ("CANCELLED", 1)
    assert "DTEND" not in heat


async def test_any_text_comes_through_the_calendar_whole(person: Person, town: Town) -> None:
    one = await town.storage.outages.enter(
        NewOutage(
            utility=Utility.GAS,
            kind=OutageKind.REPAIR,
            starts_at=town.clock.now() - SECOND,
            areas=(Area(street="Київський квартал"),),
            reason=LONG.strip(),
        ),
        By(),
    )
    (event,) = (await events(person, f"/outages/{one.id}.ics")).values()
    assert LONG.strip() in event["DESCRIPTION"]
    assert event["DTEND"].dt > town.clock.now(), "a calendar draws it although nobody knows its end"
    assert event["SUMMARY"].endswith(": Київський квартал")


async def test_control_signs_in_a_reason_break_no_feed(person: Person, town: Town) -> None:
    await town.storage.outages.enter(
        NewOutage(
            utility=Utility.GAS,
            kind=OutageKind.REPAIR,
            starts_at=town.clock.now() - SECOND,
            reason="Газ\x0b\x1b[31m]]> \ufffe",
        ),
        By(),
    )
    for kind in ("atom", "rss"):
        assert len((await parsed(person, f"/outages.{kind}")).entries) == 4
    assert len(await events(person, "/outages.ics")) == 4


async def test_json_says_what_is_so_with_moments_that_have_a_zone(person: Person, town: Town) -> None:
    await town.move_end(town.water, 6)
    told = await (await person.get("/outages.json")).json()
    assert [len(told[name]) for name in ("current", "planned", "over")] == [1, 1, 1]
    (water,) = told["current"]
    assert water["areas"] == [
        {"street": "Київський квартал", "first": 1, "last": 15, "side": "odd", "letter": ""}
    ]
    assert datetime.fromisoformat(water["expected_end"]) == town.clock.now() + timedelta(hours=6)
    assert [datetime.fromisoformat(one) for one in water["ends_before"]] == [town.water.expected_end]
    assert (water["utility"], water["kind"], water["version"]) == ("water", "emergency", 2)
    assert told["planned"][0]["city_wide"] is True
    assert told["telephone"] == "1580"


@pytest.mark.parametrize("kind", ["json", "atom", "rss", "ics"])
async def test_a_feed_of_an_address_holds_only_what_concerns_it(
    person: Person, town: Town, kind: str
) -> None:
    text = await person.text(f"/outages.{kind}?address=Дніпровський+3а")
    pages = [f"{ADDRESS}/outages/{one.id}" in text for one in (town.water, town.heat, town.lifts)]
    assert pages == [False, True, True]


@pytest.mark.parametrize("kind", ["json", "atom", "rss", "ics"])
async def test_an_address_that_nobody_knows_is_an_error_that_programs_see(person: Person, kind: str) -> None:
    answer = await person.get(f"/outages.{kind}?address=квартал+99")
    assert answer.status == 404
    told = await answer.json()
    assert told["error"] == "address-unknown"
    assert "Київський квартал" in told["streets"]


@pytest.mark.parametrize("kind", ["json", "atom", "rss", "ics"])
async def test_feeds_may_be_kept_for_a_minute_and_are_not_sent_again_unchanged(
    person: Person, town: Town, kind: str
) -> None:
    first = await person.get(f"/outages.{kind}")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    known = {"If-None-Match": first.headers["ETag"]}
    assert (await person.get(f"/outages.{kind}", headers=known)).status == 304
    await town.storage.outages.end(town.water.id, town.clock.now(), By())
    assert (await person.get(f"/outages.{kind}", headers=known)).status == 200


async def test_a_feed_speaks_the_language_of_its_address_and_not_of_who_reads_it(person: Person) -> None:
    await person.post("/preferences", {"next": "/outages", "language": "en"})
    assert "Вода: аварійне" in await person.text("/outages.rss")
    read = await parsed(person, "/outages.atom?lang=en")
    assert read.feed.title == "Outages in the city"
    assert read.feed.id == f"{ADDRESS}/outages.atom?lang=en"


async def test_a_calendar_of_an_outage_that_is_not_told_is_not_there(person: Person, town: Town) -> None:
    town.clock.pass_(days=3)
    assert (await person.get(f"/outages/{town.lifts.id}.ics")).status == 404
