"""A holiday is law for what is open: other days off have terms counted anew, with an entry each."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update

from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.registering import NewAppeal
from hotline.appeals.statute import first_term, law_end
from hotline.city.classifier import Urgency, classifier
from hotline.city.days_off import days_off
from hotline.city_data.kinds import kept
from hotline.contact.channel import Channel
from hotline.delivery.wording import ROOM_OF_SMS, House, Wording, utf16
from hotline.documents.document import DocumentKind, delivered, revision
from hotline.enterprises.executors import Contact
from storage.store import SLAVUTYCH, Storage
from storage.tables import appeals, city_documents

FRIDAY = datetime(2026, 8, 21, 9, 0, tzinfo=UTC)
"""Before Independence Day, a Monday."""
KIND = DocumentKind.DAYS_OFF
PEACE = max(delivered(KIND).items())[1].replace(
    "since = 2022-03-24", "since = 2022-03-24\nuntil = 2026-08-01"
)


def new(kind: AppealKind) -> NewAppeal:
    known = classifier()
    request = kind is AppealKind.INFORMATION_REQUEST
    category = known.information_request if request else "entrance"
    term = first_term(kind, category, Urgency.ORDINARY, FRIDAY, SLAVUTYCH.timezone)
    return NewAppeal(
        text="Прошу надати",
        kind=kind,
        category=category,
        classifier=known.version,
        address="",
        urgency=Urgency.ORDINARY,
        registered_at=FRIDAY,
        year=2026,
        due_on=term.due_on,
        due_at=term.due_at,
        registered_by=None,
    )


async def registered(storage: Storage, kind: AppealKind) -> Appeal:
    return await storage.registry.enter(new(kind))


async def put(storage: Storage, text: str, at: datetime) -> None:
    documents = storage.city_documents
    seen = revision((await documents.present(KIND)).version, None)
    draft = await documents.save_draft(KIND, text, by=None, at=at, note="", seen=seen)
    seen = revision((await documents.present(KIND)).version, draft)
    await documents.put_into_force(KIND, by=None, at=at, note="", seen=seen)


async def law_ends_at(storage: Storage, number: str) -> datetime | None:
    async with storage.database.reading() as connection:
        query = select(appeals.c.law_ends_at).where(appeals.c.number == number)
        found: datetime | None = (await connection.execute(query)).scalar_one()
        return found


async def found(storage: Storage, number: str) -> Appeal:
    one = await storage.registry.find(number)
    assert one
    return one


async def test_a_new_holiday_moves_the_open_terms_counted_in_working_days_with_an_entry_each(
    storage: Storage,
) -> None:
    await storage.city_documents.take_delivered()
    request, over, extended = [await registered(storage, AppealKind.INFORMATION_REQUEST) for _ in range(3)]
    application = await registered(storage, AppealKind.APPLICATION)
    later = extended.due_at and extended.due_at + timedelta(days=7)
    async with storage.database.writing() as connection:
        for number, values in (
            (over.number, {"state": AppealState.WITHDRAWN}),
            (extended.number, {"extended": True, "due_on": date(2026, 9, 4), "due_at": later}),
        ):
            await connection.execute(update(appeals).where(appeals.c.number == number).values(values))
    shown = await storage.city_documents.preview(KIND, PEACE)
    assert [one.appeal.number for one in shown.terms] == [request.number]

    at = FRIDAY + timedelta(hours=1)
    await put(storage, PEACE, at)

    moved = await found(storage, request.number)
    assert (request.due_on, moved.due_on) == (date(2026, 8, 28), date(2026, 8, 31))
    law = law_end(moved, SLAVUTYCH)
    assert law
    assert await law_ends_at(storage, request.number) == moved.due_at == law.due_at
    history = await storage.handling.history(request.number, hidden=True)
    assert [(one.act, one.at, one.facts["until"]) for one in history[-1:]] == [("recount", at, "2026-08-31")]
    for one in (over, extended, application):
        assert [line.act for line in await storage.handling.history(one.number, hidden=True)] == ["register"]
    assert (await found(storage, over.number)).due_on == over.due_on
    assert (await found(storage, extended.number)).due_on == date(2026, 9, 4)
    assert await found(storage, application.number) == application

    await put(storage, max(delivered(KIND).items())[1], at)
    back = await found(storage, request.number)
    assert replace(back, version=request.version) == request


async def test_an_appeal_that_is_registered_just_after_another_process_changed_holidays_has_the_new_term(
    storage: Storage,
) -> None:
    await storage.city_documents.take_delivered()
    with kept():  # what this process holds is the old one again afterwards
        await put(storage, PEACE, FRIDAY)
    assert not days_off().is_off(date(2026, 8, 24))
    late = await registered(storage, AppealKind.INFORMATION_REQUEST)
    assert late.due_on == date(2026, 8, 31)
    assert await law_ends_at(storage, late.number) == late.due_at


async def test_whose_form_was_filled_in_before_the_change_has_the_new_term_as_well(storage: Storage) -> None:
    await storage.city_documents.take_delivered()
    told = new(AppealKind.INFORMATION_REQUEST)
    await put(storage, PEACE, FRIDAY)
    late = await storage.registry.enter(told)
    assert (told.due_on, late.due_on) == (date(2026, 8, 28), date(2026, 8, 31))


async def test_a_registration_waits_for_the_change_of_holidays_that_has_begun(storage: Storage) -> None:
    await storage.city_documents.take_delivered()
    documents = storage.city_documents
    seen = revision((await documents.present(KIND)).version, None)
    draft = await documents.save_draft(KIND, PEACE, by=None, at=FRIDAY, note="", seen=seen)
    of_kind = city_documents.c.kind == KIND.value
    async with storage.database.writing() as connection:
        await connection.execute(select(city_documents.c.version).where(of_kind).with_for_update())
        coming = asyncio.create_task(registered(storage, AppealKind.INFORMATION_REQUEST))
        done, _ = await asyncio.wait({coming}, timeout=0.2)
        assert not done
        which = of_kind & (city_documents.c.version == draft.version)
        await connection.execute(update(city_documents).where(which).values(in_force_since=FRIDAY))
    assert (await coming).due_on == date(2026, 8, 31)


async def test_an_enterprise_hears_of_a_change_once_however_many_of_its_terms_moved(storage: Storage) -> None:
    await storage.city_documents.take_delivered()
    contact = Contact(name="Диспетчерська", email="desk@example.org")
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", [contact])
    other = await storage.executors.add("КП «Водоканал»", "Водоканал", [contact])
    numbers = [(await registered(storage, AppealKind.INFORMATION_REQUEST)).number for _ in range(3)]
    async with storage.database.writing() as connection:
        for number in numbers[:2]:
            given = {"executor_id": heat.id, "state": AppealState.IN_WORK}
            await connection.execute(update(appeals).where(appeals.c.number == number).values(given))
    await put(storage, PEACE, FRIDAY)

    assert await storage.outbox.on_page(f"executor:{other.id}") == []
    (page,) = await storage.outbox.on_page(f"executor:{heat.id}")
    assert page.about == "recount"
    assert page.facts["texts"]["numbers"] == ", ".join(numbers[:2])
    (mail,) = await storage.outbox.claim([Channel.EMAIL], FRIDAY, 9)
    assert mail.address == "desk@example.org"
    written = Wording(House(number="1580", zone=SLAVUTYCH.timezone)).message(mail)
    assert written.subject == "Терміни перераховано через зміну святкових днів. Звернень: 2"
    assert f"№ {numbers[0]} — 31.08.2026\n№ {numbers[1]} — 31.08.2026" in written.text
    sms = Wording(House(number="1580", zone=SLAVUTYCH.timezone)).message(replace(mail, channel=Channel.SMS))
    assert utf16(sms.text) <= ROOM_OF_SMS
