from datetime import timedelta

from hotline.appeals.routing import Routed
from hotline.city.classifier import classifier
from hotline.clock import SystemClock
from hotline.contact.numbers import e164
from service.demo.executors import HEAT, HOUSING, add_demo_executors
from tests.fakes.databases import fresh_storage

NOBODYS = {"gas-smell", "gas-none", "animals", "noise", "transport"}
NOBODYS |= {"shelter", "benefits", "conduct", "other", "public-information"}


async def test_the_demo_rules_say_who_gets_what_at_any_hour_and_leave_the_rest_to_people() -> None:
    async with fresh_storage(SystemClock()) as storage:
        made = await add_demo_executors(storage)
        names = {one.id: short for short, one in made.items()}
        now = SystemClock().now()
        got = {}
        for code in classifier().categories:
            for hours in (0, 8, 16):
                found = await storage.rules.who_gets(
                    category=code,
                    classifier=1,
                    address="Київський квартал, 7",
                    at=now + timedelta(hours=hours),
                )
                if isinstance(found, Routed):
                    got[code] = names[found.rule.executor_id]
        assert set(classifier().categories) - set(got) == NOBODYS
        assert (got["heat-none"], got["emergency"], got["street-light"]) == (HEAT, HOUSING, HOUSING)


async def test_every_demo_contact_is_fictional_and_somebody_is_always_on_duty() -> None:
    async with fresh_storage(SystemClock()) as storage:
        for executor in (await add_demo_executors(storage)).values():
            assert executor.demo
            assert executor.managers()
            assert executor.on_duty(SystemClock().now())
            for contact in executor.contacts:
                assert contact.number == e164(contact.number or "")
                assert contact.number.startswith("+3804579000")
                assert (contact.email or ".example").endswith(".example")
