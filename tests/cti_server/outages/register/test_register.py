import html
import re
from datetime import timedelta

import pytest

from cti_server.outages.register import listing
from hotline.city.addresses import Area, Side
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.outages.answers import WatcherAnswer
from hotline.outages.outage import By, EntryFlaw, EntrySource, NewOutage, Outage, OutageAct, OutageKind
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.storage.conftest import NOON
from tests.storage.enterprise import City

from .conftest import form

HOUR = timedelta(hours=1)
OWN, CENTRE = "/enterprise/outages", "/outage-register"


async def entered(person: Person, storage: Storage, path: str = OWN, **fields: str) -> Outage:
    """Enter one, going on whatever is warned of."""
    answer = await person.post(f"{path}/new", form(**fields))
    if answer.status == 200:
        shown = re.search(r'name="shown" value="(\w+)"', await answer.text())
        assert shown
        answer = await person.post(f"{path}/new", form(**fields, shown=shown[1]))
    assert answer.status == 303, await answer.text()
    return await storage.outages.get(int(re.findall(r"\d+", answer.headers["Location"])[0]))


async def test_an_enterprise_enters_an_outage_of_its_own(petro: Person, storage: Storage, city: City) -> None:
    one = await entered(petro, storage, order="№ 12", executor=str(city.water.id))
    assert (one.utility, one.kind, one.source) == (Utility.HEAT, OutageKind.UNPLANNED, EntrySource.ENTERPRISE)
    assert (one.starts_at, one.expected_end) == (NOON, NOON + 3 * HOUR)
    assert one.areas == (Area(street="Київський квартал", first=1, last=15, side=Side.ODD),)
    assert one.executor_id == city.heat.id, "for itself, whatever the form says"
    page = await petro.text(f"{OWN}/{one.id}?done=entered")
    assert "Київський квартал, 1–15 непарні" in page
    assert "Петро Слюсар" in page
    assert "Що чують заявники" in page


async def test_the_form_sent_twice_is_one_entry(petro: Person, storage: Storage) -> None:
    one = await entered(petro, storage)
    again = await petro.post(f"{OWN}/new", form())
    assert again.headers["Location"].startswith(f"{OWN}/{one.id}")
    assert len(await storage.outages.now(NOON)) == 1


