import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealKind, AppealState, Sign
from hotline.appeals.registering import Likeness, NewAppeal, NewPerson, TrialCallOnly
from hotline.calls.call import TRIAL_PREFIX
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from hotline.city.questions import Asks, Detail
from hotline.errors import AlreadyTaken, NotFound
from storage.store import Storage
from storage.tables import appeals, citizens, consultations
from tests.storage.conftest import NOON

NUMBER = "+380457900012"
HOME = "Київський квартал, 7, кв. 12"


async def dispatcher(storage: Storage) -> int:
    user = await storage.users.add(login="olya", name="Оля", role=Role.DISPATCHER, password_hash="h")
    return user.id


async def new(storage: Storage) -> NewAppeal:
    return NewAppeal(
        text="Немає світла",
        kind=AppealKind.APPLICATION,
        category="power-none",
        classifier=1,
        address=HOME,
        urgency=Urgency.URGENT,
        registered_at=NOON,
        year=2026,
        due_on=date(2026, 3, 3),
        due_at=NOON + timedelta(hours=24),
        registered_by=await dispatcher(storage),
        applicant_number=NUMBER,
        applicant=NewPerson(name="Марія Демченко", address=HOME, numbers=(NUMBER,)),
        consent=True,
        call_id="hotline-1.1",
    )


async def test_nothing_of_a_trial_call_is_registered_by_whichever_way_it_comes(storage: Storage) -> None:
    with pytest.raises(TrialCallOnly):
        await storage.registry.enter(replace(await new(storage), call_id=f"{TRIAL_PREFIX}1"))
    assert await storage.appeals.open_of(NUMBER) == []


async def test_an_appeal_is_kept_whole_with_its_new_applicant(storage: Storage) -> None:
    told = Detail(code="fuses", uk="Автомати?", en="Switches?", asks=Asks.YES_NO, answer="yes")
    one = replace(await new(storage), details=(told,))
    entered = await storage.registry.enter(one)
    (maria,) = await storage.citizens.calling_from(NUMBER)
    assert entered.applicant_id == maria.id
    assert entered == await storage.appeals.find(entered.number)
    assert await storage.appeals.open_of(NUMBER) == [entered]
    for field in (
        "text",
        "kind",
        "category",
        "address",
        "details",
        "urgency",
        "due_on",
        "due_at",
        "call_id",
        "consent",
    ):
        assert getattr(entered, field) == getattr(one, field), field
    assert (entered.state, entered.sign) == (AppealState.REGISTERED, Sign.FIRST)


async def test_numbers_are_digits_and_run_within_their_year(storage: Storage) -> None:
    one = replace(await new(storage), applicant=None)
    numbers = [(await storage.registry.enter(one)).number for _ in range(2)]
    next_year = replace(one, year=2027)
    numbers.append((await storage.registry.enter(next_year)).number)
    assert numbers == ["2600001", "2600002", "2700001"]


async def test_many_dispatchers_at_once_get_a_number_each(storage: Storage) -> None:
    one = replace(await new(storage), applicant=None)
    entered = await asyncio.gather(*(storage.registry.enter(one) for _ in range(30)))
    assert len({appeal.number for appeal in entered}) == 30


async def test_a_form_sent_twice_at_once_is_one_appeal(storage: Storage) -> None:
    one = replace(await new(storage), idempotency_key="form-1")
    first, second = await asyncio.gather(storage.registry.enter(one), storage.registry.enter(one))
    assert first == second
    assert len(await storage.citizens.calling_from(NUMBER)) == 1


async def test_nothing_is_kept_of_an_appeal_that_cannot_be_entered(storage: Storage) -> None:
    one = replace(await new(storage), earlier="999")
    with pytest.raises(NotFound):
        await storage.registry.enter(one)
    with pytest.raises(NotFound):
        await storage.registry.enter(replace(one, earlier=None, applicant=77))
    async with storage.database.reading() as connection:
        assert (await connection.execute(select(citizens))).all() == []
        assert (await connection.execute(select(appeals))).all() == []


async def test_appeals_alike_say_why_and_which_sign_they_suggest(storage: Storage) -> None:
    one = await new(storage)
    hers = await storage.registry.enter(one)
    by_number = await storage.registry.enter(replace(one, applicant=None))
    neighbours = await storage.registry.enter(replace(one, applicant=None, applicant_number="+380457900099"))
    await storage.registry.enter(replace(one, applicant=None, category="gas-smell"))
    await storage.registry.enter(replace(one, applicant=None, address="Ризький квартал, 1"))
    await storage.registry.enter(replace(one, applicant=None, registered_at=NOON - timedelta(days=31)))
    found = await storage.registry.similar(
        category="power-none",
        address="київський  КВАРТАЛ 7 кв 12",
        number=NUMBER,
        applicant=hers.applicant_id,
        since=NOON - timedelta(days=30),
    )
    assert [(each.appeal, each.likeness, each.sign) for each in found] == [
        (hers, Likeness.PERSON, Sign.DUPLICATE),
        (by_number, Likeness.NUMBER, Sign.DUPLICATE),
        (neighbours, Likeness.ADDRESS, Sign.FIRST),
    ]
    solved = replace(found[0], appeal=replace(hers, state=AppealState.CLOSED))
    assert solved.sign is Sign.REPEATED


async def test_a_hidden_number_is_like_no_other_and_no_address_like_no_other(storage: Storage) -> None:
    one = replace(await new(storage), applicant=None, applicant_number=None)
    await storage.registry.enter(one)
    look = storage.registry.similar
    (found,) = await look(category="power-none", address=HOME, number=None, applicant=None, since=NOON)
    assert found.likeness is Likeness.ADDRESS
    assert not await look(category="power-none", address=" ", number=None, applicant=None, since=NOON)


