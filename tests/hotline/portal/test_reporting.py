"""The act by which a resident reports without a dispatcher, on real storage."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.appeals.appeal import AppealKind, AppealState, Receipt, Subject
from hotline.appeals.attachments import PHOTO, FileLimits, StoredFile
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Urgency, Utility, classifier
from hotline.contact.channel import Channel
from hotline.events import AppealRegistered, Event
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.portal.follow_codes import FollowCodes, grouped
from hotline.portal.report import Contact, Photo, Point, ReportFault, ResidentReport, Source
from hotline.portal.reporting import Reporting
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from tests.fakes.clock import SetClock

KYIV = ZoneInfo("Europe/Kyiv")
HOME = "Київський квартал, 7"
LIGHT = ResidentReport(
    key="0123456789abcdef", source=Source.WEB, sender="192.0.2.17", category="power-none", address=HOME
)
MOBILE = Contact(channel=Channel.SMS, address="+380671234567")


class Heard(list[Event]):
    """A bus that keeps what it is told."""

    def tell(self, event: Event) -> None:
        self.append(event)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def reporting(storage: Storage, clock: SetClock, heard: Heard, tmp_path: Path) -> Reporting:
    store = AttachmentFolder(tmp_path / "evidence", FileLimits())
    store.prepare()
    return Reporting(
        reports=storage.resident_reports,
        registry=storage.registry,
        files=storage.files,
        store=store,
        outages=storage.outages,
        streets=storage.streets,
        citizens=storage.citizens,
        matters=storage.public_matters,
        codes=FollowCodes(b"key"),
        events=heard,
        clock=clock,
        zone=KYIV,
    )


def lying(reporting: Reporting, key: str) -> Photo:
    """A picture whose bytes lie in the store, as `take` leaves it."""
    file = reporting.store.path(key)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(key.encode())
    return Photo(name="яма.jpg", file=StoredFile(key=key, media_type=PHOTO, bytes=3, sha256=key[:1] * 64))


async def test_a_report_becomes_an_appeal_with_a_code_and_is_told(
    reporting: Reporting, heard: Heard, storage: Storage
) -> None:
    photo = lying(reporting, "ab01")
    done = await reporting.report(replace(LIGHT, text="Темно в під’їзді", photos=[photo], publish=True))
    appeal = done.appeal
    assert (appeal.state, appeal.kind, appeal.receipt) == (
        AppealState.REGISTERED,
        AppealKind.REPORT,
        Receipt.ONLINE,
    )
    assert (appeal.text, appeal.address, appeal.subject) == ("Темно в під’їзді", HOME, Subject.ANONYMOUS)
    assert heard == [AppealRegistered(appeal=appeal)]
    assert reporting.codes.holds(appeal, grouped(done.code))
    assert not reporting.codes.holds(appeal, "0" * 10)
    (file,) = await storage.files.of_appeal(appeal.number)
    assert (file.key, file.uploaded_by) == ("ab01", None)
    kept = await storage.resident_reports.of_appeal(appeal.number)
    assert kept is not None
    assert kept.publish


async def test_sent_again_and_twice_at_once_it_is_one_appeal_and_spare_photos_go(
    reporting: Reporting, heard: Heard, storage: Storage
) -> None:
    photos = [lying(reporting, key) for key in ("ab01", "ac02", "ad03")]
    same = [replace(LIGHT, photos=[replace(one, file=replace(one.file, sha256="a" * 64))]) for one in photos]
    first, second = await asyncio.gather(*map(reporting.report, same[:2]))
    third = await reporting.report(same[2])
    assert first.appeal.number == second.appeal.number == third.appeal.number
    assert (third.again, third.code) == (True, first.code)
    (left,) = await storage.files.of_appeal(first.appeal.number)
    assert [one.exists() for one in map(reporting.store.path, ("ab01", "ac02", "ad03"))].count(True) == 1
    assert reporting.store.path(left.key).exists()


async def test_a_report_cut_off_before_its_number_goes_on_under_its_key(
    reporting: Reporting, storage: Storage, clock: SetClock
) -> None:
    await storage.resident_reports.admit(LIGHT, clock.now())
    done = await reporting.report(LIGHT)
    assert not done.again
    assert (await reporting.report(LIGHT)).again


async def test_a_contact_that_nobody_confirmed_is_kept_and_never_used(
    reporting: Reporting, storage: Storage
) -> None:
    maria = await storage.citizens.add("Марія", HOME, [MOBILE.address])
    typed = (await reporting.report(replace(LIGHT, contact=MOBILE))).appeal
    assert (typed.applicant_number, typed.reply_by, typed.applicant_id) == (None, None, None)
    sure = replace(LIGHT, key="f" * 16, source=Source.SMS, contact=replace(MOBILE, confirmed=True))
    known = (await reporting.report(sure)).appeal
    assert (known.applicant_number, known.reply_by, known.applicant_id) == (
        MOBILE.address,
        Channel.SMS,
        maria.id,
    )


async def test_an_emergency_rings_nobody_until_the_contact_is_sure(reporting: Reporting) -> None:
    emergency = replace(LIGHT, category=classifier().emergency)
    assert (await reporting.report(emergency)).appeal.urgency is Urgency.URGENT
    sure = replace(emergency, key="f" * 16, contact=replace(MOBILE, confirmed=True))
    assert (await reporting.report(sure)).appeal.urgency is Urgency.EMERGENCY


async def test_what_is_known_is_found_before_and_joined(
    reporting: Reporting, storage: Storage, clock: SetClock
) -> None:
    await storage.streets.add(demo_streets())
    off = NewOutage(
        utility=Utility.POWER,
        kind=OutageKind.REPAIR,
        starts_at=clock.now() - timedelta(hours=1),
        areas=(Area(street="Київський квартал"),),
    )
    outage = await storage.outages.enter(off, By())
    first = (await reporting.report(LIGHT)).appeal
    known = await reporting.known("power-none", HOME)
    assert [one.id for one in known.outages] == [outage.id]
    assert [one.appeal.number for one in known.appeals] == [first.number]
    assert not (await reporting.known("power-none", "Печерський квартал, 1")).appeals
    joined = (await reporting.report(replace(LIGHT, key="f" * 16, joins=first.number))).appeal
    assert (joined.parent, joined.earlier) == (first.number, first.number)
    strange = replace(LIGHT, key="e" * 16, address="Печерський квартал, 1", joins=first.number)
    assert (await reporting.report(strange)).appeal.parent is None  # only what is about the same


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("key", {"key": "short"}),
        ("category", {"category": "nothing"}),
        ("address", {"address": " "}),
        ("text", {"text": "я" * 4001}),
        ("consent", {"name": "Олена"}),
        ("photos", {"photos": [None] * 6}),
    ],
)
def test_a_fault_names_its_field(field: str, broken: dict[str, object]) -> None:
    with pytest.raises(ReportFault) as caught:
        replace(LIGHT, **broken).check()
    assert caught.value.field == field


async def test_a_place_alone_will_do(reporting: Reporting) -> None:
    done = await reporting.report(replace(LIGHT, address="", point=Point(51.5221, 30.7536)))
    assert done.appeal.address == "51.52210, 30.75360"
