"""The page of outages as everybody gets it: what stands there, for an address, and what is not sent again."""

import re
from collections.abc import Mapping

import pytest
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cti_server.outages.public.published import MOST_KEPT
from cti_server.outages.public.sources import OFFERS, PUBLIC
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, OutageKind
from tests.cti_server.conftest import Person
from tests.cti_server.outages.public.conftest import Town

pytestmark = pytest.mark.usefixtures("town")


async def found(person: Person, address: str) -> str:
    return await person.text(f"/outages?address={address}")


async def test_what_is_off_planned_and_over_stands_apart(person: Person) -> None:
    text = await person.text("/outages")
    now, coming, over = (
        text.index(title) for title in ("Немає холодної води", "Не буде опалення", ">Ліфти<")
    )
    assert text.index("Відключено зараз") < now < text.index("Найближчі сім днів") < coming < over
    assert text.index("Завершено за останню добу") < over
    assert "Київський квартал, 1–15 непарні" in text
    assert "Початок: сьогодні, 13:00. <strong>Очікуване завершення: сьогодні, 16:00." in text
    assert "Прорив труби &lt;DN 100&gt; &amp; заміна засувки" in text
    assert "Дніпровський квартал, 3а" in text


@pytest.mark.parametrize(
    "address",
    ["Київський квартал, 7", "кв-л київський буд. 7 кв. 12", "м. Славутич, київський 7"],
)
async def test_an_address_in_any_spelling_is_told_what_concerns_it(person: Person, address: str) -> None:
    text = await found(person, address)
    assert "За вашою адресою зараз 1 відключення." in text
    assert "Немає холодної води" in text
    assert "Не буде опалення" in text
    assert "Ліфти" not in text


async def test_of_a_street_alone_nothing_is_said_of_an_address(person: Person) -> None:
    assert "У вашому кварталі зараз 1 відключення." in (quarter := await found(person, "Київський квартал"))
    assert "За вашою адресою" not in quarter
    assert "Додайте номер будинку" in quarter
    assert "На вашій вулиці зараз, наскільки нам відомо, усе працює." in await found(person, "Атомників")


async def test_the_legend_is_drawn_as_the_strip_is(person: Person, town: Town) -> None:
    for kind in (OutageKind.EMERGENCY, OutageKind.REPAIR):
        town.clock.pass_(seconds=1)
        new = NewOutage(utility=Utility.GAS, kind=kind, starts_at=town.clock.now(), expected_end=None)
        await town.storage.outages.enter(new, By())
    town.clock.pass_(minutes=1)
    drawn, legend = (await person.text("/outages")).split('class="note legend"')
    kinds = re.findall(r'<rect class="(bar[^"]*)"', drawn)
    assert {"bar open", "bar urgent open"} <= set(kinds)
    assert set(kinds) <= set(re.findall(r'<rect class="(bar[^"]*)"', legend))


async def test_addresses_are_offered_as_one_types_and_not_without_end(person: Person) -> None:
    asked = "/outages/addresses?address="
    assert await (await person.get(f"{asked}Курчат")).json() == ["вулиця Атомників"]
    assert await (await person.get(f"{asked}")).json() == []
    statuses = [(await person.get(f"{asked}Київ")).status for _ in range(OFFERS.at_once + 5)]
    assert (statuses[0], statuses[-1]) == (200, 429)


async def test_an_even_house_is_not_told_of_what_is_off_in_the_odd_ones(person: Person) -> None:
    text = await found(person, "Київський квартал, 8")
    assert "Немає холодної води" not in text
    assert "зараз, наскільки нам відомо, усе працює. Є заплановані роботи." in text


async def test_an_old_name_finds_the_street_that_has_another_now(person: Person, town: Town) -> None:
    await town.storage.outages.end(town.heat.id, town.clock.now(), By())
    text = await found(person, "вул. Курчатова 5")
    assert '<h2 id="here">вулиця Атомників, 5</h2>' in text
    assert "відключень, наскільки нам відомо, немає." in text
    assert 'href="tel:1580"' in text


async def test_an_address_that_is_not_known_stays_typed_and_names_streets_like_it(person: Person) -> None:
    text = await found(person, "квартал 99")
    assert 'value="квартал 99"' in text
    assert "Такої адреси ми не знаємо." in text
    assert "Можливо, ви мали на увазі" in text
    assert "Бєлгородський квартал" not in text
    assert "Немає холодної води" in text


async def test_nothing_typed_can_become_markup(person: Person) -> None:
    text = await found(person, '"><script>alert(1)</script>')
    assert "<script>" not in text