async def test_a_consultation_is_written_down_without_an_appeal(storage: Storage) -> None:
    user = await dispatcher(storage)
    await storage.registry.consulted(call_id="c1", user_id=user, text="Графік роботи", at=NOON)
    async with storage.database.reading() as connection:
        (row,) = (await connection.execute(select(consultations))).all()
        assert (row.call_id, row.user_id, row.text, row.at) == ("c1", user, "Графік роботи", NOON)
        assert (await connection.execute(select(appeals))).all() == []


async def test_a_consultation_that_is_sent_twice_is_one(storage: Storage) -> None:
    user = await dispatcher(storage)
    other = await storage.users.add(login="ivan", name="Іван", role=Role.DISPATCHER, password_hash="h")
    for who, call_id, text in [
        *[(user, "c1", "Графік роботи")] * 2,
        (user, "c1", "І ще про пільги"),
        (user, "c2", "Графік роботи"),
        (other.id, "c1", "Графік роботи"),
        *[(user, None, "Графік роботи")] * 2,
    ]:
        await storage.registry.consulted(call_id=call_id, user_id=who, text=text, at=NOON)
    for call_id in ("c3", "c4"):  # at first PostgreSQL's connections are opened one after the other
        twice = [
            storage.registry.consulted(call_id=call_id, user_id=user, text="Пільги", at=NOON) for _ in "12"
        ]
        await asyncio.gather(*twice)
    async with storage.database.reading() as connection:
        kept = (await connection.execute(select(consultations.c.call_id))).scalars().all()
    assert sorted(map(str, kept)) == ["None", "None", "c1", "c1", "c1", "c2", "c3", "c4"]


async def test_streets_are_found_by_old_names_and_written_with_new_ones(storage: Storage) -> None:
    await storage.streets.add(demo_streets())
    found = await storage.streets.find("моск")
    assert [(one.name, one.alias) for one in found] == [("Поліський квартал", "Московський квартал")]
    assert [one.name for one in await storage.streets.find("Київ кв, 7")] == ["Київський квартал"]
    assert [one.name for one in await storage.streets.find("77-ї")] == ["вулиця Збройних Сил України"]
    assert not await storage.streets.find(" ")
    present = storage.streets.present
    assert await present("московський квартал, 5, кв. 2") == "Поліський квартал, 5, кв. 2"
    assert await present("вулиця 77-ї Гвардійської дивізії 3") == "вулиця Збройних Сил України 3"
    assert await present(HOME) == HOME
    with pytest.raises(AlreadyTaken):
        await storage.streets.add(demo_streets()[:1])


async def test_people_are_found_by_the_beginnings_of_their_names(storage: Storage) -> None:
    maria = await storage.citizens.add("Марія Дем'яненко", HOME, [])
    ivan = await storage.citizens.add("Іван Демченко", HOME, [NUMBER])
    assert await storage.citizens.find("дем") == [maria, ivan] or await storage.citizens.find("дем") == [
        ivan,
        maria,
    ]
    assert await storage.citizens.find("ДЕМ’ЯН мар") == [maria]
    assert not await storage.citizens.find("Петро")
    assert not await storage.citizens.find("%")
    assert await storage.citizens.get(ivan.id) == ivan
    with pytest.raises(NotFound):
        await storage.citizens.get(999)


async def test_a_form_is_there_as_typed_last_until_it_is_dropped(storage: Storage) -> None:
    user, forms = await dispatcher(storage), storage.forms
    await forms.save(user, "c1", {"text": "Нем"}, NOON)
    await forms.save(user, "c1", {"text": "Немає", "kind": "report"}, NOON)
    assert await forms.find(user, "c1") == {"text": "Немає", "kind": "report"}
    assert await forms.find(user, "") == {}
    await forms.save(user, "c2", {"text": "b"}, NOON + timedelta(minutes=1))
    assert await forms.saved(user, NOON - timedelta(minutes=1)) == ["c2", "c1"]
    assert await forms.saved(user, NOON) == ["c2"]
    await forms.drop(user, "c1")
    assert await forms.find(user, "c1") == {}


async def test_the_applicants_categories_are_kept_with_the_citizen(storage: Storage) -> None:
    one = replace(await new(storage), categories=("7.14", "7.13"))
    await storage.registry.enter(one)
    (maria,) = await storage.citizens.calling_from(NUMBER)
    assert set(maria.benefits) == {"7.13", "7.14"}
    await storage.registry.enter(replace(one, applicant=maria.id, categories=None))
    assert set((await storage.callers.card(NUMBER)).candidates[0].benefits) == {"7.13", "7.14"}
    await storage.registry.enter(replace(one, applicant=maria.id, categories=("7.5",)))
    assert (await storage.citizens.get(maria.id)).benefits == ("7.5",)
    await storage.citizens.note_benefits(maria.id, (), NOON)
    assert [person.benefits for person in await storage.citizens.find("марія")] == [()]
    with pytest.raises(NotFound):
        await storage.citizens.note_benefits(999, ("7.5",), NOON)


async def test_what_was_registered_in_a_call_is_found_the_latest_first(storage: Storage) -> None:
    one = replace(await new(storage), applicant=None)
    first = await storage.registry.enter(one)
    second = await storage.registry.enter(replace(one, registered_at=NOON + timedelta(minutes=1)))
    await storage.registry.enter(replace(one, call_id="another"))
    assert await storage.registry.of_call("hotline-1.1") == [second, first]
