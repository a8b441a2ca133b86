"""Emergencies and orders as alerts, held against the schema of OASIS."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import feedparser  # type: ignore[import-untyped]
import pytest
import xmlschema

from hotline.informing.order_states import OrderAct
from hotline.informing.orders import Way
from hotline.outages.outage import By
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.outages.public.conftest import ADDRESS, Town
from tests.fakes.orders import standing_order

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("CAP-v1.2.xsd"))
NAMES = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}


async def alerts(person: Person) -> Sequence[Element]:
    """Follow the feed to each alert; every one is as the schema says."""
    found = []
    for entry in feedparser.parse(await person.text("/cap.atom")).entries:
        answer = await person.get(entry.link.removeprefix(ADDRESS))
        assert answer.content_type == "application/cap+xml"
        text = await answer.text()
        SCHEMA.validate(text)
        found.append(fromstring(text))  # noqa: S314 - our own
    return found


def said(alert: Element, *names: str) -> Sequence[str | None]:
    return [alert.findtext(f"cap:{name.replace('/', '/cap:')}", namespaces=NAMES) for name in names]


async def test_an_emergency_is_an_alert_in_two_languages_and_planned_works_are_none(
    person: Person, town: Town
) -> None:
    [alert] = await alerts(person)
    identifier = f"outage-{town.water.id}-v1"
    assert said(alert, "identifier", "sender", "msgType", "status", "references") == [
        identifier,
        "hotline.example",
        "Alert",
        "Actual",
        None,
    ]
    assert said(alert, "info/urgency", "info/expires") == ["Immediate", "2026-03-02T16:00:00+02:00"]
    assert [one.text for one in alert.iterfind("cap:info/cap:language", NAMES)] == ["uk-UA", "en-US"]
    description, _ = (one.text or "" for one in alert.iterfind("cap:info/cap:description", NAMES))
    assert "Прорив труби <DN 100> & заміна засувки" in description


async def test_each_change_names_all_messages_before_it(
    person: Person, town: Town, clock: MovedClock
) -> None:
    clock.pass_(minutes=5)
    await town.move_end(town.water, 5)
    clock.pass_(minutes=5)
    ended = await town.storage.outages.end(town.water.id, clock.now(), By())
    [alert] = await alerts(person)
    assert said(alert, "identifier", "msgType", "info/urgency", "info/responseType") == [
        f"outage-{ended.id}-v3",
        "Update",
        "Past",
        "AllClear",
    ]
    before = ((1, "14:00:00"), (2, "14:05:00"))
    named = (f"hotline.example,outage-{ended.id}-v{number},2026-03-02T{at}+02:00" for number, at in before)
    assert said(alert, "references") == [" ".join(named)]
    assert (await person.get(f"/cap/outage-{ended.id}-v1.xml")).status == 404, "it does not hold any more"


async def test_what_never_was_is_cancelled(person: Person, town: Town, clock: MovedClock) -> None:
    clock.pass_(minutes=5)
    await town.storage.outages.cancel(town.water.id, By(), "Помилка")
    [alert] = await alerts(person)
    assert said(alert, "msgType") == ["Cancel"]
    assert said(alert, "references") == [
        f"hotline.example,outage-{town.water.id}-v1,2026-03-02T14:00:00+02:00"
    ]


async def test_an_order_is_an_alert_while_it_stands(person: Person, town: Town, clock: MovedClock) -> None:
    order = await standing_order(town.storage, clock, "Кип'ятіть воду.", way=Way.PAGE)
    clock.pass_(seconds=2)
    _water, alert = await alerts(person)
    assert said(alert, "identifier", "msgType") == [f"order-{order.id}", "Alert"]
    [description, *_] = said(alert, "info/description")
    assert "Кип'ятіть воду." in (description or "")


async def test_an_order_that_is_stopped_is_cancelled_for_a_day(
    person: Person, town: Town, clock: MovedClock
) -> None:
    order = await standing_order(town.storage, clock, "Кип'ятіть воду.", way=Way.PAGE)
    clock.pass_(minutes=5)
    author = order.author_id
    await town.storage.informing.move(
        order, OrderAct.STOP, clock.now(), user_id=author, reason="Воду перевірено"
    )
    await town.storage.standing_orders.renew()
    _water, alert = await alerts(person)
    assert said(alert, "identifier", "msgType", "references", "info/urgency", "info/responseType") == [
        f"order-{order.id}-stopped",
        "Cancel",
        f"hotline.example,order-{order.id},2026-03-02T14:00:00+02:00",
        "Past",
        "AllClear",
    ]
    assert (await person.get(f"/cap/order-{order.id}.xml")).status == 404, "it does not hold any more"
    clock.pass_(hours=25)
    assert len(await alerts(person)) == 1


@pytest.mark.parametrize("name", ["outage-999999-v1", "order-0", "none"])
async def test_an_alert_that_nobody_gave_is_not_found(person: Person, name: str) -> None:
    assert (await person.get(f"/cap/{name}.xml")).status == 404
