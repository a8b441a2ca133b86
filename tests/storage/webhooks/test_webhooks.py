"""Places, states and what is owed of webhooks, on both databases."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.errors import ForbiddenTransition, NotFound
from hotline.line.presence_states import Presence
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.webhooks.states import WebhookEvent, WebhookState
from hotline.webhooks.webhook import Places, Webhook, given_up_notice, owed_event
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

DOCUMENT = {"type": "appeal.changed", "id": "appeal-7", "number": "2600001"}
LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@pytest.fixture
async def hook(storage: Storage, city: City) -> Webhook:
    token = await storage.tokens.add(
        "hash",
        name="Ситуаційний центр",
        role=Role.HEAD,
        personal=False,
        user_id=city.head.id,
        made_at=NOON,
        expires_at=NOON + timedelta(days=30),
        scopes=[],
    )
    return await storage.webhooks.add(token.id, "https://system.example/", ["appeal.changed"], "whsec_", NOON)


async def fed(storage: Storage, hook: Webhook, place: int = 1) -> bool:
    owed = [owed_event(hook, DOCUMENT, number="2600001")]
    return await storage.webhooks.feed(hook, owed, Places(appeal=place), NOON)


async def test_an_event_is_owed_once_for_a_place_and_again_after_a_replay(
    storage: Storage, hook: Webhook
) -> None:
    assert await fed(storage, hook)
    assert not await fed(storage, hook), "it has moved meanwhile"
    assert (await storage.webhooks.get(hook.id)).appeal_place == 1
    back = await storage.webhooks.replay(hook.id, Places())
    assert await fed(storage, back)
    owed = await storage.webhooks.sent_lately(hook.id)
    assert [one.facts["document"] for one in owed] == [DOCUMENT, DOCUMENT]
    assert await storage.webhooks.waiting(hook.id) == 2


async def test_what_is_owed_waits_while_it_is_off_and_is_due_once_it_is_on(
    storage: Storage, hook: Webhook
) -> None:
    await fed(storage, hook)
    await storage.webhooks.move(hook.id, WebhookEvent.TURN_OFF, NOON)
    assert await storage.webhooks.on() == []
    assert await storage.outbox.claim((Channel.WEBHOOK,), LATER) == []
    with pytest.raises(ForbiddenTransition):
        await storage.webhooks.move(hook.id, WebhookEvent.TURN_OFF, NOON)
    await storage.webhooks.move(hook.id, WebhookEvent.RESUME, LATER)
    (claimed,) = await storage.outbox.claim((Channel.WEBHOOK,), LATER)
    await storage.outbox.failed(claimed.id, LATER, "answered 500", again_in=None)
    notice = given_up_notice(hook, "Ситуаційний центр", "answered 500", LATER)
    for _twice in range(2):
        await storage.webhooks.give_up(hook.id, LATER, "answered 500", notice)
    assert [one.about for one in await storage.outbox.on_page("head")] == ["webhook-given-up"]
    assert await storage.outbox.undecided() == []
    resumed = await storage.webhooks.move(hook.id, WebhookEvent.RESUME, LATER)
    assert (resumed.state, resumed.fault, resumed.failing_since) == (WebhookState.ON, "", None)
    assert len(await storage.outbox.claim((Channel.WEBHOOK,), LATER)) == 1, "given up, and sent again"


async def test_one_that_has_ended_is_gone_with_what_it_was_owed(storage: Storage, hook: Webhook) -> None:
    await fed(storage, hook)
    await storage.webhooks.move(hook.id, WebhookEvent.END, NOON)
    assert [one.state for one in await storage.webhooks.sent_lately(hook.id)] == [NoticeState.NEEDLESS]
    assert await storage.webhooks.all() == await storage.webhooks.on() == []
    with pytest.raises(NotFound):
        await storage.webhooks.get(hook.id)


async def test_it_fails_since_the_first_try_that_went_in_vain(storage: Storage, hook: Webhook) -> None:
    await storage.webhooks.failed(hook.id, NOON, "answered 500")
    failing = await storage.webhooks.failed(hook.id, LATER, "answered 502")
    assert (failing.failing_since, failing.fault) == (NOON, "answered 502")
    await storage.webhooks.worked(hook.id, LATER)
    worked = await storage.webhooks.get(hook.id)
    assert (worked.failing_since, worked.fault, worked.delivered_at) == (None, "", LATER)


async def test_lines_of_both_histories_are_read_after_a_place(storage: Storage, city: City) -> None:
    appeal = await city.enter()
    lines = await storage.change_log.lines(0, 10)
    assert [(one.number, one.act) for one in lines] == [
        (appeal.number, "register"),
        (appeal.number, "assign"),
    ]
    assert await storage.change_log.lines(lines[0].id, 10) == lines[1:]
    outage = await storage.outages.enter(
        NewOutage(utility=Utility.HEAT, kind=OutageKind.PLANNED, starts_at=LATER), By()
    )
    (entered,) = await storage.outage_log.lines(0, 10)
    assert (entered.outage_id, entered.facts["utility"]) == (outage.id, "heat")
    assert await storage.outage_log.lines(entered.id, 10) == []
    assert await storage.outage_log.place_of(entered.at) == entered.id - 1
    assert await storage.outage_log.place_of(entered.at + timedelta(days=1)) == entered.id
    dispatcher = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    before = len(await storage.presence_changes.lines(0, 10))
    for minutes, presence in ((0, Presence.READY), (1, Presence.AWAY)):
        await storage.dispatchers.set_presence(dispatcher.id, presence, NOON + timedelta(minutes=minutes))
    ready, away = (await storage.presence_changes.lines(0, 10))[before:]
    assert (ready.presence, away.presence, away.dispatcher_id) == ("ready", "away", dispatcher.id)
    assert await storage.presence_changes.place_of(away.at) == ready.id
    assert await storage.presence_changes.place_of(NOON + timedelta(days=1)) == away.id
