"""Subscriptions on both databases: asked for, confirmed, told once, ended, forgotten."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.contact.codes import MOST_A_DAY, MOST_TRIES, SHARES
from hotline.outages.outage import By, NewOutage, Outage, OutageKind
from hotline.outages.subscriptions import (
    PowerAhead,
    Subscription,
    SubscriptionRequest,
    TooManyMessages,
)
from hotline.retention.terms import Retention
from hotline.voice.speech import Language
from storage.outages import subscriptions
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.others import at_once

KEPT = Retention()
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
PLACE = Address(street="Київський квартал", house="7")
WISH = SubscriptionRequest(
    channel=Channel.EMAIL, contact="olena@example.org", language=Language.UKRAINIAN, place=PLACE
)
WATER = NewOutage(
    utility=Utility.WATER,
    kind=OutageKind.REPAIR,
    starts_at=NOON,
    areas=(Area(street="Київський квартал"),),
)


async def living(storage: Storage, wish: SubscriptionRequest = WISH, at: timedelta = -SECOND) -> Subscription:
    asked = await storage.outage_subscriptions.ask(wish, "123456", PLACE.text, NOON + at)
    await storage.outage_subscriptions.confirm(asked.id, NOON + at)
    found = await storage.outage_subscriptions.find(asked.id)
    assert found is not None
    return found


async def told(storage: Storage, contact: str = WISH.contact) -> list[str]:
    """What this contact is owed to be told of outages, once all who watch them were looked at."""
    await storage.outage_telling.tell(NOON, timedelta())
    claimed = await storage.outbox.claim((Channel.EMAIL, Channel.SMS), NOON + DAY, 1000)
    return [one.about for one in claimed if one.address == contact and one.about.startswith("outage-")]


async def test_a_wish_comes_back_whole_and_lives_once_confirmed(storage: Storage) -> None:
    asked = await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    assert (asked.place, asked.contact, asked.lives) == (PLACE, WISH.contact, False)
    assert await storage.outage_subscriptions.living() == []
    await storage.outage_subscriptions.confirm(asked.id, NOON + SECOND)
    (one,) = await storage.outage_subscriptions.living()
    assert one.confirmed_at == NOON + SECOND


async def test_asking_owes_the_one_message_that_confirms_it(storage: Storage) -> None:
    await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    (notice,) = await storage.outbox.claim((Channel.EMAIL,), NOON)
    assert (notice.about, notice.address) == ("subscription-asked", WISH.contact)
    assert "123456" not in str(notice.facts)


async def test_who_asks_when_an_older_one_was_forgotten_has_to_confirm_as_well(storage: Storage) -> None:
    for at in (NOON, NOON + KEPT.unconfirmed + DAY):
        await storage.retention.sweep(KEPT, at)
        await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, at)
        (notice,) = await storage.outbox.claim((Channel.EMAIL,), at)
        await storage.outbox.sent(notice.id, at)


async def test_a_new_outage_is_told_once_however_often_it_is_looked_at(storage: Storage) -> None:
    one = await living(storage)
    outage = await storage.outages.enter(WATER, By())
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 1
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 0
    assert [watcher.address for watcher in await storage.outage_watch.watchers(outage.id)] == [WISH.contact]
    assert await told(storage) == ["outage-new"]


async def test_whoever_confirms_while_something_is_off_at_theirs_is_told_of_it_once(storage: Storage) -> None:
    outage = await storage.outages.enter(WATER, By())
    one = await living(storage, at=SECOND)
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 1
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 0
    assert await told(storage) == ["outage-new"]
    assert await told(storage) == []


async def test_whoever_asked_by_telephone_to_be_told_is_not_told_what_they_heard_there(
    storage: Storage,
) -> None:
    mobile = SubscriptionRequest(
        channel=Channel.SMS, contact="+380671234567", language=WISH.language, place=PLACE
    )
    one = await living(storage, mobile)
    outage = await storage.outages.enter(WATER, By())
    await storage.outage_watch.watch(
        outage.id, channel=Channel.SMS, address=mobile.contact, language=mobile.language, at=NOON
    )
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 0
    assert await told(storage, mobile.contact) == []


async def test_one_outage_is_watched_from_its_confirmation_on(storage: Storage) -> None:
    outage = await storage.outages.enter(WATER, By())
    wish = SubscriptionRequest(
        channel=Channel.SMS, contact="+380671234567", language=Language.ENGLISH, outage_id=outage.id
    )
    await living(storage, wish)
    (watcher,) = await storage.outage_watch.watchers(outage.id)
    assert (watcher.address, watcher.language, watcher.version) == (wish.contact, Language.ENGLISH, 1)
    assert await storage.outage_subscriptions.living() == []


async def test_the_same_again_replaces_the_older_one(storage: Storage) -> None:
    first, second = await living(storage), await living(storage)
    (one,) = await storage.outage_subscriptions.of_contact(WISH.channel, WISH.contact)
    assert one.id == second.id != first.id


async def test_stopping_ends_every_address_and_every_outage_of_this_contact_alone(storage: Storage) -> None:
    other = SubscriptionRequest(
        channel=Channel.EMAIL, contact="ivan@example.org", language=WISH.language, place=PLACE
    )
    both = [await living(storage), await living(storage, other)]
    outage = await storage.outages.enter(WATER, By())
    await storage.outage_subscriptions.announce(outage, both, NOON)
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    assert [one.contact for one in await storage.outage_subscriptions.living()] == [other.contact]
    assert [one.address for one in await storage.outage_watch.watchers(outage.id)] == [other.contact]


async def test_what_was_owed_when_they_stopped_is_told_no_more(storage: Storage) -> None:
    one = await living(storage)
    outage = await storage.outages.enter(WATER, By())
    await storage.outage_subscriptions.announce(outage, [one], NOON)
    assert await storage.outage_telling.tell(NOON, timedelta()) == 1
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    assert await told(storage) == []


async def test_what_was_being_handed_over_when_they_stopped_is_not_tried_again(storage: Storage) -> None:
    one = await living(storage)
    outage = await storage.outages.enter(WATER, By())
    await storage.outage_subscriptions.announce(outage, [one], NOON)
    await storage.outage_telling.tell(NOON, timedelta())
    claimed = await storage.outbox.claim((Channel.EMAIL,), NOON)
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    for notice in claimed:
        await storage.outbox.failed(notice.id, NOON, "busy", again_in=SECOND)
    assert claimed
    assert await storage.outbox.claim((Channel.EMAIL,), NOON + DAY) == []


async def test_whoever_stops_before_they_are_announced_an_outage_is_not_told(storage: Storage) -> None:
    one = await living(storage)
    outage = await storage.outages.enter(WATER, By())
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    assert await storage.outage_subscriptions.announce(outage, [one], NOON) == 0
    assert await storage.outage_watch.watchers(outage.id) == []
    assert await told(storage) == []


class Announce:
    """A worker that tells of an outage those whom it has read as living."""

    def __init__(self, outage: Outage, living: Sequence[Subscription]) -> None:
        self.outage, self.living = outage, living

    async def __call__(self, storage: Storage) -> object:
        return await storage.outage_subscriptions.announce(self.outage, self.living, NOON)


class Stop:
    """Somebody who wants to hear nothing more."""

    async def __call__(self, storage: Storage) -> object:
        return await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)


async def test_whoever_stops_in_the_very_moment_of_an_outage_is_owed_nothing(
    storage: Storage, url: str
) -> None:
    for _ in range(5):
        one = await living(storage)
        outage = await storage.outages.enter(WATER, By())
        await asyncio.to_thread(at_once, url, [Announce(outage, [one]), Stop()])
        assert await storage.outage_watch.watchers(outage.id) == []
        assert await told(storage) == []
        await storage.retention.sweep(KEPT, NOON + KEPT.subscriptions + SECOND)


async def test_what_was_not_confirmed_before_it_was_stopped_cannot_be_confirmed_later(
    storage: Storage,
) -> None:
    asked = await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    await storage.outage_subscriptions.confirm(asked.id, NOON)
    assert await storage.outage_subscriptions.living() == []


async def test_nobody_can_have_a_mailbox_flooded(storage: Storage) -> None:
    for _ in range(MOST_A_DAY):
        await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    with pytest.raises(TooManyMessages):
        await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON + SECOND)
    await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON + DAY + SECOND)


async def test_whose_contact_is_proven_lives_at_once_and_asks_so_often_a_day(storage: Storage) -> None:
    wish = SubscriptionRequest(
        channel=Channel.CHAT,
        contact="telegram:17",
        language=Language.UKRAINIAN,
        place=PLACE,
        power=PowerAhead(minutes=15),
    )
    for times in range(MOST_A_DAY):
        await storage.outage_subscriptions.keep(wish, NOON + times * SECOND)
    (one,) = await storage.outage_subscriptions.of_contact(wish.channel, wish.contact)
    assert (one.power, one.place, one.confirmed_at) == (wish.power, PLACE, NOON + 2 * SECOND)
    with pytest.raises(TooManyMessages):
        await storage.outage_subscriptions.keep(wish, NOON + 3 * SECOND)
    assert await storage.outbox.claim((Channel.CHAT,), NOON + DAY, 1000) == [], "nothing is to be confirmed"
    await storage.outage_subscriptions.keep(wish, NOON + DAY + SECOND)


async def asked_from(storage: Storage, network: str, channel: Channel, contact: str) -> bool:
    """Ask for one that is never confirmed; whether a message was owed."""
    wish = SubscriptionRequest(channel=channel, contact=contact, language=WISH.language, place=PLACE)
    try:
        await storage.outage_subscriptions.ask(wish, "123456", PLACE.text, NOON, network=network)
    except TooManyMessages:
        return False
    return True


async def test_no_network_uses_up_the_citys_messages_and_no_short_message_shuts_out_a_letter(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MOST_UNCONFIRMED", {Channel.SMS: 20, Channel.EMAIL: 20})
    sent = [await asked_from(storage, "192.0.2.0/24", Channel.SMS, f"+38067000{n:04}") for n in range(5)]
    assert sent == [True] * (20 // SHARES) + [False] * 3, "one network has its share"
    others = [await asked_from(storage, f"net {n}", Channel.SMS, f"+38067001{n:04}") for n in range(20)]
    assert sum(others) == 18, "all together have the channel's"
    assert await asked_from(storage, "net 100", Channel.EMAIL, "olena@example.org")
    assert await asked_from(storage, "192.0.2.0/24", Channel.EMAIL, "oksana@example.org")


async def test_who_confirms_uses_up_no_share(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST_UNCONFIRMED", {Channel.SMS: 10, Channel.EMAIL: 10})
    one = await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON, network="a house")
    assert not await asked_from(storage, "a house", Channel.EMAIL, "oksana@example.org")
    await storage.outage_subscriptions.confirm(one.id, NOON)
    assert await asked_from(storage, "a house", Channel.EMAIL, "oksana@example.org")


MOBILE = SubscriptionRequest(
    channel=Channel.SMS, contact="+380671234567", language=WISH.language, place=PLACE
)


class Try:
    """Somebody who types a code."""

    def __init__(self, subscription: Subscription, typed: str) -> None:
        self.subscription, self.typed = subscription, typed

    async def __call__(self, storage: Storage) -> bool:
        return await storage.outage_subscriptions.try_code(self.subscription.id, self.typed, NOON)


async def test_a_code_can_be_tried_only_so_often(storage: Storage) -> None:
    asked = await storage.outage_subscriptions.ask(MOBILE, "123456", PLACE.text, NOON)
    for _ in range(MOST_TRIES):
        assert not await Try(asked, "123457")(storage)
    assert not await Try(asked, "123456")(storage)
    assert await storage.outage_subscriptions.living() == []


async def test_the_last_try_confirms_when_it_is_right(storage: Storage) -> None:
    asked = await storage.outage_subscriptions.ask(MOBILE, "123456", PLACE.text, NOON)
    for _ in range(MOST_TRIES - 1):
        assert not await Try(asked, "123457")(storage)
    assert await Try(asked, "123456")(storage)
    (one,) = await storage.outage_subscriptions.living()
    assert one.confirmed_at == NOON


@pytest.mark.parametrize(("minutes", "taken"), [(60, True), (61, False)])
async def test_a_code_lives_for_an_hour(storage: Storage, *, minutes: int, taken: bool) -> None:
    asked = await storage.outage_subscriptions.ask(MOBILE, "123456", PLACE.text, NOON)
    later = NOON + timedelta(minutes=minutes)
    assert await storage.outage_subscriptions.try_code(asked.id, "123456", later) is taken


async def test_a_letter_has_no_code(storage: Storage) -> None:
    asked = await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    assert not await Try(asked, "123456")(storage)


async def test_of_a_button_that_is_pressed_twice_at_once_both_confirm(storage: Storage, url: str) -> None:
    asked = await storage.outage_subscriptions.ask(MOBILE, "123456", PLACE.text, NOON)
    assert await asyncio.to_thread(at_once, url, [Try(asked, "123456")] * 2) == [True, True]
    assert len(await storage.outage_subscriptions.living()) == 1


async def test_however_many_guess_at_once_only_so_many_are_looked_at(storage: Storage, url: str) -> None:
    asked = await storage.outage_subscriptions.ask(MOBILE, "000003", PLACE.text, NOON)
    guesses = [Try(asked, f"{guess:06}") for guess in range(4, 4 + 2 * MOST_TRIES)]
    assert await asyncio.to_thread(at_once, url, guesses) == [False] * len(guesses)
    tried = await storage.outage_subscriptions.find(asked.id)
    assert tried is not None
    assert tried.tries == MOST_TRIES
    assert not await Try(asked, "000003")(storage)


async def test_what_was_never_confirmed_and_what_ended_long_ago_is_forgotten(storage: Storage) -> None:
    one = await living(storage)
    asked = await storage.outage_subscriptions.ask(WISH, "123456", PLACE.text, NOON)
    await storage.retention.sweep(KEPT, NOON + KEPT.unconfirmed + SECOND)
    assert await storage.outage_subscriptions.find(asked.id) is None
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    await storage.retention.sweep(KEPT, NOON + KEPT.subscriptions)
    assert await storage.outage_subscriptions.find(one.id) is not None
    await storage.retention.sweep(KEPT, NOON + KEPT.subscriptions + SECOND)
    assert await storage.outage_subscriptions.find(one.id) is None
