"""What people are told of an outage: which change counts, and each text whole and short enough."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.city.addresses import Area, Side
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.handing_over import may_wait
from hotline.delivery.outbox import Notice
from hotline.delivery.wording import ROOM_OF_SMS, utf16
from hotline.outages.outage import Outage, OutageKind
from hotline.outages.telling import OutageChange, change_since, facts_told
from hotline.voice.speech import Language
from tests.hotline.delivery.test_wording import WORDING

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AREAS = (
    Area(street="Добринінський квартал", first=1, last=15, side=Side.ODD),
    Area(street="Київський квартал", first=7, last=7, letter="а"),
    Area(street="проспект Дружби Народів"),
    Area(street="Печерський квартал", first=12),
)
OUTAGE = Outage(
    id=17,
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=AT - HOUR,
    expected_end=AT + HOUR,
    areas=AREAS[:1],
    entered_at=AT - HOUR,
)


def known(outage: Outage) -> dict[str, Any]:
    moments = {
        "starts_at": outage.starts_at,
        "expected_end": outage.expected_end,
        "ended_at": outage.ended_at,
    }
    return {name: at and at.isoformat() for name, at in moments.items()} | {"cancelled": outage.cancelled}


def told(outage: Outage, change: OutageChange, language: Language, channel: Channel = Channel.SMS) -> Notice:
    return Notice(
        id=5,
        matter="outage-17-v3",
        to="watcher:9",
        channel=channel,
        address="+380671112233",
        about=change,
        facts=facts_told(outage, change, language),
        owed_at=AT,
        due_at=AT,
        changed_at=AT,
    )


OVER = replace(OUTAGE, ended_at=AT)
CANCELLED = replace(OVER, cancelled=True)
MOVED = replace(OUTAGE, expected_end=AT + 5 * HOUR)
LATER = replace(OUTAGE, starts_at=AT + 24 * HOUR, expected_end=AT + 26 * HOUR)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (OUTAGE, OVER, OutageChange.OVER),
        (OUTAGE, CANCELLED, OutageChange.CANCELLED),
        (OUTAGE, MOVED, OutageChange.MOVED),
        (OUTAGE, replace(OUTAGE, expected_end=None), OutageChange.NO_END),
        (replace(OUTAGE, expected_end=None), OUTAGE, OutageChange.MOVED),
        (OVER, MOVED, OutageChange.REOPENED),
        (CANCELLED, OUTAGE, OutageChange.REOPENED),
        (OUTAGE, LATER, OutageChange.POSTPONED),
        (OUTAGE, replace(OUTAGE, reason="Прорив", areas=AREAS), None),
        (OVER, CANCELLED, None),
        (OVER, replace(OVER, expected_end=AT + 9 * HOUR), None),
        (OUTAGE, replace(OUTAGE, starts_at=AT - 2 * HOUR), None),
    ],
)
def test_only_what_is_otherwise_now_than_they_know_is_told(
    before: Outage, now: Outage, change: OutageChange | None
) -> None:
    assert change_since(known(before), now, AT) is change


def every_notice(channel: Channel) -> Iterator[Notice]:
    for language in Language:
        for utility in Utility:
            for areas in ((), AREAS[:1], AREAS):
                for end in (None, AT + 30 * HOUR):
                    for change in OutageChange:
                        one = replace(OUTAGE, utility=utility, areas=areas, expected_end=end)
                        if end or change is not OutageChange.MOVED:
                            yield told(one, change, language, channel)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_every_text_is_whole_in_both_languages(channel: Channel) -> None:
    for one in every_notice(channel):
        message = WORDING.message(one)
        assert not re.search(r"[{}\[\]~]|  | [.,:]|\(\)|\.\.|\n{3}", message.text), message.text
        assert channel is Channel.EMAIL or utf16(message.text) <= ROOM_OF_SMS, message.text
        assert (channel is Channel.EMAIL) is bool(message.subject)
        assert WORDING.line(one, Language.UKRAINIAN)


def test_a_short_message_says_what_where_and_until_when() -> None:
    assert WORDING.message(told(OVER, OutageChange.OVER, Language.UKRAINIAN)).text == (
        "Водопостачання відновлено: Добринінський квартал, 1–15 непарні. "
        "Якщо у вас ні, телефонуйте: (04579) 2-15-80."
    )
    assert WORDING.message(told(MOVED, OutageChange.MOVED, Language.UKRAINIAN)).text == (
        "Водопостачання (Добринінський квартал, 1–15 непарні): відновлення перенесено на 25.11.2026 о 16:00. "
        "Довідки: (04579) 2-15-80."
    )
    english = WORDING.message(told(OVER, OutageChange.OVER, Language.ENGLISH)).text
    assert english.startswith("Water supply is back: Добринінський квартал, 1–15 odd.")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (AT, "перерва 25.11.2026 з 10:00 орієнтовно до 11:00."),
        (AT + 23 * HOUR, "перерва з 25.11.2026, 10:00, орієнтовно до 26.11.2026, 10:00."),
        (None, "перерва 25.11.2026 з 10:00."),
    ],
)
def test_the_day_stands_before_the_hour(ends: datetime | None, said: str) -> None:
    new = told(replace(OUTAGE, expected_end=ends), OutageChange.NEW, Language.UKRAINIAN, Channel.EMAIL)
    assert said in WORDING.message(new).text
    eleven = replace(OUTAGE, expected_end=AT)
    moved = told(eleven, OutageChange.MOVED, Language.UKRAINIAN, Channel.EMAIL)
    assert "перенесено на 25.11.2026 об 11:00" in WORDING.message(moved).text


def test_only_that_an_emergency_goes_on_may_wake_somebody() -> None:
    emergency = replace(MOVED, kind=OutageKind.EMERGENCY)
    assert not may_wait(told(emergency, OutageChange.MOVED, Language.UKRAINIAN))
    assert may_wait(told(emergency, OutageChange.OVER, Language.UKRAINIAN))
    assert may_wait(told(MOVED, OutageChange.MOVED, Language.UKRAINIAN))
