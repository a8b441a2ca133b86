"""Phones that flood digits, fall silent, vanish or lie; and strangers who look for a way out."""

import asyncio
import contextlib
import hashlib
import random
import re
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from hotline.calls.call import Step
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.system.hotline import Hotline, running_hotline
from tests.system.lending import Hotlines
from tests.system.sip_probe import Answer, Probe

pytestmark = pytest.mark.system

DIGITS = "0123456789*#ABCD"
Probes = Callable[..., Probe]
FLOOD = 2_000
RACES = 50
NOT_OURS = ("999", "201", "desk-201", "0441234567", "s", "fallback")


@pytest.fixture(scope="module")
async def city(all_hotlines: Hotlines) -> AsyncIterator[Hotline]:
    """One hotline for all of this module."""
    async with all_hotlines.lent() as one:
        yield one


@pytest.fixture
def probe(city: Hotline) -> Iterator[Callable[..., Probe]]:
    """Make probes that call this hotline, closed at the end."""
    made: list[Probe] = []

    def make(port: int = 0, **options: str) -> Probe:
        made.append(Probe(port=port or city.settings.sip_port, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


async def flood_keys(one: Probe, keys: str) -> None:
    """Press all keys at once: RFC 4733 events in one burst, the end of each sent three times."""
    loop = asyncio.get_running_loop()
    sequence = 0
    for number, key in enumerate(keys):
        for end in (0, 0x80, 0x80, 0x80):
            sequence += 1
            event = struct.pack("!BBH", DIGITS.index(key), end | 10, 800)
            head = struct.pack("!BBHII", 0x80, 101, sequence & 0xFFFF, number * 1600, 1)
            await loop.sock_sendto(one.rtp, head + event, one._far_rtp)


async def no_channels(city: Hotline) -> bool:
    return await city.node.ask("GET", "channels") == []


async def steps_of_newest(city: Hotline) -> list[Step]:
    return await city.steps((await city.calls())[-1].id)


async def newest_reached(city: Hotline, step: Step) -> None:
    async def there() -> bool:
        return step in await steps_of_newest(city)

    await city.until(there)


@pytest.mark.parametrize("keys", ["ABCD" * (FLOOD // 4), "3" + "7" * FLOOD, "0" + "5" * FLOOD])
async def test_two_thousand_digits_at_once_are_one_impatient_caller(
    city: Hotline, probe: Probes, keys: str
) -> None:
    one = probe()
    known = len(await city.calls())
    assert (await one.request("INVITE")).code == 200
    await one.hear(0.3)
    await flood_keys(one, keys)
    await one.hear(0.5)
    await one.hang_up()
    await city.until(lambda: no_channels(city))

    async def ended() -> bool:
        calls = await city.calls()
        return len(calls) == known + 1 and calls[-1].ended_at is not None

    await city.until(ended)
    assert len(await steps_of_newest(city)) < 250


async def test_keys_in_the_line_and_in_the_talk_change_nothing_and_a_long_key_is_one(city: Hotline) -> None:
    desk = await city.desk("201")
    call = await city.citizen(sound=tone(440))
    await call.answered()
    await call.press("0", held=3.0)
    ringing = await desk.next_call()
    await call.press("12D*#", held=0.05, gap=0.05)
    await ringing.answer(tone(700))
    await call.heard_tone(700)
    await call.press("0123456789ABCD*#", held=0.05, gap=0.05)
    await call.heard_tone(700)
    await ringing.heard_tone(440)
    await ringing.hang_up()
    await call.ended()
    journey = await city.journey((await city.calls())[-1].id)
    pressed = [(one.detail["key"], one.detail["asked"]) for one in journey if one.step is Step.PRESSED]
    assert [key for key, _ in pressed] == ["0", "*"]
    assert pressed[1][1] == "waiting", "no recording is wished for on record, also as the talk begins"
    assert [one.step for one in journey].count(Step.TALK_STARTED) == 1
    await city.until(lambda: no_channels(city))


@pytest.mark.parametrize("payload_type", [0x00, 0x7F, 0x60, 0xC8])
async def test_sound_of_a_wrong_kind_or_none_at_all_is_a_caller_like_any_other(
    probe: Probes, payload_type: int
) -> None:
    one = probe()
    assert (await one.request("INVITE")).code == 200
    for number in range(50):
        head = struct.pack("!BBHII", 0x80, payload_type, number, number * 160, 7)
        await asyncio.get_running_loop().sock_sendto(one.rtp, head + b"\xd5" * 160, one._far_rtp)
    await one.hear(0.5)
    await one.hang_up()


async def test_fifty_callers_who_hang_up_around_the_answer_leave_nothing_behind(city: Hotline) -> None:
    known = len(await city.calls())
    chance = random.Random(1580)  # noqa: S311 - the same at every run
    async with Phone(user="+380457900888") as phone, asyncio.TaskGroup() as callers:
        for _ in range(RACES):
            callers.create_task(_hasty(city, phone, chance.random() * 0.08))
    await city.until(lambda: no_channels(city))

    async def told() -> bool:
        return all(call.ended_at for call in await city.calls())

    await city.until(told)
    for call in (await city.calls())[known:]:
        steps = await city.steps(call.id)
        assert steps.count(Step.ARRIVED) == steps.count(Step.ENDED) == 1
    assert "call failed" not in city.log.read_text(encoding="utf-8")


async def _hasty(city: Hotline, phone: Phone, patience: float) -> None:
    call = await phone.call(city.settings.number, to=("127.0.0.1", city.settings.sip_port))
    with contextlib.suppress(TimeoutError):
        await call.ended(patience)
    await call.hang_up()


async def test_a_citizen_has_no_way_to_anyone_but_us(city: Hotline, probe: Probes) -> None:
    assert {(await probe().request("INVITE", number)).code for number in NOT_OURS} == {404}
    one = probe()
    assert (await one.request("INVITE")).code == 200
    elsewhere = f"Refer-To: <sip:101@127.0.0.1:{city.settings.sip_port}>"
    assert (await one.request("REFER", "1580", elsewhere, sequence=2)).code >= 400
    await one.request("BYE", sequence=3)
    for method in (
        "SUBSCRIBE",
        "PUBLISH",
        "MESSAGE",
        "REGISTER",
        "REFER",
        "UPDATE",
        "INFO",
        "PRACK",
        "QWERTY",
    ):
        event = "Event: presence\r\nExpires: 60"
        assert (await probe().request(method, "201", event)).code >= 400, method
    await city.until(lambda: no_channels(city))


async def test_taking_over_a_call_by_replaces_needs_its_tags_and_reaches_nobody(
    city: Hotline, probe: Probes
) -> None:
    one, moved, known = probe(), probe(), len(city.node.cel_rows())
    assert (await one.request("INVITE")).code == 200
    tag = re.search(r"tag=([^;\s]+)", one._to)
    assert tag
    guessed = f"Replaces: {one.call_id};to-tag=x;from-tag={one.tag}"
    assert (await probe().request("INVITE", "1580", guessed)).code >= 400
    ones_own = f"Replaces: {one.call_id};to-tag={tag[1]};from-tag={one.tag}"
    if (await moved.request("INVITE", "1580", ones_own)).code == 200:
        await moved.hang_up()
    await city.until(lambda: no_channels(city))
    new = city.node.cel_rows()[known:]
    assert all(row["channame"].startswith("PJSIP/citizens-") for row in new)


async def test_guessing_a_desks_password_tells_nothing_and_is_logged_without_it(
    tmp_path: Path, probe: Probes
) -> None:
    async with running_hotline(tmp_path, HOTLINE_DEMO="0") as real:
        await real.desk("202")
        answers = {}
        for desk in ("desk-202", "desk-999"):
            scanner = probe(real.settings.sip_port, shown=f"<sip:{desk}@127.0.0.1>")
            guesses = [await _guess(scanner, desk, number) for number in range(20)]
            answers[desk] = {(guess.code, guess.header("Server")) for guess in guesses}
        assert answers["desk-202"] == answers["desk-999"]
        security = real.settings.folders.asterisk / "log" / "security"
        await real.until(lambda: security.read_text(encoding="utf-8").count("ChallengeResponseFailed") >= 40)
        logs = security.read_text(encoding="utf-8") + real.node.log + real.log.read_text(encoding="utf-8")
        assert (await real.dispatcher("202")).secret not in logs


async def _guess(one: Probe, desk: str, number: int) -> Answer:
    """Register with a wrong password, as a scanner does."""
    first = await one.request("REGISTER", desk, sequence=2 * number + 1)
    asked = dict(re.findall(r'(\w+)="([^"]*)"', first.header("WWW-Authenticate")))
    uri = f"sip:{desk}@127.0.0.1:{one.port}"
    secret = _md5(f"{desk}:{asked['realm']}:guess-{number}")
    proof = _md5(f"{secret}:{asked['nonce']}:00000001:x:auth:{_md5(f'REGISTER:{uri}')}")
    said = (
        f'Authorization: Digest username="{desk}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
        f'uri="{uri}", response="{proof}", algorithm=MD5, cnonce="x", nc=00000001, qop=auth, '
        f'opaque="{asked.get("opaque", "")}"'
    )
    return await one.request("REGISTER", desk, said, sequence=2 * number + 2)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