async def test_whoever_goes_back_and_types_another_outage_into_the_form_enters_that_one(
    petro: Person, storage: Storage
) -> None:
    first = await entered(petro, storage)
    second = await entered(petro, storage, areas="Ризький квартал")
    assert second.id != first.id
    assert second.areas == (Area(street="Ризький квартал"),)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"utility": ""}, "Виберіть, що відключено."),
        ({"starts": "вчора"}, "Вкажіть дату й час."),
        ({"ends": ""}, "або позначте, що ще не відомо"),
        ({"ends": "2026-03-02T10:00"}, "раніше, ніж почалося"),
        ({"areas": ""}, "або позначте все місто"),
        ({"areas": "Ризький квартал\nХрещатик, 5"}, "«Хрещатик, 5»"),
        ({"areas": "Хрещатик, 5\nЛісосіка"}, "«Лісосіка»"),
        ({"areas": "Ризький квартал", "city": "yes"}, "залиште щось одне"),
        ({"reason": "ж" * 301}, "не більше 300"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_stays(
    petro: Person, storage: Storage, wrong: dict[str, str], said: str
) -> None:
    answer = await petro.post(f"{OWN}/new", form(**{"order": "№ 77-А", **wrong}))
    page = await answer.text()
    assert answer.status == 422
    assert said in page
    assert "№ 77-А" in page
    assert await storage.outages.find(limit=5) == []


async def test_what_may_be_the_same_is_shown_before_and_one_can_open_it_or_enter_anyway(
    oksana: Person, petro: Person, storage: Storage
) -> None:
    first = await entered(petro, storage)
    again = form(areas="Київський квартал, 7", idempotency_key="two", utility="heat")
    answer = await oksana.post(f"{CENTRE}/new", again)
    page = await answer.text()
    assert answer.status == 200
    assert f'href="{CENTRE}/{first.id}"' in page
    assert "Можливо, це вже внесено" in page
    assert len(await storage.outages.now(NOON)) == 1
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown
    assert (await oksana.post(f"{CENTRE}/new", again | {"shown": shown[1]})).status == 303
    assert len(await storage.outages.now(NOON)) == 2


async def test_one_of_another_enterprise_that_may_be_the_same_is_told_but_not_opened(
    vodiany: Person, petro: Person, storage: Storage
) -> None:
    first = await entered(petro, storage)
    page = await (await vodiany.post(f"{OWN}/new", form(idempotency_key="two"))).text()
    assert "Можливо, це вже внесено" in page
    assert f'href="{OWN}/{first.id}"' not in page


async def test_planned_works_with_less_than_ten_days_notice_are_warned_of_and_marked(
    petro: Person, storage: Storage, clock: MovedClock
) -> None:
    soon = form(NOON + timedelta(days=9), kind="planned")
    page = await (await petro.post(f"{OWN}/new", soon)).text()
    assert "щонайменше за 10 днів" in page
    assert await storage.outages.coming(NOON) == []
    one = await entered(petro, storage, **{name: soon[name] for name in ("starts", "ends", "kind")})
    assert one.flaws(clock.now()) == [EntryFlaw.SHORT_NOTICE]
    assert "попереджено менш ніж за 10 днів" in await petro.text(f"{OWN}?tab=coming")
    in_time = form(NOON + timedelta(days=11), kind="planned", idempotency_key="two", areas="Ризький квартал")
    assert (await petro.post(f"{OWN}/new", in_time)).status == 303


async def test_what_is_entered_late_and_what_is_overdue_is_marked_on_the_lists(
    petro: Person, oksana: Person, storage: Storage, clock: MovedClock
) -> None:
    clock.pass_(hours=2)
    assert "із запізненням" in await (await petro.post(f"{OWN}/new", form())).text()
    late = await entered(petro, storage)
    clock.pass_(hours=2)
    page = await oksana.text(CENTRE)
    assert "внесено із запізненням" in page
    assert "час завершення минув" in page
    for flaw, there in (("late", True), ("overdue", True), ("short-notice", False)):
        assert (f"{CENTRE}/{late.id}" in await oksana.text(f"{CENTRE}?flaw={flaw}")) is there


async def test_the_whole_city_is_entered_only_after_a_second_look(oksana: Person, storage: Storage) -> None:
    page = await (await oksana.post(f"{CENTRE}/new", form(areas="", city="yes"))).text()
    assert "кожен заявник" in page
    one = await entered(oksana, storage, CENTRE, areas="", city="yes")
    assert one.city_wide
    assert one.executor_id is None


async def test_two_who_change_one_at_once_one_wins_the_other_is_told_what_changed_and_loses_nothing(
    petro: Person, oksana: Person, storage: Storage
) -> None:
    one = await entered(petro, storage)
    hers = form(version="1", reason="Заміна засувки", executor=str(one.executor_id))
    assert (await oksana.post(f"{CENTRE}/{one.id}/edit", hers)).status == 303
    his = form(version="1", reason="Прорив, шукаємо", order="№ 5", note="уточнили")
    answer = await petro.post(f"{OWN}/{one.id}/edit", his)
    page = await answer.text()
    assert answer.status == 409
    assert "Прорив мережі" in page, "what it was"
    assert "Заміна засувки" in page, "what it is"
    assert all(f'value="{text}"' in page for text in ("Прорив, шукаємо", "№ 5", "уточнили"))
    assert "Оксана" not in page, "to an enterprise the centre's people have no names"
    assert (await storage.outages.get(one.id)).reason == "Заміна засувки"
    assert (await petro.post(f"{OWN}/{one.id}/edit", his | {"version": "2"})).status == 303
    assert (await storage.outages.get(one.id)).reason == "Прорив, шукаємо"


async def test_what_was_ended_meanwhile_is_not_changed_and_what_was_typed_stays(
    petro: Person, oksana: Person, storage: Storage
) -> None:
    one = await entered(petro, storage)
    assert (await oksana.post(f"{CENTRE}/{one.id}/end")).status == 303
    answer = await petro.post(f"{OWN}/{one.id}/edit", form(version="1", reason="Ще копаємо"))
    assert answer.status == 409
    assert 'value="Ще копаємо"' in await answer.text()


async def test_the_end_is_moved_in_one_step_and_the_second_of_two_clicks_is_told(
    petro: Person, storage: Storage, clock: MovedClock
) -> None:
    one = await entered(petro, storage)
    click = {"by": "1", "version": "1"}
    assert (await petro.post(f"{OWN}/{one.id}/move", click)).status == 303
    assert (await storage.outages.get(one.id)).expected_end == NOON + 4 * HOUR
    second = await petro.post(f"{OWN}/{one.id}/move", click)
    assert second.status == 409
    assert "Хтось був швидший" in await second.text()
    clock.pass_(hours=6)
    await petro.post(f"{OWN}/{one.id}/move", {"by": "2", "version": "2"})
    assert (await storage.outages.get(one.id)).expected_end == NOON + 8 * HOUR, "from now, for it was past"
    await petro.post(f"{OWN}/{one.id}/move", {"by": "unknown", "version": "3"})
    assert (await storage.outages.get(one.id)).expected_end is None
    await petro.post(
        f"{OWN}/{one.id}/move", {"by": "moment", "ends": "2026-03-03T08:30", "version": "4", "note": "ніч"}
    )
    history = await storage.outages.history(one.id)
    assert [line.act for line in history] == [OutageAct.ENTERED, *[OutageAct.END_MOVED] * 4]
    assert history[-1].note == "ніч"


async def test_it_is_ended_now_or_since_a_moment_and_let_go_on_with_a_reason(
    petro: Person, storage: Storage, clock: MovedClock
) -> None:
    one = await entered(petro, storage)
    clock.pass_(hours=2)
    early = await petro.post(f"{OWN}/{one.id}/end", {"ended": "2026-03-02T09:00"})
    assert early.status == 422
    assert (await petro.post(f"{OWN}/{one.id}/end", {"ended": "2026-03-02T15:00"})).status == 303
    assert (await storage.outages.get(one.id)).ended_at == NOON + HOUR
    assert (await petro.post(f"{OWN}/{one.id}/reopen", {"note": " "})).status == 422
    assert (await petro.post(f"{OWN}/{one.id}/reopen", {"note": "тиску ще немає"})).status == 303
    assert [got.id for got in await storage.outages.now(clock.now())] == [one.id]
    assert "тиску ще немає" in await petro.text(f"{OWN}/{one.id}")


async def test_it_is_taken_back_with_a_reason_and_what_has_not_begun_is_not_ended(
    petro: Person, storage: Storage
) -> None:
    coming = form(NOON + timedelta(days=12), kind="planned")
    one = await entered(petro, storage, **{name: coming[name] for name in ("starts", "ends", "kind")})
    assert (await petro.post(f"{OWN}/{one.id}/end")).status == 422
    assert (await petro.post(f"{OWN}/{one.id}/cancel")).status == 422
    assert (await petro.post(f"{OWN}/{one.id}/cancel", {"note": "роботи перенесли"})).status == 303
    assert (await storage.outages.get(one.id)).cancelled
    assert "скасовано" in await petro.text(f"{OWN}?tab=past")


async def test_an_enterprise_finds_nothing_of_another(
    petro: Person, vodiany: Person, storage: Storage
) -> None:
    one = await entered(petro, storage)
    assert f"{OWN}/{one.id}" not in await vodiany.text(OWN)
    assert f"{OWN}/{one.id}" not in await vodiany.text(f"{OWN}?executor={one.executor_id}&tab=lately")
    for method, path in (
        ("get", f"{OWN}/{one.id}"),
        ("get", f"{OWN}/{one.id}/edit"),
        ("post", f"{OWN}/{one.id}/edit"),
        ("post", f"{OWN}/{one.id}/end"),
        ("post", f"{OWN}/{one.id}/cancel"),
    ):
        assert (await getattr(vodiany, method)(path)).status == 404, path
    assert not (await storage.outages.get(one.id)).over


async def test_the_list_is_divided_filtered_and_taken_away_as_a_file(
    petro: Person, oksana: Person, storage: Storage
) -> None:
    heat = await entered(petro, storage)
    water = await entered(
        oksana, storage, CENTRE, utility="water", idempotency_key="two", areas="Ризький квартал"
    )
    await oksana.post(f"{CENTRE}/{water.id}/end")
    assert f"{CENTRE}/{heat.id}" in await oksana.text(CENTRE)
    assert f"{CENTRE}/{water.id}" not in await oksana.text(CENTRE)
    assert f"{CENTRE}/{water.id}" in await oksana.text(f"{CENTRE}?tab=past")
    lately = await oksana.text(f"{CENTRE}?tab=lately&utility=water&page=abc")
    assert f"{CENTRE}/{water.id}" in lately
    assert f"{CENTRE}/{heat.id}" not in lately
    file = await (await oksana.get(f"{CENTRE}.csv?tab=lately")).text()
    assert "Київський квартал, 1–15 непарні" in file
    assert "Ризький квартал" in file


async def test_what_callers_will_hear_is_told_while_it_is_typed(petro: Person) -> None:
    page = await (await petro.post(f"{OWN}/preview", form())).text()
    assert "опалення" in page
    assert "+" not in page
    wrong = await (await petro.post(f"{OWN}/preview", form(areas="Хрещ\nНевідома, 9-3"))).text()
    assert "«Хрещ»: Такої вулиці немає" in wrong
    assert "«Невідома, 9-3»: Такої вулиці немає" in wrong
    assert "З’явиться тут" in await (await petro.post(f"{OWN}/preview", form(areas=""))).text()


async def test_the_whole_of_it_is_heard_while_it_is_typed(petro: Person) -> None:
    shown = await (await petro.post(f"{OWN}/preview", form(reason="Заміна 2 засувок"))).text()
    answer = await (await petro.post(f"{OWN}/listen", form(reason="Заміна 2 засувок"))).json()
    assert answer["words"].endswith("Причина: Заміна двох засувок")
    assert answer["words"] in html.unescape(shown)
    assert (await petro.post(f"{OWN}/listen", form(areas="Хрещ"))).status == 422


async def test_streets_are_suggested_by_old_names_as_well(petro: Person) -> None:
    assert 'data-street="вулиця Атомників"' in await petro.text(f"{OWN}/streets?line=курч")


async def test_a_proposal_fills_the_form_in_by_its_address(oksana: Person) -> None:
    page = await oksana.text(f"{CENTRE}/new?utility=water&kind=emergency&areas=Ризький+квартал")
    assert ">Ризький квартал</textarea>" in page
    assert '<option value="water" selected>' in page


async def test_of_what_is_to_come_callers_will_hear_as_on_its_first_minute(petro: Person) -> None:
    coming = form(NOON + timedelta(days=12), kind="planned")
    assert "Почалося сьогодні" in await (await petro.post(f"{OWN}/preview", coming)).text()


async def test_what_many_reported_before_its_enterprise_entered_it_is_marked(
    petro: Person, storage: Storage, city: City
) -> None:
    new = NewOutage(utility=Utility.HEAT, kind=OutageKind.UNPLANNED, starts_at=NOON, executor_id=city.heat.id)
    await storage.outages.enter(new, By(source=EntrySource.REPORTS))
    assert "внесли лише після багатьох повідомлень" in await petro.text(f"{OWN}?flaw=missing")


async def answered(storage: Storage, outage: Outage, *answers: WatcherAnswer) -> None:
    """So many asked, and were called when it was over."""
    for at, answer in enumerate(answers):
        number = f"+3806711122{at:02}"
        await storage.outage_watch.watch(
            outage.id, channel=Channel.CALL, address=number, language=Language.UKRAINIAN, at=NOON
        )
        watcher = (await storage.outage_watch.watchers(outage.id))[-1]
        await storage.outage_answers.keep(watcher, outage.version, answer, NOON)


async def test_the_card_says_how_many_asked_and_what_they_answered(
    oksana: Person, storage: Storage, city: City
) -> None:
    new = NewOutage(utility=Utility.HEAT, kind=OutageKind.REPAIR, starts_at=NOON - HOUR)
    outage = await storage.outages.enter(new, By())
    assert "Хто просив повідомити" not in await oksana.text(f"/outage-register/{outage.id}")
    await storage.outage_watch.watch(
        outage.id, channel=Channel.SMS, address="+380671112299", language=Language.UKRAINIAN, at=NOON
    )
    assert "Поки нікому не телефонували" in await oksana.text(f"/outage-register/{outage.id}")
    over = await storage.outages.end(outage.id, NOON, By())
    await answered(
        storage,
        over,
        WatcherAnswer.RESTORED,
        WatcherAnswer.NOT_RESTORED,
        WatcherAnswer.NOT_RESTORED,
        WatcherAnswer.UNREACHED,
    )
    page = " ".join(html.unescape(await oksana.text(f"/outage-register/{outage.id}")).split())
    assert "1 · 25 %</dt><dd>кажуть, що відновлено" in page
    assert "2 · 50 %</dt><dd>кажуть, що не відновлено" in page
    assert "1 · 25 %</dt><dd>не відповіли на дзвінки" in page
    assert "Кілька мешканців кажуть, що не відновлено" in page
    assert "+380671112299" not in page


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("move", {"by": "moment", "ends": "2026-03-02T10:00"}, "раніше, ніж почалося"),
        ("end", {"ended": "2026-03-02T23:45"}, "між початком і теперішньою хвилиною"),
    ],
)
async def test_a_moment_that_cannot_be_stays_as_typed_with_the_reason_beside_it(
    petro: Person, storage: Storage, act: str, typed: dict[str, str], said: str
) -> None:
    one = await entered(petro, storage)
    field, moment = list(typed.items())[-1]
    answer = await petro.post(f"{OWN}/{one.id}/{act}", {**typed, "version": "1", "note": "бригада їде"})
    page = await answer.text()
    assert answer.status == 422
    input_ = page[page.index(f'id="{act}-{field}"') : page.index(f'id="{act}-note"')]
    assert f'value="{moment}"' in input_
    assert f'aria-describedby="{act}-fault"' in input_
    assert said in input_
    assert 'value="бригада їде"' in page
    assert page.count('<details class="work-act" open>') == 1


