import asyncio
import re
from datetime import timedelta

import pytest

from hotline.city.addresses import Area
from hotline.contact.channel import Channel
from hotline.dialling.dialler import Result
from hotline.informing.order_states import OrderAct, OrderState
from hotline.informing.orders import Way
from service.informing.informing import Informing
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person
from tests.fakes.jobs import carried_out
from tests.storage.conftest import NOON

from .conftest import FORM, QUARTER

PATH = "/informing"
ONE = f"{PATH}/1"


async def moved(person: Person, act: OrderAct, version: int) -> int:
    form = {"act": act.value, "version": str(version), "seen": "2", "reason": "Аварію усунено"}
    return (await person.post(f"{ONE}/move", form)).status


async def test_a_draft_says_whom_it_is_for_and_how_many_they_are(oksana: Person, storage: Storage) -> None:
    answer = await oksana.post(f"{PATH}/new", FORM)
    assert (answer.status, answer.headers["Location"]) == (303, ONE)
    order = await storage.informing.get(1)
    assert order.audience.areas == (Area(street=QUARTER, first=1, last=15),)
    shown = await oksana.text(ONE)
    for words in ("№ 12-р", "чернетка", f"{QUARTER}, 1–15", "Оксана Диспетчер"):
        assert words in shown, words
    counted = await oksana.text(f"{ONE}/reach")
    for words in ("<strong>1</strong><span>дзвінок</span>", "<strong>1</strong><span>SMS</span>", "0,85"):
        assert words in counted, words
    assert "вартість невідома" in counted
    assert "12-р" in await oksana.text(PATH)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Вкажіть номер розпорядження."),
        ({"dated": "вчора"}, "Вкажіть дату розпорядження."),
        ({"dated": "03.03.2026"}, "Цей день ще не настав"),
        ({"dated": "01.03.2024"}, "понад рік тому"),
        ({"starts": "01.01.2020 09:00"}, "час уже минув"),
        ({"starts": "02.03.2062 14:00"}, "перевірте рік"),
        ({"residents": ""}, "Виберіть, для яких мешканців"),
        ({"text": "а" * 601}, "не більш як 600 знаків"),
        ({"short": "а" * 135}, "134 знаки"),
        ({"short": ""}, "Напишіть текст SMS."),
        ({"ways": []}, "Виберіть хоча б один спосіб."),
        ({"areas": "вулиця Невідома"}, "«вулиця Невідома»"),
        ({"areas": ""}, "на яких вулицях"),
        ({"residents": "nobody"}, "Поки що це ні для кого"),
        ({"listed": "0900123456"}, "«0900123456»"),
        ({"listed": "+380457900012", "ways": ["sms"]}, "«+380457900012»: На цей номер повідомлення не"),
        ({"emergency": "yes"}, "не може зачекати до ранку"),
        ({"starts": "незабаром"}, "Вкажіть дату й час."),
        ({"ways": ["ivr"]}, "до яких повідомляти"),
        ({"ways": ["ivr"], "until": "2026-03-02T13:00"}, "раніше за початок"),
        ({"ways": ["page"], "starts": "2026-03-01T10:00", "until": "2026-03-01T18:00"}, "уже минув"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    oksana: Person, storage: Storage, wrong: dict[str, object], words: str
) -> None:
    answer = await oksana.post(f"{PATH}/new", FORM | wrong)
    text = await answer.text()
    assert answer.status == 422
    assert words in text
    assert "Міський голова" in text
    assert await storage.informing.latest(9) == []


async def test_whoever_prepared_it_is_not_offered_to_approve_it_and_cannot(
    head: Person, storage: Storage
) -> None:
    await head.post(f"{PATH}/new", FORM)
    assert await moved(head, OrderAct.SUBMIT, 1) == 303
    assert 'value="approve"' not in await head.text(ONE)
    assert await moved(head, OrderAct.APPROVE, 2) == 409
    assert (await storage.informing.get(1)).state is OrderState.SUBMITTED


