"""The list of outages as one asks it: parts with counts, the one box, what is set, views, columns."""

import re
from datetime import timedelta
from urllib.parse import quote

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from storage.store import Storage
from tests.cti_server.conftest import Person
from tests.storage.conftest import NOON
from tests.storage.enterprise import City

OWN, CENTRE = "/enterprise/outages", "/outage-register"
HOUR = timedelta(hours=1)
SHOWN = re.compile(r'class="list-open" href="/[a-z/-]+/(\d+)"')
PART = re.compile(r'<a class="btn btn-sm(?: active)?" href="([^"]*)"[^>]*>(?:<span[^>]*>✓</span> )?([^<]+)')


def shown(page: str) -> list[int]:
    return [int(number) for number in SHOWN.findall(page)]


async def known(storage: Storage, city: City) -> tuple[Outage, Outage, Outage, Outage]:
    """Two that go on, of which the first is overdue, one that comes, one that is over."""

    def new(utility: Utility, start: timedelta, street: str, reason: str, executor_id: int) -> NewOutage:
        return NewOutage(
            utility=utility,
            kind=OutageKind.UNPLANNED,
            starts_at=NOON + start,
            expected_end=NOON + start + 2 * HOUR,
            areas=(Area(street=street),) if street else (),
            reason=reason,
            order="№ 14",
            executor_id=executor_id,
        )

    async def enter(*given: object) -> Outage:
        return await storage.outages.enter(new(*given), By())  # type: ignore[arg-type]

    late = await enter(Utility.HEAT, -5 * HOUR, "вулиця Атомників", "Прорив теплотраси", city.heat.id)
    on = await enter(Utility.WATER, -HOUR, "Ризький квартал", "Промивання мережі", city.water.id)
    coming = await enter(Utility.HEAT, 50 * HOUR, "", "Опресування", city.heat.id)
    over = await enter(Utility.WATER, -40 * HOUR, "вулиця Атомників", "Заміна засувки", city.water.id)
    over = await storage.outages.end(over.id, NOON - 30 * HOUR, By())
    return late, on, coming, over


async def test_parts_are_one_press_away_and_counted_while_nothing_else_narrows_the_list(
    oksana: Person, petro: Person, storage: Storage, city: City
) -> None:
    late, on, coming, over = await known(storage, city)
    page = await oksana.text(CENTRE)
    counted = re.findall(r'<span class="list-count">(\d+)</span>', page)
    assert counted == ["2", "1", "1"], "off now, the end is past, coming; what is over is not counted"
    links = {text.strip(): href.replace("&amp;", "&") for href, text in PART.findall(page)}
    assert shown(page) == [late.id, on.id]
    assert shown(await oksana.text(links["Час завершення минув"])) == [late.id]
    assert shown(await oksana.text(links["Заплановані"])) == [coming.id]
    assert shown(await oksana.text(links["Завершені"])) == [over.id]
    assert shown(await oksana.text(f"{CENTRE}?tab=lately")) == [coming.id, on.id, late.id, over.id]
    overdue = await oksana.text(f"{CENTRE}?flaw=overdue")
    assert 'aria-current="true"><span aria-hidden="true">✓</span> Час завершення минув' in overdue
    assert "list-one" not in overdue, "the chosen part is not told a second time"
    assert "list-count" not in await oksana.text(f"{CENTRE}?utility=heat")
    own = await petro.text(OWN)
    assert re.findall(r'<span class="list-count">(\d+)</span>', own) == ["1", "1", "1"]
    assert shown(own) == [late.id]


async def test_the_box_finds_by_address_with_old_names_else_by_words(
    oksana: Person, storage: Storage, city: City
) -> None:
    late, on, coming, over = await known(storage, city)
    at = await oksana.text(f"{CENTRE}?tab=lately&q={quote('Курчатова 7')}")
    assert shown(at) == [coming.id, late.id, over.id], "the whole city is off at every address"
    assert "Шукаємо за адресою: вулиця Атомників, 7." in at
    assert shown(await oksana.text(f"{CENTRE}?q={quote('ризький')}")) == [on.id]
    assert shown(await oksana.text(f"{CENTRE}?q={quote('ПРОРИВ тепло')}")) == [late.id]
    assert shown(await oksana.text(f"{CENTRE}?q={quote('прориви на теплотрасах')}")) == [late.id]
    assert shown(await oksana.text(f"{CENTRE}?q={quote('промивання мереж')}")) == [on.id]
    assert shown(await oksana.text(f"{CENTRE}?q={quote('№ 14')}")) == [late.id, on.id]
    none = await oksana.text(f"{CENTRE}?q={quote('газопровід')}")
    assert "У цій частині списку таких відключень немає." in none
    file = await (await oksana.get(f"{CENTRE}.csv?tab=lately&q={quote('засувки')}")).text()
    assert "Заміна засувки" in file
    assert "Промивання" not in file


async def test_what_is_set_stands_in_words_and_is_taken_away_alone(
    oksana: Person, petro: Person, storage: Storage, city: City
) -> None:
    await known(storage, city)
    page = await oksana.text(f"{CENTRE}?tab=past&utility=water&executor=99")
    assert "Що відключено: <strong>вода</strong>" in page.replace("Вода", "вода")
    assert f'href="{CENTRE}?tab=past&amp;executor=99"' in page
    assert "такого вже немає, не враховується" in page or "list-gone" in page
    own = await petro.text(f"{OWN}?executor={city.water.id}")
    assert "list-one" not in own, "an enterprise asks for no other"


async def test_filters_are_kept_and_columns_chosen(
    oksana: Person, petro: Person, storage: Storage, city: City
) -> None:
    await known(storage, city)
    kept = {"name": "Вода", "query": "tab=past&utility=water&page=3&columns=where.entered"}
    answer = await oksana.post(f"{CENTRE}/views", kept)
    there = answer.headers["Location"]
    assert there == f"{CENTRE}?tab=past&utility=water&columns=where.entered"
    page = await oksana.text(there)
    assert '<td role="cell" class="cell-registered"' in page
    assert '<td role="cell" class="cell-about"' not in page
    assert ">Вода</a>" in page
    assert "list-views" not in await petro.text(OWN)


async def test_the_next_act_stands_in_the_row_for_whoever_may_do_it(
    oksana: Person, petro: Person, storage: Storage, city: City
) -> None:
    late, _, coming, over = await known(storage, city)
    assert f'href="{OWN}/{late.id}#acts">Завершити…' in await petro.text(OWN)
    assert f'href="{CENTRE}/{coming.id}#acts">Змінити' in await oksana.text(f"{CENTRE}?tab=coming")
    assert f"/{over.id}#acts" not in await oksana.text(f"{CENTRE}?tab=past")