async def test_what_was_typed_for_an_act_that_is_no_more_is_told(
    petro: Person, oksana: Person, storage: Storage
) -> None:
    one = await entered(petro, storage)
    await oksana.post(f"{CENTRE}/{one.id}/end")
    typed = {"by": "moment", "ends": "2026-03-02T21:15", "note": "T-подібний стик", "version": "1"}
    answer = await petro.post(f"{OWN}/{one.id}/move", typed)
    assert answer.status == 409
    assert "2026-03-02 21:15 · T-подібний стик" in await answer.text()


async def test_what_was_typed_stays_in_its_form_when_somebody_else_was_faster(
    petro: Person, oksana: Person, storage: Storage
) -> None:
    one = await entered(petro, storage)
    await oksana.post(f"{CENTRE}/{one.id}/move", {"by": "1", "version": "1"})
    typed = {"by": "moment", "ends": "2026-03-02T21:15", "note": "шукаємо", "version": "1"}
    page = await (await petro.post(f"{OWN}/{one.id}/move", typed)).text()
    for words in ('name="ends" value="2026-03-02T21:15"', 'value="шукаємо"', "Хтось був швидший"):
        assert words in page, words


async def test_whatever_the_filters_find_is_in_the_file_and_on_some_page(
    oksana: Person, storage: Storage, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 10)
    for at in range(47):
        begun = NOON - timedelta(days=at // 2)
        new = NewOutage(utility=Utility.GAS, kind=OutageKind.REPAIR, starts_at=begun, reason=f"№ {at}.")
        await storage.outages.end((await storage.outages.enter(new, By())).id, clock.now(), By())
    for query in ("tab=past", "tab=lately&flaw=late"):
        file = await (await oksana.get(f"{CENTRE}.csv?{query}")).text()
        kept = [at for at in range(47) if f'"№ {at}."' in file]
        assert kept == list(range(2 if "flaw" in query else 0, 47))
        pages = [await oksana.text(f"{CENTRE}?{query}&page={page}") for page in (1, 2)]
        assert [page.count('class="list-open"') for page in pages] == [30, len(kept) - 30]
        assert 'rel="next"' in pages[0]
        assert 'rel="next"' not in pages[1]
