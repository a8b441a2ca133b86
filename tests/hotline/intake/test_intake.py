"""What is written into a file of a register is read from it as the same."""

from datetime import UTC, date, datetime, time, timedelta
from string import ascii_letters
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.appeal import AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.city.classifier import Urgency, classifier
from hotline.city.terms import by_clock, end_of
from hotline.contact.channel import Channel
from hotline.enterprises.executors import ContactKind, Hours
from hotline.intake.appeals import APPEAL_COLUMNS, AppealRecord, appeal_cells, read_appeal
from hotline.intake.lines import Fault, Line, cells_of, columns_of
from hotline.intake.moments import moment_text, read_moment
from hotline.intake.people import (
    ADDRESS_COLUMNS,
    CITIZEN_COLUMNS,
    EXECUTOR_COLUMNS,
    AddressRecord,
    CitizenRecord,
    ContactRecord,
    ExecutorRecord,
    address_cells,
    citizen_cells,
    executor_cells,
    read_address,
    read_citizen,
    read_executor,
)
from hotline.people.benefits import benefits

KYIV = ZoneInfo("Europe/Kyiv")
LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐД" + ascii_letters + "0123456789'’«».-=+@"
WORD = st.text(LETTERS, min_size=1, max_size=12)
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
TEXT = st.text(LETTERS + ' \n";,', min_size=1, max_size=60).map(str.strip).filter(bool)
SECONDS = st.integers(0, 10 * 366 * 24 * 3600).map(
    lambda one: datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=one)
)
NUMBER = st.integers(0, 999_999).map(lambda one: f"+380457{one:06d}")
APPEAL_NUMBER = st.integers(1, 99_999).map(lambda one: f"26{one:05d}")
DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))


@st.composite
def appeals(draw: st.DrawFn) -> AppealRecord:
    registered_at, applicant = draw(SECONDS), draw(st.just("") | NAME)
    held = draw(st.booleans())
    free = (AppealState.REGISTERED, AppealState.CLOSED, AppealState.REJECTED, AppealState.FORWARDED)
    states = set(AppealState) - {AppealState.REGISTERED} if held else free
    due = registered_at + timedelta(seconds=draw(st.integers(1, 60 * 24 * 3600)))
    return AppealRecord(
        number=draw(APPEAL_NUMBER),
        index=draw(WORD),
        registered_at=registered_at,
        kind=draw(st.sampled_from(AppealKind)),
        sign=draw(st.sampled_from(Sign)),
        subject=draw(st.sampled_from(Subject)),
        receipt=draw(st.sampled_from(Receipt)),
        category=draw(st.sampled_from(["", *classifier().categories])),
        urgency=draw(st.sampled_from(Urgency)),
        summary=draw(TEXT),
        address=draw(NAME),
        applicant=applicant,
        home=draw(NAME) if applicant else "",
        phone=draw(st.none() | NUMBER),
        executor=draw(NAME) if held else "",
        state=draw(st.sampled_from(sorted(states))),
        due=draw(st.sampled_from([end_of(due.astimezone(KYIV).date(), KYIV), by_clock(due, KYIV)])),
        result=draw(st.none() | st.sampled_from(ResultKind)),
        answer=draw(st.just("") | TEXT),
        earlier=draw(st.just("") | APPEAL_NUMBER),
        parent=draw(st.just("") | APPEAL_NUMBER),
        consent=draw(st.booleans()),
        controlled=draw(st.booleans()),
        extended=draw(st.booleans()),
        wanted=draw(st.none() | DAYS),
        attempts=draw(st.integers(0, 99)),
        since=draw(st.just(registered_at) | SECONDS),
        reply_by=draw(st.none() | st.sampled_from(Channel)),
        reply_to=draw(st.just("") | WORD),
    )


CONTACTS = st.builds(
    ContactRecord,
    name=NAME,
    kind=st.sampled_from(ContactKind),
    order=st.integers(1, 99),
    number=st.none() | NUMBER,
    email=st.none() | st.just("a@b.example"),
    hours=st.builds(
        Hours,
        since=st.integers(0, 23).map(time),
        until=st.integers(0, 23).map(time),
        days=st.frozensets(st.integers(1, 7), min_size=1),
    ),
    channels=st.lists(st.sampled_from(Channel), min_size=1, max_size=3, unique=True).map(tuple),
)


@given(appeals())
def test_an_appeal_is_the_same_after_a_file(record: AppealRecord) -> None:
    line = Line(number=2, cells=appeal_cells(record, KYIV))
    places = columns_of([one.uk for one in APPEAL_COLUMNS], APPEAL_COLUMNS)
    assert read_appeal(cells_of(line, places), KYIV) == record


@given(
    st.builds(
        CitizenRecord,
        name=NAME,
        address=NAME,
        numbers=st.lists(NUMBER, unique=True, max_size=3).map(tuple),
        benefits=st.lists(st.sampled_from(sorted(benefits())), unique=True, max_size=3).map(tuple),
    )
)
def test_a_citizen_is_the_same_after_a_file(record: CitizenRecord) -> None:
    line = Line(number=2, cells=citizen_cells(record))
    places = columns_of([one.uk for one in CITIZEN_COLUMNS], CITIZEN_COLUMNS)
    assert read_citizen(cells_of(line, places)) == record


@given(st.builds(ExecutorRecord, name=NAME, short=WORD, contact=st.none() | CONTACTS, active=st.booleans()))
def test_an_enterprise_is_the_same_after_a_file(record: ExecutorRecord) -> None:
    line = Line(number=2, cells=executor_cells(record))
    places = columns_of([one.uk for one in EXECUTOR_COLUMNS], EXECUTOR_COLUMNS)
    assert read_executor(cells_of(line, places)) == record


@given(
    st.builds(
        AddressRecord,
        street=NAME,
        former=st.lists(NAME, unique=True, max_size=3).map(tuple),
        house=st.just("") | WORD,
        quarter=st.just("") | NAME,
    )
)
def test_an_address_is_the_same_after_a_file(record: AddressRecord) -> None:
    line = Line(number=2, cells=address_cells(record))
    places = columns_of([one.uk for one in ADDRESS_COLUMNS], ADDRESS_COLUMNS)
    assert read_address(cells_of(line, places)) == record


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-10-25T00:30:00+00:00", "25.10.2026 03:30:00 +03:00"),
        ("2026-10-25T01:30:00+00:00", "25.10.2026 03:30:00 +02:00"),
        ("2026-10-25T02:30:00+00:00", "25.10.2026 04:30:00"),
        ("2026-03-29T01:00:00+00:00", "29.03.2026 04:00:00"),
    ],
)
def test_the_hour_that_is_there_twice_is_told_apart(at: str, text: str) -> None:
    moment = datetime.fromisoformat(at)
    assert moment_text(moment, KYIV) == text
    assert read_moment(text, "registered", KYIV) == moment


WRITTEN = st.from_regex(r"\d{1,2}\.\d{1,2}\.\d{4}( \d\d:\d\d)?( [+-]\d\d:\d\d)?", fullmatch=True)


@given(st.text(max_size=20) | WRITTEN)
def test_whatever_stands_for_a_moment_is_read_or_refused(text: str) -> None:
    found: datetime | Fault
    try:
        found = read_moment(text, "due", KYIV)
    except Fault as fault:
        found = fault
    assert found.tzinfo is UTC if isinstance(found, datetime) else found.column == "due"