async def test_an_edit_is_on_the_page_with_the_next_request(person: Person, town: Town) -> None:
    before = await person.text("/outages")
    await town.move_end(town.water, 8)
    after = await person.text("/outages")
    assert "Очікуване завершення: сьогодні, 22:00." in after
    assert "Перенесено. Раніше очікували: сьогодні, 16:00." in after
    assert "Перенесено" not in before
    await town.storage.outages.end(town.water.id, town.clock.now(), By())
    assert "Немає холодної води" not in await person.text("/outages")


async def test_what_begins_by_itself_is_off_a_second_later(person: Person, town: Town) -> None:
    assert "Не буде опалення" in await person.text("/outages")
    town.clock.pass_(hours=24, seconds=1)
    text = await person.text("/outages")
    assert "Немає опалення" in text
    assert "Роботи тривають довше, ніж очікувалося; нового часу ще немає." in text  # the water's


async def test_who_has_the_page_gets_nothing_sent_until_something_changes(person: Person, town: Town) -> None:
    first = await person.get("/outages")
    known = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    again = await person.get("/outages", headers=known)
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    dated = await person.get("/outages", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert dated.status == 304
    town.clock.pass_(seconds=2)
    assert (await person.get("/outages", headers=known)).status == 304
    await town.move_end(town.water, 5)
    changed = await person.get("/outages", headers=known)
    assert changed.status == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert changed.headers["Last-Modified"] != first.headers["Last-Modified"]


async def test_packed_and_plain_say_the_same_and_proxies_keep_them_apart(person: Person) -> None:
    plain = await person.get("/outages", headers={"Accept-Encoding": "identity"})
    packed = await person.get("/outages", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert await packed.text() == await plain.text()
    assert packed.headers["Vary"] == "Cookie, Accept-Encoding"


async def test_the_page_has_the_headers_that_keep_others_out_of_it(person: Person) -> None:
    headers = (await person.get("/outages")).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] == "hotline"


async def test_an_outage_has_a_page_of_its_own_with_every_end_that_was_told(
    person: Person, town: Town
) -> None:
    moved = await town.move_end(town.water, 4)
    await town.move_end(moved, 6)
    text = await person.text(f"/outages/{town.water.id}")
    ends = [text.index(f"сьогодні, {time}</s>") for time in ("16:00", "18:00")]
    assert ends[0] < ends[1] < text.index("<strong>сьогодні, 20:00</strong>")
    assert "№ 7 від 20.02.2026" in await person.text(f"/outages/{town.heat.id}")


async def test_one_that_is_long_over_still_has_its_page_and_one_that_never_was_has_none(
    person: Person, town: Town
) -> None:
    town.clock.pass_(days=3)
    assert "Ліфти" not in await person.text("/outages")
    assert "Завершено: пн 02.03, 13:00." in await person.text(f"/outages/{town.lifts.id}")
    missing = await person.get("/outages/999")
    assert missing.status == 404
    assert "Такої сторінки немає" in await missing.text()


async def test_it_is_in_english_for_who_chose_it_and_for_an_address_that_says_so(person: Person) -> None:
    assert "No cold water" in await person.text("/outages?lang=en")
    answer = await person.post("/preferences", {"next": "/outages", "language": "en", "theme": "dark"})
    assert answer.headers["Location"] == "/outages"
    text = await person.text("/outages")
    assert "Expected to be over: today at 16:00." in text
    assert '<html lang="en" data-theme="dark">' in text
    assert "Немає холодної води" in await person.text("/outages?lang=uk")


async def test_nobody_asks_who_reads_it(
    person: Person, users: Mapping[Role, User], app: web.Application
) -> None:
    await person.enter("head")
    text = await person.text("/outages")
    assert "sign-out" not in text


async def test_while_the_database_is_away_the_page_says_what_was_read_last(
    person: Person, town: Town
) -> None:
    before = await person.text("/outages")
    async with town.storage.database.writing() as connection:
        await connection.execute(text("ALTER TABLE outages RENAME TO elsewhere"))
    with pytest.raises(SQLAlchemyError):
        await town.storage.outages.end(town.water.id, town.clock.now(), By())
    town.clock.pass_(seconds=2)
    assert await person.text("/outages") == before


async def test_of_a_bulletin_that_is_no_longer_true_nothing_is_kept(
    person: Person, town: Town, app: web.Application
) -> None:
    published = app[PUBLIC].published
    before = await published.bulletin()
    await town.move_end(town.water, 8)
    after = await published.bulletin()
    assert published.fragment(before, ("card",), lambda: "old") == "old"
    assert published.fragment(after, ("card",), lambda: "new") == "new"
    assert published.fragment(after, ("card",), lambda: "made again") == "new"


async def test_however_many_addresses_are_asked_for_memory_is_bounded(
    person: Person, app: web.Application
) -> None:
    for number in range(MOST_KEPT + 20):
        await person.get(f"/outages?address=Київський+квартал,+{number}")
    assert len(app[PUBLIC].published._rendered) == MOST_KEPT
