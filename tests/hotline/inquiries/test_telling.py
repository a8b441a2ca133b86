"""A request is told by the enterprise's own roads, and each text is whole in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import NewNotice, Notice
from hotline.delivery.wording import ROOM_OF_SMS, House, Wording, utf16
from hotline.enterprises.executors import Contact, ContactKind, Executor
from hotline.inquiries.inquiries import Inquiry, reminder_at
from hotline.inquiries.inquiry_states import InquiryState
from hotline.inquiries.telling import (
    ASKED,
    OVERDUE,
    REMINDER,
    RETURNED,
    WITHDRAWN,
    told_at_once,
    told_in_time,
)
from hotline.voice.speech import Language

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEAT = Executor(
    id=1,
    name="Тепло",
    short="Тепло",
    contacts=(
        Contact(id=7, name="Диспетчерська", email="a@example.org", channels=(Channel.EMAIL, Channel.CALL)),
        Contact(
            id=8, name="Директор", kind=ContactKind.MANAGER, number="+380671234567", channels=(Channel.SMS,)
        ),
    ),
)
ONE = Inquiry(
    id=12,
    executor_id=1,
    text="Стан робіт за зверненнями про опалення. " * 20,
    due_at=NOON + timedelta(days=5),
    state=InquiryState.ASKED,
    asked_by=1,
    asked_at=NOON,
)
WORDING = Wording(House(number="1580", zone=KYIV, address="https://hotline.example"))


def as_notice(new: NewNotice, channel: Channel) -> Notice:
    return Notice(
        id=1,
        matter=new.matter,
        to=new.to,
        channel=channel,
        address=new.address,
        about=new.about,
        facts=new.facts,
        owed_at=NOON,
        due_at=NOON,
        changed_at=NOON,
        state=NoticeState.OWED,
    )


def test_the_term_is_told_a_day_before_and_when_it_is_over_to_the_manager_and_the_head_as_well() -> None:
    told = told_in_time(ONE, HEAT, NOON, KYIV, "head@example.org")
    assert [(one.about, one.to, one.channel, one.due_at) for one in told] == [
        (REMINDER, "contact:7", Channel.EMAIL, ONE.due_at - timedelta(days=1)),
        (OVERDUE, "contact:7", Channel.EMAIL, ONE.due_at),
        (OVERDUE, "contact:8", Channel.SMS, ONE.due_at),
        (OVERDUE, "head", Channel.EMAIL, ONE.due_at),
    ]


def test_of_a_short_term_a_quarter_is_left_at_the_reminder() -> None:
    assert reminder_at(NOON, NOON + timedelta(hours=8)) == NOON + timedelta(hours=6)


@pytest.mark.parametrize("about", [ASKED, RETURNED, WITHDRAWN])
@pytest.mark.parametrize("said", ["", "Немає акта. " * 60])
def test_what_is_told_at_once_is_whole(about: str, said: str) -> None:
    (one,) = told_at_once(ONE, HEAT, about, NOON.astimezone(KYIV), said)
    letter = WORDING.message(as_notice(one, Channel.EMAIL))
    short = WORDING.message(as_notice(one, Channel.SMS))
    assert "12" in letter.subject
    assert utf16(short.text) <= ROOM_OF_SMS
    assert not {"{", "}", "[", "]"} & set(letter.text + letter.subject + short.text)


def test_what_is_told_in_time_is_whole_on_pages_in_both_languages() -> None:
    for one in told_in_time(ONE, HEAT, NOON, KYIV, "head@example.org"):
        assert "12" in WORDING.message(as_notice(one, Channel.EMAIL)).text
        for language in Language:
            assert "12" in WORDING.line(as_notice(one, one.channel), language)
