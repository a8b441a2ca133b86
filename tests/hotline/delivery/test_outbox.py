from dataclasses import replace
from datetime import date, datetime, time

from hotline.appeals.appeal import AppealState
from hotline.appeals.telling import addressed
from hotline.city.terms import Deadline, end_of
from hotline.contact.channel import Channel
from hotline.delivery.outbox import Addressed, OwedNotice, Recipient
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from tests.hotline.appeals.people import APPEAL, CITY, KYIV, appeal

DAY = Contact(
    id=1,
    name="Диспетчерська",
    number="+380457900031",
    email="desk@example.org",
    hours=ContactHours(since=time(8), until=time(17)),
)
NIGHT = Contact(id=2, name="Черговий", order=2, number="+380457900032", channels=(Channel.SMS,))
MANAGER = Contact(id=3, name="Директор", kind=ContactKind.MANAGER, email="director@example.org")
HEAT = Executor(id=7, name="Тепломережі", short="Тепломережі", contacts=(NIGHT, DAY, MANAGER))
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=KYIV)
MIDNIGHT = datetime(2026, 3, 2, 0, 30, tzinfo=KYIV)
ASSIGNED = appeal(AppealState.ASSIGNED)


def ways(owed: OwedNotice, local: datetime = NOON, *, urgent: bool = False) -> list[Addressed]:
    return list(addressed(owed, ASSIGNED, HEAT, local, urgent=urgent))


def test_heads_are_told_by_mail_as_well_where_the_settings_have_an_address() -> None:
    mails = {Recipient.HEAD: "head@example.org", Recipient.DEPARTMENT: ""}
    for recipient, ways in (
        (Recipient.HEAD, [("head", Channel.PAGE, ""), ("head", Channel.EMAIL, "head@example.org")]),
        (Recipient.DEPARTMENT, [("department", Channel.PAGE, "")]),
    ):
        found = addressed(OwedNotice(recipient=recipient), ASSIGNED, HEAT, NOON, urgent=True, mails=mails)
        assert [(one.to, one.channel, one.address) for one in found] == ways


def test_the_executor_is_told_on_the_page_and_by_whoever_is_on_duty() -> None:
    assert ways(OwedNotice(recipient=Recipient.EXECUTOR)) == [
        Addressed(to="executor:7", channel=Channel.PAGE, address=""),
        Addressed(to="contact:1", channel=Channel.EMAIL, address="desk@example.org"),
    ]
    assert ways(OwedNotice(recipient=Recipient.EXECUTOR), MIDNIGHT)[1] == Addressed(
        to="contact:2", channel=Channel.SMS, address="+380457900032"
    )


def test_what_is_urgent_goes_by_every_way_there_is() -> None:
    channels = [one.channel for one in ways(OwedNotice(recipient=Recipient.EXECUTOR, asks=True), urgent=True)]
    assert channels == [Channel.PAGE, Channel.EMAIL, Channel.SMS, Channel.CALL]
    contact = ways(OwedNotice(recipient=Recipient.CONTACT, contact_id=2, asks=True))
    assert [one.channel for one in contact] == [Channel.SMS, Channel.CALL]
    assert ways(OwedNotice(recipient=Recipient.CONTACT, contact_id=99)) == []


def test_nobody_is_called_only_to_know_of_it() -> None:
    channels = [one.channel for one in ways(OwedNotice(recipient=Recipient.EXECUTOR), urgent=True)]
    assert channels == [Channel.PAGE, Channel.EMAIL, Channel.SMS]


def test_the_manager_and_the_head_are_told_where_they_are() -> None:
    assert [one.address for one in ways(OwedNotice(recipient=Recipient.MANAGER))] == ["director@example.org"]
    assert ways(OwedNotice(recipient=Recipient.HEAD)) == [
        Addressed(to="head", channel=Channel.PAGE, address="")
    ]


def test_the_applicant_is_told_as_they_chose_or_not_at_all() -> None:
    owed = OwedNotice(recipient=Recipient.APPLICANT)

    def told(**fields: object) -> list[Addressed]:
        return list(addressed(owed, replace(APPEAL, **fields), None, NOON, urgent=False))

    assert told() == []
    assert told(reply_by=Channel.SMS) == [
        Addressed(to="applicant:2600001", channel=Channel.SMS, address="+380671234567")
    ]
    assert told(reply_by=Channel.EMAIL, reply_to="maria@example.org")[0].address == "maria@example.org"
    assert told(reply_by=Channel.SMS, applicant_number=None) == []


def test_a_city_may_end_terms_in_days_on_working_days_and_never_those_in_hours() -> None:
    saturday = end_of(date(2026, 3, 7), KYIV)
    kind = replace(CITY, ends_on_working_days=True)
    assert CITY.settled(saturday) == saturday
    assert kind.settled(saturday) == end_of(date(2026, 3, 9), KYIV)
    hours = Deadline(due_on=date(2026, 3, 7), due_at=datetime(2026, 3, 7, 12, 0, tzinfo=KYIV))
    assert kind.settled(hours) == hours
