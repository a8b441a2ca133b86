"""What is written into a file of a register is read from it as the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from string import ascii_letters
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.appeals.appeal import Appeal, AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.appeals.registering import NewPerson
from hotline.city.addresses import Address, Area, Gazetteer, Side, Street
from hotline.city.classifier import Urgency, Utility, classifier
from hotline.city.terms import by_clock, end_of
from hotline.contact.channel import TO_PEOPLE
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from hotline.intake.addresses import ADDRESS_COLUMNS, address_cells, read_address
from hotline.intake.appeals import APPEAL_COLUMNS, AppealLine, appeal_cells, read_appeal
from hotline.intake.citizens import CITIZEN_COLUMNS, NewCitizen, citizen_cells, read_citizen
from hotline.intake.executors import EXECUTOR_COLUMNS, Enterprises, executor_cells, read_executor
from hotline.intake.lines import MISSING, Cells, FileLine, LineFault, cells_of, columns_of
from hotline.intake.moments import moment_text, read_moment
from hotline.intake.outages import OUTAGE_COLUMNS, outage_cells, read_outage
from hotline.outages.outage import EntrySource, Outage, OutageKind
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


TAKES = Executor(id=7, name="КП «Тепломережі»", short="Тепло")
CLOSED = Executor(id=8, name="КП «Закрите»", short="Закрите", active=False)
ENTERPRISES = Enterprises([TAKES, CLOSED])


@st.composite
def appeals(draw: st.DrawFn) -> AppealLine:
    registered_at, name = draw(SECONDS), draw(st.just("") | NAME)
    executor = draw(st.sampled_from([None, TAKES]))
    free = (AppealState.REGISTERED, AppealState.CLOSED, AppealState.REJECTED, AppealState.FORWARDED)
    states = set(AppealState) - {AppealState.REGISTERED} if executor else free
    ends = registered_at + timedelta(seconds=draw(st.integers(1, 60 * 24 * 3600)))
    due = draw(st.sampled_from([end_of(ends.astimezone(KYIV).date(), KYIV), by_clock(ends, KYIV)]))
    phone = draw(st.none() | NUMBER)
    appeal = Appeal(
        number=draw(APPEAL_NUMBER),
        registration_index=draw(WORD),
        registered_at=registered_at,
        kind=draw(st.sampled_from(AppealKind)),
        sign=draw(st.sampled_from(Sign)),
        subject=draw(st.sampled_from(Subject)),
        receipt=draw(st.sampled_from(Receipt)),
        category=draw(st.sampled_from(["", *classifier().categories])),
        classifier=classifier().version,
        urgency=draw(st.sampled_from(Urgency)),
        text=draw(TEXT),
        address=draw(NAME),
        applicant_number=phone,
        executor_id=executor.id if executor else None,
        state=draw(st.sampled_from(sorted(states))),
        state_since=draw(st.just(registered_at) | SECONDS),
        due_on=due.due_on,
        due_at=due.due_at,
        result=draw(st.none() | st.sampled_from(ResultKind)),
        answer=draw(st.just("") | TEXT),
        earlier=draw(st.none() | APPEAL_NUMBER),
        parent=draw(st.none() | APPEAL_NUMBER),
        consent=draw(st.booleans()),
        controlled=draw(st.booleans()),
        extended=draw(st.booleans()),
        extension_wanted=draw(st.none() | DAYS),
        attempts=draw(st.integers(0, 99)),
        reply_by=draw(st.none() | st.sampled_from(TO_PEOPLE)),
        reply_to=draw(st.just("") | WORD),
        only_in_writing=draw(st.booleans()),
    )
    numbers = (phone,) if phone else ()
    person = NewPerson(name=name, address=draw(st.just("") | NAME), numbers=numbers) if name else None
    return AppealLine(appeal=appeal, applicant=person, executor=executor.name if executor else "")


CONTACTS = st.builds(
    Contact,
    name=NAME,
    kind=st.sampled_from(ContactKind),
    order=st.integers(1, 99),
    number=st.none() | NUMBER,
    email=st.none() | st.just("a@b.example"),
    hours=st.builds(
        ContactHours,
        since=st.integers(0, 23).map(time),
        until=st.integers(0, 23).map(time),
        days=st.frozensets(st.integers(1, 7), min_size=1),
    ),
    channels=st.lists(st.sampled_from(TO_PEOPLE), min_size=1, max_size=3, unique=True).map(tuple),
)


@given(appeals())
def test_an_appeal_is_the_same_after_a_file(appeal: AppealLine) -> None:
    line = FileLine(number=2, cells=appeal_cells(appeal, KYIV))
    places = columns_of([one.uk for one in APPEAL_COLUMNS], APPEAL_COLUMNS)
    assert read_appeal(cells_of(line, places), KYIV, ENTERPRISES) == appeal


@pytest.mark.parametrize("name", ["Закрите", "КП «ЗАКРИТЕ»", "Ніхто"])
def test_an_appeal_that_is_owed_does_not_go_to_an_enterprise_that_takes_none(name: str) -> None:
    cells = Cells({"registered": "02.03.2026", "text": "Тече", "executor": name})
    with pytest.raises(LineFault) as refused:
        read_appeal(cells, KYIV, ENTERPRISES)
    assert refused.value.column == "executor"
    ended = Cells({**cells.values, "state": "закрито", "executor": "Закрите"})
    assert read_appeal(ended, KYIV, ENTERPRISES).appeal.executor_id == CLOSED.id


@given(
    st.builds(
        NewCitizen,
        name=NAME,
        address=NAME,
        numbers=st.lists(NUMBER, unique=True, max_size=3).map(tuple),
        benefits=st.lists(st.sampled_from(sorted(benefits())), unique=True, max_size=3).map(tuple),
    )
)
def test_a_citizen_is_the_same_after_a_file(citizen: NewCitizen) -> None:
    line = FileLine(number=2, cells=citizen_cells(citizen))
    places = columns_of([one.uk for one in CITIZEN_COLUMNS], CITIZEN_COLUMNS)
    assert read_citizen(cells_of(line, places)) == citizen


@given(
    st.builds(
        Executor,
        id=st.just(0),
        name=NAME,
        short=WORD,
        contacts=st.lists(CONTACTS, max_size=3).map(tuple),
        active=st.booleans(),
    )
)
def test_an_enterprise_is_the_same_after_a_file(enterprise: Executor) -> None:
    places = columns_of([one.uk for one in EXECUTOR_COLUMNS], EXECUTOR_COLUMNS)
    lines = executor_cells(enterprise)
    read = [read_executor(cells_of(FileLine(number=2, cells=cells), places)) for cells in lines]
    assert read[0] == replace(enterprise, contacts=enterprise.contacts[:1])
    assert [contact for one in read for contact in one.contacts] == list(enterprise.contacts)


@given(
    st.builds(Street, name=NAME, former=st.lists(NAME, unique=True, max_size=3).map(tuple)),
    st.just("") | WORD,
    st.just("") | NAME,
)
def test_an_address_is_the_same_after_a_file(street: Street, number: str, quarter: str) -> None:
    house = Address(street=street.name, house=number, quarter=quarter)
    line = FileLine(number=2, cells=address_cells(street, house))
    places = columns_of([one.uk for one in ADDRESS_COLUMNS], ADDRESS_COLUMNS)
    assert read_address(cells_of(line, places)) == (street, house)


AREAS = st.lists(
    st.sampled_from(
        [
            Area(street="Київський квартал"),
            Area(street="Київський квартал", first=1, last=15, side=Side.ODD),
            Area(street="вулиця Атомників", first=7, last=7, letter="а"),
            Area(street="вулиця Атомників", first=9),
        ]
    ),
    unique=True,
    max_size=3,
).map(tuple)
TOWN = Gazetteer([(one, one) for one in ("Київський квартал", "вулиця Атомників")], {})


@st.composite
def outages(draw: st.DrawFn) -> Outage:
    starts_at, lasts = draw(SECONDS), draw(st.none() | st.integers(1, 10**6))
    ended_at = draw(st.none() | st.just(starts_at + timedelta(hours=2)))
    return Outage(
        id=0,
        utility=draw(st.sampled_from(Utility)),
        kind=draw(st.sampled_from(OutageKind)),
        starts_at=starts_at,
        expected_end=lasts and starts_at + timedelta(seconds=lasts),
        areas=draw(AREAS),
        reason=draw(st.just("") | NAME),
        order=draw(st.just("") | WORD),
        executor_id=draw(st.sampled_from([None, TAKES.id])),
        ended_at=ended_at,
        cancelled=draw(st.booleans()) if ended_at else False,
        entered_at=draw(SECONDS),
        source=EntrySource.FILE,
    )


@given(outages())
def test_an_outage_is_the_same_after_a_file(outage: Outage) -> None:
    line = FileLine(number=2, cells=outage_cells(outage, KYIV, TAKES.name if outage.executor_id else ""))
    places = columns_of([one.uk for one in OUTAGE_COLUMNS], OUTAGE_COLUMNS)
    now = datetime(2036, 1, 1, tzinfo=UTC)
    assert read_outage(cells_of(line, places), KYIV, TOWN, ENTERPRISES, now) == outage


@pytest.mark.parametrize("areas", [";", " ;\n; "])
def test_an_outage_nowhere_is_none_of_the_whole_city(areas: str) -> None:
    values = {"starts": "02.03.2026 13:00", "utility": "вода", "areas": areas}
    with pytest.raises(LineFault) as refused:
        read_outage(Cells(values=values), KYIV, TOWN, ENTERPRISES, datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert (refused.value.column, refused.value.reason) == ("areas", MISSING)


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
    found: datetime | LineFault
    try:
        found = read_moment(text, "due", KYIV)
    except LineFault as fault:
        found = fault
    assert found.tzinfo is UTC if isinstance(found, datetime) else found.column == "due"
