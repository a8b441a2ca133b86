"""Who was told, on an appeal's card; a person decides what failed."""

import html
from collections.abc import Mapping

from cti_server.delivery.words import RECIPIENTS
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import NewNotice, Notice, Recipient
from hotline.delivery.wording import catalogue
from hotline.outages.outage import OutageKind
from hotline.outages.subscriptions import BY_CODE, SUBSCRIBER
from hotline.outages.telling import facts_disputed, matter_of
from hotline.voice.speech import Language
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.delivery.conftest import SECRET
from tests.fakes.outages import entered
from tests.storage.enterprise import City


async def failed(city: City, clock: MovedClock) -> Notice:
    await city.enter(category="water-none", registered_at=clock.now())
    (notice,) = await city.storage.outbox.claim((Channel.SMS,), clock.now())
    await city.storage.outbox.failed(notice.id, clock.now(), "gateway answered 400", again_in=None)
    return notice


async def signed_in(person: Person, role: Role) -> Person:
    await person.enter(role.value)
    return person


async def part(person: Person, number: str) -> str:
    return html.unescape(await person.text(f"/appeals/{number}/notices"))


async def test_the_card_says_who_was_told_by_which_way_and_what_came_of_it(
    person: Person, users: Mapping[Role, User], city: City, clock: MovedClock
) -> None:
    await city.enter(registered_at=clock.now())
    page = await part(await signed_in(person, Role.OBSERVER), "2600001")
    assert "Звернення № 2600001 зареєстровано" in page
    assert "заявник, SMS: +380 67 123 4567" in page
    assert "контакт виконавця, електронна пошта: desk@example.org" in page
    assert "чекає надсилання" in page
    assert "ще не переглянуто" in page


async def test_it_stands_on_the_card(
    person: Person, users: Mapping[Role, User], city: City, clock: MovedClock
) -> None:
    notice = await failed(city, clock)
    page = html.unescape(await (await signed_in(person, Role.DISPATCHER)).text(f"/appeals/{notice.number}"))
    assert "Кого повідомлено" in page
    assert f'action="/notices/{notice.id}/decide"' in page


async def test_a_dispatcher_has_what_failed_sent_again_and_others_only_see_it(
    person: Person, users: Mapping[Role, User], city: City, storage: Storage, clock: MovedClock
) -> None:
    notice = await failed(city, clock)
    dispatcher = await signed_in(person, Role.DISPATCHER)
    page = await part(dispatcher, notice.number)
    assert "не надіслано" in page
    assert "gateway answered 400" in page
    answer = await dispatcher.post(f"/notices/{notice.id}/decide", {"do": "again"})
    assert (answer.status, answer.headers["Location"]) == (303, f"/appeals/{notice.number}#notices")
    kept = await storage.outbox.find(notice.id)
    assert kept is not None
    assert (kept.state, kept.round, kept.tries) == (NoticeState.OWED, 1, 0)
    again = await dispatcher.post(f"/notices/{notice.id}/decide", {"do": "again"})
    assert again.status == 409
    changed = [one for one in await storage.audit.latest() if one.detail.startswith("notice-")]
    assert [one.subject for one in changed] == [f"appeal:{notice.number}"]


async def failed_of_outage(storage: Storage, clock: MovedClock) -> Notice:
    facts = notice_facts(Language.UKRAINIAN, texts={"where": ""}, words={"back": "back-water"})
    owed = NewNotice(
        matter="outage-17-v3",
        to="watcher:5",
        channel=Channel.SMS,
        address="+380671112233",
        about="outage-over",
        facts=facts,
    )
    await storage.outbox.owe([owed], clock.now())
    (notice,) = await storage.outbox.claim((Channel.SMS,), clock.now())
    await storage.outbox.failed(notice.id, clock.now(), "gateway answered 400", again_in=None)
    return notice


