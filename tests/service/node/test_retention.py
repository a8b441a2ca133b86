"""The hourly sweep, and for how long the settings have it keep what people said of outages."""

from datetime import timedelta

import pytest

from hotline.city.addresses import Address, Street
from hotline.contact.channel import Channel
from hotline.errors import SettingsError
from hotline.outages.subscriptions import UNCONFIRMED_KEPT, SubscriptionRequest
from hotline.retention import Retention
from hotline.voice.speech import Language
from service.node.retention import Sweep
from service.node.settings import read_settings
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
HOME = Address(street="Київський квартал", house="7")
NUMBER = "+380671112201"


async def test_a_round_forgets_old_places_and_subscriptions_that_nobody_confirmed() -> None:
    clock = SetClock()
    async with fresh_storage(clock) as storage:
        await storage.streets.add([Street(name=HOME.street)])
        await storage.known_places.remember(NUMBER, HOME, call_id="c1", at=clock.now())
        wish = SubscriptionRequest(
            channel=Channel.SMS, contact=NUMBER, language=Language.UKRAINIAN, place=HOME
        )
        asked = await storage.outage_subscriptions.ask(wish, "123456", HOME.text, clock.now())
        kept = Retention(places=UNCONFIRMED_KEPT)
        sweep = Sweep(storage.retention, storage.outage_subscriptions, kept, clock)
        clock.pass_by(UNCONFIRMED_KEPT.total_seconds())
        await sweep.round()
        assert await storage.known_places.addresses_of(NUMBER) == [HOME]
        assert await storage.outage_subscriptions.find(asked.id) is not None
        clock.pass_by(1)
        await sweep.round()
        assert await storage.known_places.addresses_of(NUMBER) == []
        assert await storage.outage_subscriptions.find(asked.id) is None


def test_how_long_is_a_setting_in_days() -> None:
    assert read_settings(SECRETS).retention == Retention()
    given = {"HOTLINE_OUTAGE_WATCHERS_DAYS": "7", "HOTLINE_KEYED_PLACES_DAYS": "30"}
    week, month = timedelta(days=7), timedelta(days=30)
    assert read_settings(SECRETS | given).retention == Retention(watchers=week, places=month)


def test_nothing_is_forgotten_on_the_day_itself() -> None:
    with pytest.raises(SettingsError, match=r"^HOTLINE_OUTAGE_REPORTS_DAYS is 0: give 1 or more"):
        read_settings(SECRETS | {"HOTLINE_OUTAGE_REPORTS_DAYS": "0"})