async def test_a_second_person_approves_it_and_it_is_told_and_proved(
    oksana: Person, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    await moved(oksana, OrderAct.SUBMIT, 1)
    assert await moved(oksana, OrderAct.APPROVE, 2) == 409
    assert await moved(head, OrderAct.APPROVE, 2) == 303
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    (job,) = await storage.call_jobs.claim(clock.now(), 9)
    await carried_out(storage, job, Result.SETTLED, clock.now())
    assert "почули, підтвердили клавішею" in await oksana.text(f"{ONE}/progress")
    proof = await oksana.text(f"{ONE}/people.csv")
    assert "Олена Тихоход" in proof
    assert "Петро Далекий" not in proof
    assert '"почули до кінця"' in proof
    table = await oksana.text(f"{ONE}/report.csv")
    for words in (
        "№ 12-р, 02.03.2026, Міський голова",
        "Ганна Начальниця, 02.03.2026",
        "почули, підтвердили",
    ):
        assert words in table, words
    assert '"Підтверджено, що отримали","1",""' in table
    assert '"почули до кінця","1",""' in table
    exported = [one.subject for one in await storage.audit.latest(9) if one.action == "export"]
    assert exported == ["informing-report-1", "informing-1"]
    workbook = await (await oksana.get(f"{ONE}/report.xlsx")).read()
    assert workbook[:2] == b"PK"
    report = await oksana.get(f"{ONE}/report.pdf")
    assert (report.status, (await report.read())[:5]) == (200, b"%PDF-")


async def test_what_was_not_delivered_is_sent_again_by_one_click(
    oksana: Person, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    await oksana.post(f"{PATH}/new", FORM | {"ways": ["sms"]})
    await moved(oksana, OrderAct.SUBMIT, 1)
    await moved(head, OrderAct.APPROVE, 2)
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    (notice,) = await storage.outbox.claim([Channel.SMS], clock.now())
    await storage.outbox.failed(notice.id, clock.now(), "refused", again_in=None)
    await informing.once()
    shown = await oksana.text(ONE)
    assert "Надіслати ще раз 1 недоставлене SMS" in shown
    version = str((await storage.informing.get(1)).version)
    assert (await oksana.post(f"{ONE}/repeat", {"way": "page", "version": version})).status == 409
    assert (await oksana.post(f"{ONE}/repeat", {"way": "sms", "version": version})).status == 303
    assert (await oksana.post(f"{ONE}/repeat", {"way": "sms", "version": version})).status == 409
    assert [one.id for one in await storage.outbox.claim([Channel.SMS], clock.now())] == [notice.id]


async def test_what_is_said_to_callers_is_for_nobody_else_if_wanted_and_its_end_stands_on_the_page(
    oksana: Person, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    said = {"ways": ["ivr"], "residents": "nobody", "until": "05.03.2026 18:00"}
    assert (await oksana.post(f"{PATH}/new", FORM | said)).status == 303
    assert 'value="05.03.2026 18:00"' in await oksana.text(f"{ONE}/edit")
    await moved(oksana, OrderAct.SUBMIT, 1)
    await moved(head, OrderAct.APPROVE, 2)
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    assert "<strong>зараз</strong>, до 05.03.2026 18:00" in await oksana.text(f"{ONE}/progress")
    assert [one.id for one in await storage.standing_orders.by(Way.IVR, clock.now())] == [1]
    assert (await oksana.get(f"{ONE}/report.pdf")).status == 200


async def test_sent_back_it_says_why_and_can_be_changed(oksana: Person, head: Person) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    await moved(oksana, OrderAct.SUBMIT, 1)
    assert (await head.post(f"{ONE}/refuse", {"reason": " "})).status == 422
    assert (await head.post(f"{ONE}/refuse", {"reason": "Не той день"})).status == 303
    assert "Повернуто: Не той день" in await oksana.text(ONE)
    changed = await oksana.post(f"{ONE}/edit", FORM | {"subject": "Вода і тепло", "version": "3"})
    assert changed.status == 303
    assert "Вода і тепло" in await oksana.text(ONE)


async def test_a_draft_that_was_left_for_hours_is_changed_though_its_moment_is_past(
    oksana: Person, storage: Storage, clock: MovedClock
) -> None:
    await oksana.post(f"{PATH}/new", FORM | {"starts": ""})
    clock.moment = NOON + timedelta(hours=3)
    was = await storage.informing.get(1)
    stood = {"starts": f"{was.starts_at.astimezone(KYIV):%d.%m.%Y %H:%M}"}
    assert (await oksana.post(f"{ONE}/edit", FORM | stood | {"subject": "Вода і тепло"})).status == 303
    earlier = await oksana.post(f"{ONE}/edit", FORM | {"starts": "01.03.2026 09:00", "version": "2"})
    assert earlier.status == 422


async def test_changed_in_two_windows_the_second_is_told_keeps_what_was_typed_and_can_save_it(
    oksana: Person, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    await oksana.post(f"{ONE}/edit", FORM | {"subject": "Перший"})
    late = await oksana.post(f"{ONE}/edit", FORM | {"subject": "Другий"})
    text = await late.text()
    assert late.status == 409
    assert "Тим часом" in text
    assert "Другий" in text
    assert 'name="version" value="2"' in text
    assert (await oksana.post(f"{ONE}/edit", FORM | {"subject": "Другий", "version": "2"})).status == 303
    assert (await storage.informing.get(1)).subject == "Другий"


async def test_nobody_writes_in_anothers_order_and_then_approves_it(
    oksana: Person, head: Person, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    assert (await head.post(f"{ONE}/edit", FORM | {"text": "Інше"})).status == 409
    assert await moved(head, OrderAct.SUBMIT, 1) == 409
    assert (await storage.informing.get(1)).text == FORM["text"]


async def test_stopped_before_it_began_nobody_is_told(
    oksana: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    await moved(oksana, OrderAct.SUBMIT, 1)
    asked = await oksana.text(f"{ONE}/ask/stop")
    assert "Воно ще не почалося" in asked
    assert "ще попереду" not in asked, "nothing is counted of what has not begun"
    assert await moved(oksana, OrderAct.STOP, 2) == 303
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    assert await storage.call_jobs.claim(clock.now(), 9) == []


async def test_a_new_order_has_nobody_chosen(oksana: Person) -> None:
    form = await oksana.text(f"{PATH}/new")
    for name in ("ways", "residents"):
        assert f'name="{name}"' in form
    assert " checked" not in form


async def test_a_paper_that_is_here_is_named_and_may_inform_once_more(
    oksana: Person, head: Person, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    twice = await head.post(f"{PATH}/new", FORM | {"number": "12-Р"})
    assert twice.status == 422
    assert f'<a href="{ONE}" target="_blank">№ 12-р, 02.03.2026: Вода</a>' in await twice.text()
    assert (await head.post(f"{PATH}/new", FORM | {"again": "yes"})).status == 303
    assert (await oksana.post(f"{ONE}/edit", FORM | {"again": "yes"})).status == 303
    assert len(await storage.informing.latest(9)) == 2


async def test_who_enters_the_same_paper_at_one_moment_loses_nothing_of_what_they_typed(
    oksana: Person, head: Person, storage: Storage
) -> None:
    texts = {"text": "Завтра не буде води. Запасіться."}
    answers = await asyncio.gather(*(who.post(f"{PATH}/new", FORM | texts) for who in (oksana, head, oksana)))
    assert sorted(one.status for one in answers) == [303, 422, 422]
    for refused in (one for one in answers if one.status == 422):
        page = await refused.text()
        assert "Завтра не буде води. Запасіться." in page
        assert f'<a href="{ONE}" target="_blank">' in page
    assert len(await storage.informing.latest(9)) == 1


async def test_approving_is_asked_with_the_numbers_and_not_taken_without(
    oksana: Person, head: Person, storage: Storage
) -> None:
    await oksana.post(f"{PATH}/new", FORM | {"starts": "03.03.2026 09:00"})
    await moved(oksana, OrderAct.SUBMIT, 1)
    asked = await head.text(f"{ONE}/ask/approve")
    for words in ("Погодити розпорядження № 12-р?", 'name="seen" value="2"', "Почнеться 03.03.2026 09:00."):
        assert words in asked, words
    assert "Тим часом" in await oksana.text(f"{ONE}/ask/approve")
    blind = await head.post(f"{ONE}/move", {"act": "approve", "version": "2"})
    assert blind.status == 422
    assert (await storage.informing.get(1)).state is OrderState.SUBMITTED


async def test_stopping_is_asked_with_what_is_left_needs_a_reason_and_says_who_did_it_everywhere(
    oksana: Person, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    told = {"ways": ["call", "sms", "ivr"], "until": "05.03.2026 18:00"}
    await oksana.post(f"{PATH}/new", FORM | told)
    await moved(oksana, OrderAct.SUBMIT, 1)
    await moved(head, OrderAct.APPROVE, 2)
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    asked = await oksana.text(f"{ONE}/ask/stop")
    for words in (
        "<strong>1</strong><span>дзвінок ще попереду",
        "<strong>1</strong><span>повідомлення ще не",
        "припиниться",
    ):
        assert words in asked, words
    version = (await storage.informing.get(1)).version
    silent = await oksana.post(f"{ONE}/move", {"act": "stop", "version": str(version), "reason": " "})
    assert silent.status == 422
    assert await moved(oksana, OrderAct.STOP, version) == 303
    page = await oksana.text(ONE)
    assert "Зупинено: Оксана Диспетчер, 02.03.2026 14:00. Причина: Аварію усунено" in page
    assert "до 05.03.2026 18:00" not in await oksana.text(f"{ONE}/progress")
    report = await oksana.text(f"{ONE}/report.csv")
    assert "Аварію усунено" in report
    assert "до 05.03.2026 18:00" not in report


async def test_a_draft_is_deleted_not_stopped(oksana: Person) -> None:
    await oksana.post(f"{PATH}/new", FORM)
    assert "Зупинити назавжди" not in await oksana.text(ONE)
    assert "Видалити чернетку розпорядження № 12-р?" in await oksana.text(f"{ONE}/ask/discard")
    assert (await oksana.post(f"{ONE}/move", {"act": "discard", "version": "1"})).status == 303
    page = await oksana.text(ONE)
    assert "видалена чернетка" in page
    assert "Оксана Диспетчер" in page
    assert "12-р" not in await oksana.text(PATH)


async def test_orders_are_found_by_number_words_parts_days_and_ways_and_the_filters_are_kept(
    oksana: Person, head: Person, storage: Storage
) -> None:
    async def listed(query: str) -> list[str]:
        return re.findall(r'href="/informing/(\d+)"', await oksana.text(f"{PATH}{query}"))

    await oksana.post(f"{PATH}/new", FORM)
    road = {"number": "77-р", "subject": "Ремонт доріг", "dated": "01.03.2026", "ways": ["call"]}
    await oksana.post(f"{PATH}/new", FORM | road)
    await oksana.post(f"{PATH}/2/move", {"act": OrderAct.SUBMIT.value, "version": "1"})
    page = await oksana.text(PATH)
    assert re.findall(r'class="list-count">(\d+)<', page) == ["1", "0", "1", "0", "0"]
    assert await listed("") == ["2", "1"]
    for query, found in (
        ("?q=дорогою", ["2"]),
        ("?q=77", ["2"]),
        ("?q=12-р", ["1"]),
        ("?q=тротуар", []),
        ("?state=submitted", ["2"]),
        ("?state=draft", ["1"]),
        ("?state=going-on", []),
        ("?state=nonsense", ["2", "1"]),
        ("?way=sms", ["1"]),
        ("?to=01.03.2026", ["2"]),
        ("?from=02.03.2026", ["1"]),
        ("?from=02.03.2026&to=01.03.2026", []),
    ):
        assert await listed(query) == found, query
    assert "Таких розпоряджень немає" in await oksana.text(f"{PATH}?q=тротуар")
    assert "list-count" not in await oksana.text(f"{PATH}?q=77"), "a count would be of something else"
    assert "Перший день пізніший" in await oksana.text(f"{PATH}?from=02.03.2026&to=01.03.2026")
    kept = await oksana.post(f"{PATH}/views", {"name": "Мої чернетки", "query": "state=draft&sky=blue"})
    assert kept.headers["Location"] == f"{PATH}?state=draft"
    assert 'aria-current="page">Мої чернетки' in await oksana.text(f"{PATH}?state=draft")
    assert "Мої чернетки" not in await head.text(PATH)