async def test_what_is_about_no_appeal_is_decided_on_the_list_of_what_waits(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    notice = await failed_of_outage(storage, clock)
    dispatcher = await signed_in(person, Role.DISPATCHER)
    page = html.unescape(await dispatcher.text("/todo"))
    assert "Водопостачання відновлено" in page
    assert "хто запитував про відключення" in page
    assert f'action="/notices/{notice.id}/decide"' in page
    answer = await dispatcher.post(f"/notices/{notice.id}/decide", {"do": "again"})
    assert (answer.status, answer.headers["Location"]) == (303, "/todo#wait-notices")
    assert "Водопостачання відновлено" not in html.unescape(await dispatcher.text("/todo"))
    changed = [one for one in await storage.audit.latest() if one.action == "change"]
    detail = f"notice-send-again {notice.to} {notice.channel}"
    assert [(one.subject, one.detail) for one in changed] == [("outage:17", detail)]


async def test_the_head_is_led_from_a_notice_to_the_outage_that_it_is_about(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    outage = await entered(storage.outages, Utility.WATER, OutageKind.REPAIR, clock.now())
    disputed = NewNotice(
        matter=f"{matter_of(outage)}-disputed",
        to=Recipient.HEAD,
        channel=Channel.PAGE,
        address="",
        about="outage-disputed",
        facts=facts_disputed(outage, 2),
    )
    await storage.outbox.owe([disputed], clock.now())
    page = html.unescape(await (await signed_in(person, Role.HEAD)).text("/control"))
    assert "Водопостачання: кажуть, що не відновлено. Мешканців: 2." in page
    assert f'href="/outage-register/{outage.id}"' in page


def test_each_audience_that_is_written_to_has_a_name_on_the_lists() -> None:
    assert set(catalogue(Language.UKRAINIAN).texts) - {"test", "reporter"} <= set(RECIPIENTS)


async def test_a_failed_message_to_a_subscriber_is_shown_to_be_decided(
    person: Person, users: Mapping[Role, User], storage: Storage, clock: MovedClock
) -> None:
    code = NewNotice(
        matter="subscription-1",
        to=f"{SUBSCRIBER}1",
        channel=Channel.SMS,
        address="+380671234567",
        about=BY_CODE,
        facts=notice_facts(Language.UKRAINIAN, texts={"place": "Київський квартал, 7", "code": "4711"}),
    )
    await storage.outbox.owe([code], clock.now())
    (notice,) = await storage.outbox.claim((Channel.SMS,), clock.now())
    await storage.outbox.failed(notice.id, clock.now(), "gateway answered 400", again_in=None)
    page = html.unescape(await (await signed_in(person, Role.HEAD)).text("/todo"))
    assert f'action="/notices/{notice.id}/decide"' in page
    assert "хто підписався на новини свого будинку" in page
    assert "4711" not in page


async def test_an_observer_decides_nothing(
    person: Person, users: Mapping[Role, User], city: City, clock: MovedClock
) -> None:
    notice = await failed(city, clock)
    observer = await signed_in(person, Role.OBSERVER)
    assert "Надіслати ще раз" not in await part(observer, notice.number)
    assert (await observer.post(f"/notices/{notice.id}/decide", {"do": "sent"})).status == 403


async def test_htmx_gets_the_part_anew(
    person: Person, users: Mapping[Role, User], city: City, clock: MovedClock
) -> None:
    notice = await failed(city, clock)
    head = await signed_in(person, Role.HEAD)
    headers = {**head.origin, "HX-Request": "true", "X-CSRF-Token": head.csrf}
    answer = await head.client.post(f"/notices/{notice.id}/decide", data={"do": "sent"}, headers=headers)
    text = html.unescape(await answer.text())
    assert text.startswith('<section id="notices"')
    assert "передано" in text


async def sent(city: City, clock: MovedClock) -> Notice:
    await city.enter(category="water-none", registered_at=clock.now())
    (notice,) = await city.storage.outbox.claim((Channel.SMS,), clock.now())
    await city.storage.outbox.sent(notice.id, clock.now(), "gw-1")
    return notice


async def state(storage: Storage, notice: Notice) -> tuple[NoticeState, str]:
    kept = await storage.outbox.find(notice.id)
    assert kept is not None
    return kept.state, kept.fault


async def test_the_gateway_reports_by_json_form_or_query(
    person: Person, city: City, storage: Storage, clock: MovedClock
) -> None:
    notice, hook = await sent(city, clock), f"/hooks/sms/{SECRET}"
    assert (await person.client.post(hook, json={"id": "gw-1", "state": "on its way"})).status == 204
    assert await state(storage, notice) == (NoticeState.SENT, "")
    assert (await person.client.post(hook, data={"id": "gw-1", "state": "lost"})).status == 204
    assert await state(storage, notice) == (NoticeState.FAILED, "lost")
    assert (await person.get(f"{hook}?id=gw-none&state=ok")).status == 204
    assert (await person.client.post(hook, json={"x": 1})).status == 400
    assert (
        await person.client.post(hook, data="{", headers={"Content-Type": "application/json"})
    ).status == 400


async def test_a_report_is_delivered_once_and_stays(
    person: Person, city: City, storage: Storage, clock: MovedClock
) -> None:
    notice, hook = await sent(city, clock), f"/hooks/sms/{SECRET}"
    for said in ("ok", "lost"):
        assert (await person.get(f"{hook}?id=gw-1&state={said}")).status == 204
    assert await state(storage, notice) == (NoticeState.DELIVERED, "")


async def test_nobody_reports_without_the_secret(
    person: Person, city: City, storage: Storage, clock: MovedClock
) -> None:
    notice = await sent(city, clock)
    wrong = "/hooks/sms/another-secret-of-nobody"
    statuses = [
        (await person.client.post(wrong, json={"id": "gw-1", "state": "ok"})).status for _ in range(12)
    ]
    assert set(statuses[:10]) == {404}
    assert statuses[-1] == 429
    assert await state(storage, notice) == (NoticeState.SENT, "")
