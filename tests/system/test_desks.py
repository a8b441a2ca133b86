"""Desk phones beside the service: the fallback queue knows who is on duty, and shows them who calls."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from hotline.access.permissions import Role
from hotline.clock import SystemClock
from hotline.desk.caller_card import CallerCards
from hotline.line.desk_left import take_off_duty
from hotline.line.presence_states import Presence
from telephony.agi.server import agi_server
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.sound import tone
from tests.system.hotline import Hotline
from tests.system.manager_account import said
from tests.system.node import running
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher

ELSEWHERE = "127.0.0.9"
pytestmark = pytest.mark.system


async def test_the_fallback_queue_follows_duty_and_outlives_asterisk(hotline: Hotline) -> None:
    await hotline.desk("201")
    await hotline.desk("202")
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201", "PJSIP/desk-202"})
    await hotline.presence("201", Presence.PAUSED, "tea")
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-202"})
    await hotline.presence("201", Presence.READY)
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201", "PJSIP/desk-202"})
    await hotline.presence("202", Presence.AWAY)
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201"})

    await hotline.kill_service()
    hotline.node.kill()
    await hotline.node.process.wait()
    async with running(hotline.settings, hotline.node.environ) as again:
        assert await said(again, "QueueRemove", {"Queue": "hotline", "Interface": "PJSIP/desk-202"}) == (
            "Unable to remove interface: Not there"
        )
        assert await said(again, "QueueRemove", {"Queue": "hotline", "Interface": "PJSIP/desk-201"}) == (
            "Removed interface from queue"
        )


async def test_changed_networks_of_desks_hold_once_the_service_has_started_again(hotline: Hotline) -> None:
    """Asterisk has made the phones for the networks of before, and goes on meanwhile."""
    phone = await hotline.registered("204")
    await hotline.desk("205")
    await hotline.kill_service()
    hotline.node.environ["HOTLINE_DESK_NETWORKS"] = f"{ELSEWHERE}/32"
    try:
        await hotline.start_service()
        await hotline.until(lambda: refuses(phone))
        await hotline.until(lambda: is_in(hotline, "204", "offline"))
        registrar = ("127.0.0.1", hotline.settings.sip_port)
        async with Phone(ELSEWHERE, user="desk-204", secret="secret-204", registrar=registrar) as moved:
            await moved.register()
            await hotline.until(lambda: is_in(hotline, "204", "online"))
    finally:
        del hotline.node.environ["HOTLINE_DESK_NETWORKS"]
        await hotline.kill_service()
        await hotline.start_service()
    await hotline.until(lambda: takes(phone))


async def test_a_telephone_on_a_desk_is_signed_out_when_the_account_behind_the_desk_ends(
    hotline: Hotline,
) -> None:
    phone = await hotline.registered("203")
    await hotline.until(lambda: is_registered(hotline, "desk-203", "online"))  # Asterisk tells of it later
    desk = await hotline.storage.dispatchers.by_extension("203")
    assert desk is not None
    before = await hotline.storage.users.add(
        login="d203", name="Олена", role=Role.DISPATCHER, password_hash="-", dispatcher_id=desk.id
    )
    closed = replace(before, active=False, dispatcher_id=None)

    await take_off_duty(hotline.storage.dispatchers, before, closed, SystemClock().now())

    await hotline.until(lambda: is_registered(hotline, "desk-203", "offline"))
    with pytest.raises(RegistrationRefused):
        await phone.register()
    desk = await hotline.storage.dispatchers.get(desk.id)
    registrar = ("127.0.0.1", hotline.settings.sip_port)
    async with Phone(user="desk-203", secret=desk.secret, registrar=registrar) as given_anew:
        await given_anew.register()
        await hotline.until(lambda: is_registered(hotline, "desk-203", "online"))


async def test_a_phone_that_registers_anew_is_told_from_its_registration_before(hotline: Hotline) -> None:
    """One that has come with its new password is not signed out for the old one."""
    phone = await hotline.registered("204")
    async with hotline.node.manager() as ami:
        ((contact, first),) = (await ami.registrations("desk-204")).items()
        assert all(first)

        async def renewed() -> bool:
            await phone.register()
            return (await ami.registrations("desk-204"))[contact] != first

        await hotline.until(renewed)


async def is_registered(hotline: Hotline, endpoint: str, state: str) -> bool:
    found: dict[str, str] = await hotline.node.ask("GET", f"endpoints/PJSIP/{endpoint}")
    return found["state"] == state


async def test_a_caller_is_shown_by_number_and_by_what_the_city_knows(hotline: Hotline) -> None:
    await hotline.storage.citizens.add("Олена Коваль", "Соборна, 5", ["+380457900001"])
    desk = await hotline.desk("201")
    await asks_for_a_dispatcher(hotline)

    talk = await desk.next_call()

    assert talk.caller == "+380457900001"
    assert "Олена Коваль" in talk.invite.first("From")


async def test_the_fallback_shows_the_card_too_while_the_service_answers_look_ups(hotline: Hotline) -> None:
    await hotline.storage.citizens.add("Олена Коваль", "Соборна, 5", ["+380457900001"])
    desk = await hotline.desk("201")
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201"})
    await hotline.kill_service()
    asterisk = hotline.settings.asterisk
    cards = CallerCards(hotline.storage.citizens, hotline.storage.appeals)

    async with agi_server(asterisk.host, asterisk.agi_port, cards.card, word=asterisk.agi_word):
        call = await hotline.citizen(sound=tone(CITIZEN))
        talk = await desk.next_call()

        await talk.answer(tone(FIRST))
        assert "Олена Коваль" in talk.invite.first("From")
        await call.heard_tone(FIRST)
        await talk.heard_tone(CITIZEN)


async def test_a_desk_dials_three_digits_and_no_fewer(hotline: Hotline) -> None:
    desk = await hotline.desk("201")

    codes = {number: (await (await desk.call(number)).ended()).code for number in ("1", "10", "1580", "112")}

    assert codes == dict.fromkeys(codes, 404)


def members(hotline: Hotline) -> set[str]:
    """Who is rung by the fallback queue, as Asterisk keeps it on disk: `interface;penalty;paused;…`.

    Read without a lock: while somebody holds one, Asterisk gives up what it was to write.
    """
    file = hotline.settings.folders.asterisk_memory / "astdb.sqlite3"
    try:
        with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as database:
            kept = database.execute("select value from astdb where key like '/Queue/PersistentMembers/%'")
            rows = kept.fetchall()
    except sqlite3.DatabaseError:  # read in the middle of a write
        return set()
    text = "|".join(value for (value,) in rows)
    entries = [entry.split(";") for entry in text.split("|") if entry]
    return {interface for interface, _penalty, paused, *_ in entries if paused == "0"}


async def takes(phone: Phone) -> bool:
    try:
        await phone.register()
    except RegistrationRefused:
        return False
    return True


async def refuses(phone: Phone) -> bool:
    return not await takes(phone)


async def is_in(hotline: Hotline, extension: str, state: str) -> bool:
    """Whether Asterisk tells so of the desk's phone."""
    told = await hotline.node.ask("GET", f"endpoints/PJSIP/desk-{extension}")
    return bool(told["state"] == state)
