"""Reports of residents on both databases: each kept once, and no more than the limits let in."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.contact.channel import Channel
from hotline.portal import report as rules
from hotline.portal.report import Contact, Point, ResidentReport, Source, TooManyReports
from storage.store import Storage
from tests.storage.conftest import NOON

ONE = ResidentReport(
    key="0123456789abcdef",
    source=Source.WEB,
    sender="192.0.2.17",
    category="power-none",
    address="Київський квартал, 7",
    contact=Contact(channel=Channel.EMAIL, address="olena@example.org"),
    point=Point(51.52, 30.75),
    publish=True,
)


def numbered(one: ResidentReport, key: int) -> ResidentReport:
    return replace(one, key=f"{key:016d}")


async def test_the_same_sent_twice_at_once_is_kept_once(storage: Storage) -> None:
    both = await asyncio.gather(*(storage.resident_reports.admit(ONE, NOON) for _ in range(2)))
    assert both[0] == both[1]
    assert (both[0].contact, both[0].publish, both[0].latitude) == ("olena@example.org", True, 51.52)
    other = await storage.resident_reports.admit(replace(ONE, source=Source.CHAT), NOON)
    assert other.id != both[0].id  # each source has keys of its own


async def test_limits_hold_by_sender_and_contact_and_end_with_the_hour(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.portal.reports.MOST_OF_STRANGER", 2)
    monkeypatch.setattr("storage.portal.reports.MOST_OF_CONTACT", 3)
    reports = storage.resident_reports
    for key in range(2):
        await reports.admit(numbered(ONE, key), NOON)
    with pytest.raises(TooManyReports):
        await reports.admit(numbered(ONE, 2), NOON)
    with pytest.raises(TooManyReports):
        await reports.require_room(Source.WEB, ONE.sender, NOON)
    assert (await reports.admit(numbered(ONE, 0), NOON)).id  # what came before is given, not counted
    later = NOON + rules.HOUR + timedelta(seconds=1)
    await reports.admit(numbered(ONE, 2), later)
    with pytest.raises(TooManyReports):  # the contact's day is longer
        await reports.admit(replace(numbered(ONE, 3), sender="198.51.100.1"), later)


async def test_a_neighbourhood_and_all_strangers_have_limits_that_known_programs_pass(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.portal.reports.MOST_OF_NETWORK", 2)
    monkeypatch.setattr("storage.portal.reports.MOST_IN_ALL", 3)
    reports, plain = storage.resident_reports, replace(ONE, contact=None)
    for key in range(2):
        await reports.admit(replace(numbered(plain, key), sender=f"192.0.2.{key}"), NOON)
    with pytest.raises(TooManyReports):
        await reports.admit(replace(numbered(plain, 2), sender="192.0.2.9"), NOON)
    await reports.admit(replace(numbered(plain, 3), sender="198.51.100.9"), NOON)
    with pytest.raises(TooManyReports):
        await reports.admit(replace(numbered(plain, 4), sender="203.0.113.9"), NOON)
    await reports.admit(replace(numbered(plain, 5), source=Source.API, sender="token:3"), NOON)
