"""Who subscribed is told before the power changes: once, at their hour, and anew when it moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.outages.subscriptions import PowerAhead
from hotline.power.forecast import Forecast, forecast
from hotline.power.schedule import DaySchedule, EmergencyCuts, KnownPower, Supply
from hotline.power.telling import AboutPower, Change, PowerNews, PowerSubscriber, news_for
from hotline.voice.speech import Language
from service.talk.power import without_power
from tests.fakes.power import KYIV

DAY = date(2026, 12, 1)
OLENA = PowerSubscriber(
    id=1,
    channel=Channel.SMS,
    contact="+380671234567",
    language=Language.UKRAINIAN,
    place=Address(street="Київський квартал", house="3"),
    ahead=PowerAhead(minutes=30),
)


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=KYIV).astimezone(UTC)


def said(off: str, now: str, *, emergency: str = "", maybe: str = "") -> Forecast:
    perhaps = without_power(maybe)
    halves = tuple(
        Supply.MAYBE if other is Supply.OFF else one
        for one, other in zip(without_power(off), perhaps, strict=True)
    )
    one = DaySchedule(queue="4.1", day=DAY, halves=halves, made_at=at("0:10"), heard_at=at(now))
    cuts = EmergencyCuts(since=at(emergency)) if emergency else None
    known = KnownPower(schedules={("4.1", DAY): one}, emergency=cuts)
    return forecast(known, ["4.1"], (), now=at(now), zone=KYIV, address=OLENA.place)


def news(off: str, now: str, one: PowerSubscriber = OLENA, **more: str) -> PowerNews | None:
    return news_for(one, said(off, now, **more), at(now), KYIV)


def told(clock: str, supply: Supply) -> PowerSubscriber:
    return replace(OLENA, told=Change(at=at(clock), supply=supply))


@pytest.mark.parametrize(
    ("now", "about", "hours"),
    [
        ("17:29", None, None),
        ("17:30", AboutPower.OFF, ("18:00", "20:00")),
        ("17:59", AboutPower.OFF, ("18:00", "20:00")),
        ("18:00", None, None),
        ("19:30", AboutPower.ON, ("20:00", "00:00")),
    ],
)
def test_a_change_is_told_so_long_ahead_and_not_behind_it(
    now: str, about: AboutPower | None, hours: tuple[str, str] | None
) -> None:
    found = news("18:00–20:00", now)
    assert (found and found.about) == about
    if found is not None and hours is not None:
        texts = found.facts["texts"]
        assert (texts["where"], texts["since"], texts["until"]) == ("Київський квартал, 3", *hours)
        assert found.told == Change(
            at=at(hours[0]), supply=Supply.OFF if about is AboutPower.OFF else Supply.ON
        )


def test_perhaps_off_is_said_as_such() -> None:
    found = news("", "17:40", maybe="18:00–19:00")
    assert found is not None
    assert found.about is AboutPower.MAYBE


@pytest.mark.parametrize("minutes", [15, 60])
def test_each_chooses_how_long_ahead(minutes: int) -> None:
    one = replace(OLENA, ahead=PowerAhead(minutes=minutes))
    due = "17:45" if minutes == 15 else "17:00"
    early = at(due) - timedelta(minutes=1)
    assert news("18:00–20:00", due, one) is not None
    assert news_for(one, said("18:00–20:00", due), early, KYIV) is None


def test_what_was_told_is_not_told_again() -> None:
    assert news("18:00–20:00", "17:45", told("18:00", Supply.OFF)) is None
    back = news("18:00–20:00", "19:30", told("18:00", Supply.OFF))
    assert back is not None
    assert back.about is AboutPower.ON


@pytest.mark.parametrize(
    ("now", "off", "leaves_alone"),
    [
        ("21:59", "22:00–23:00", False),
        ("22:00", "22:30–23:30", True),
        ("6:59", "7:00–9:00", True),
        ("7:00", "7:30–9:00", False),
    ],
)
def test_in_the_quiet_hours_nobody_is_woken(now: str, off: str, *, leaves_alone: bool) -> None:
    assert (news(off, now) is None) is leaves_alone


def test_who_wants_no_quiet_hours_is_told_by_night() -> None:
    one = replace(OLENA, ahead=PowerAhead(minutes=30, quiet_from=0, quiet_until=0))
    assert news("3:00–5:00", "2:45", one) is not None


def test_a_cut_that_has_moved_is_told_anew_and_then_not_again() -> None:
    moved = news("18:30–20:30", "17:40", told("18:00", Supply.OFF))
    assert moved is not None
    assert (moved.about, moved.facts["words"]) == (AboutPower.OFF, {"moved": "power-moved"})
    assert moved.told == Change(at=at("18:30"), supply=Supply.OFF)
    assert news("18:30–20:30", "18:10", replace(OLENA, told=moved.told)) is None
    earlier = news("17:30–20:00", "17:20", told("18:00", Supply.OFF))
    assert earlier is not None
    assert earlier.told == Change(at=at("17:30"), supply=Supply.OFF)


def test_a_cut_that_may_not_come_after_all_is_told_anew() -> None:
    found = news("", "17:40", told("18:00", Supply.OFF), maybe="18:00–20:00")
    assert found is not None
    assert found.about is AboutPower.MAYBE


def test_a_cut_that_is_called_off_is_told_and_told_again_should_it_come_back() -> None:
    off = news("", "17:40", told("18:00", Supply.OFF))
    assert off is not None
    assert (off.about, off.facts["texts"]["since"], off.told) == (AboutPower.CALLED_OFF, "18:00", None)
    assert news("18:00–20:00", "17:50", replace(OLENA, told=off.told)) is not None


def test_power_that_comes_back_later_than_told_is_told_anew() -> None:
    found = news("18:00–21:00", "19:40", told("20:00", Supply.ON))
    assert found is not None
    assert (found.about, found.facts["texts"]["since"]) == (AboutPower.ON, "21:00")


def test_emergency_cuts_take_back_what_was_told_and_promise_nothing() -> None:
    found = news("18:00–20:00", "17:40", told("18:00", Supply.OFF), emergency="17:35")
    assert found is not None
    assert (found.about, found.told) == (AboutPower.SUSPENDED, None)
    assert news("18:00–20:00", "17:40", emergency="17:35") is None
    assert news("18:00–20:00", "17:41", replace(OLENA, told=found.told), emergency="17:35") is None


def test_what_nobody_knows_is_no_change() -> None:
    tomorrow = news("18:00–24:00", "23:40", replace(OLENA, ahead=PowerAhead(quiet_from=0, quiet_until=0)))
    assert tomorrow is None
