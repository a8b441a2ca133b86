"""`hotline bench voice`: how soon a caller knows which key to press, in the sound of real calls.

Three citizens call and press nothing: one whom nobody knows, the same again, one with an outage at home.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from hotline.calls.call import HEARS_MENU, Step
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.clock import SystemClock
from hotline.outages.outage import By, NewOutage, OutageKind
from hotline.voice.speech import Language, Phrase
from ivr_flows import outage_phrases, prompts
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, NothingMeasured
from tests.bench.progress import tell

ANYBODY, AT_HOME = "+380457000002", "+380457900001"
STREET = "Київський квартал"
RATE = 8000
FRAME = RATE // 50
VOICED = 200
"""Mean amplitude of a frame in which somebody speaks; the voice's level is the same in all prompts."""
PAUSE_SECONDS = 2.0
"""A silence as long as this means that the choices have been read: the voice waits for a key."""
LOOK_SECONDS = 0.2
LONGEST_SECONDS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """One call as it sounded: seconds since the answer, and the phrases by their names."""

    begins: float
    """The first sound."""
    ends: float
    """The last sound before the voice waits for a key."""
    phrases: Sequence[str]


async def bench_voice(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:  # noqa: ARG001 - each call is listened to once
    """Have them call one after the other; figures are seconds from the answer."""
    tell("a first call, listened to in silence")
    first = await _listened(hotline, ANYBODY, prompts.MENU, at_least=HEARS_MENU.total_seconds() + 1)
    tell("the same number again")
    again = await _listened(hotline, ANYBODY, prompts.MENU_SHORT)
    tell("a number with an outage at its address")
    await _outage(hotline)
    outage = await _listened(hotline, AT_HOME, outage_phrases.OUTAGE_KEYS)
    key = await _until_key(hotline)
    return Measured(
        name="voice",
        figures={
            "first_sound_s": round(max(one.begins for one in (first, again, outage)), 2),
            "first_key_named_s": round(max(one.begins for one in (first, again, outage)) + key, 1),
            "menu_s": round(first.ends, 1),
            "known_caller_menu_s": round(again.ends, 1),
            "with_outage_menu_s": round(outage.ends, 1),
        },
        limits={
            "first_key_named_s": Limit(most=6),
            "menu_s": Limit(most=20),
            "with_outage_menu_s": Limit(most=35),
        },
    )


async def _listened(hotline: BenchHotline, number: str, menu: Phrase, *, at_least: float = 0) -> Listened:
    """Call and listen until the voice waits after the menu. Raises NothingMeasured where it is not heard."""
    settings = hotline.settings
    async with Phone(user=number) as phone:
        call = await phone.call(settings.number, to=(settings.sip.host, settings.sip_port))
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await call.answered()
                said = await _until_said(hotline, number, menu)
                ends = await _until_pause(call)
                while len(call.recording()) < at_least * RATE:  # noqa: ASYNC110 - the call goes on meanwhile
                    await asyncio.sleep(LOOK_SECONDS)
            begins = _voiced(call)[0] * FRAME / RATE
        except TimeoutError:
            raise NothingMeasured(f"{number} has not heard {menu.name} in time.") from None
        finally:
            await call.hang_up()
    await _ended(hotline)
    if tuple(said[: len(prompts.GREETING)]) != tuple(one.name for one in prompts.GREETING):
        raise NothingMeasured(f"{number} was greeted otherwise: {' '.join(said)}.")
    return Listened(begins=begins, ends=ends, phrases=said)


async def _until_said(hotline: BenchHotline, number: str, menu: Phrase) -> Sequence[str]:
    while True:
        latest = [one for one in await hotline.storage.calls.unended() if one.number == number]
        for one in latest:
            steps = await hotline.storage.calls.journey(one.id)
            said = " ".join(str(step.detail["phrases"]) for step in steps if step.step is Step.HEARD).split()
            if menu.name in said:
                return said
        await asyncio.sleep(LOOK_SECONDS)


async def _until_pause(call: OutgoingCall) -> float:
    """Wait for a long silence; gives when the voice ended before it."""
    while True:
        voiced, frames = _voiced(call), len(call.recording()) // FRAME
        if voiced.size and (frames - voiced[-1]) * FRAME > PAUSE_SECONDS * RATE:
            return float((voiced[-1] + 1) * FRAME / RATE)
        await asyncio.sleep(LOOK_SECONDS)


def _voiced(call: OutgoingCall) -> np.ndarray:
    """Find the frames in which the voice is heard."""
    sound = np.abs(call.recording().astype(np.int32))
    return np.flatnonzero(sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME).mean(axis=1) > VOICED)


async def _until_key(hotline: BenchHotline) -> float:
    """Tell how long the first words last up to the end of the first key's name."""
    named = prompts.GREETING[: prompts.GREETING.index(prompts.EMERGENCY_KEY) + 1]
    media = [await hotline.voice.media(one, Language.UKRAINIAN) for one in named]
    return sum(map(hotline.voice.seconds, media))


async def _outage(hotline: BenchHotline) -> None:
    """Enter what is off at their home, with reason and times: as long as announcements are."""
    storage, now = hotline.storage, SystemClock().now().replace(minute=0, second=0, microsecond=0)
    await storage.streets.add(demo_streets())
    await storage.citizens.add("Громадянка", f"{STREET}, 7", [AT_HOME])
    await storage.outages.enter(
        NewOutage(
            utility=Utility.HOT_WATER,
            kind=OutageKind.REPAIR,
            areas=(Area(street=STREET, first=1, last=15),),
            starts_at=now - timedelta(hours=2),
            expected_end=now + timedelta(hours=5),
            reason="Заміна засувки на тепловій мережі.",
        ),
        By(),
    )
    await asyncio.sleep(PAUSE_SECONDS)  # the service, another process, looks once a second


async def _ended(hotline: BenchHotline) -> None:
    while await hotline.storage.calls.unended():  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(LOOK_SECONDS)
