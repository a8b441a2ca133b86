"""`hotline bench speech`: how soon a menu answered aloud goes on, and whether other callers notice it.

Four callers speak at the same moment, again and again, each to an ear of their own (Vosk, bound to words).
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from hotline.calls.call import JourneyStep, Step
from telephony.phone.g711 import RATE
from telephony.phone.phone import Phone
from telephony.phone.timeline import Instant
from tests.bench import account
from tests.bench.account import ServedCall
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell
from tests.fakes import asks_aloud
from tests.fakes.asks_aloud import said

SPEAKERS = 4
SECONDS = 60
OTHERS_A_SECOND = 5
STAYS_MS = 2000
WORD, THEN = "월요일", "goodbye"
ASKED_SECONDS = 1.0
"""The part of the question that they hear before they speak: the voice has to stop the rest."""
GOES_ON_SECONDS = 2.5
"""From the end of their word to their hang-up; callers who were led on by then were heard."""
PATIENCE_SECONDS = 15

LIMITS = {
    "failed": Limit(most=0),
    "others_failed": Limit(most=0),
    "next_step_p95_ms": Limit(most=1200),
    "others_first_prompt_ratio": Limit(most=1.2),
}


def settings() -> dict[str, str]:
    return asks_aloud.settings(SPEAKERS)


async def bench_speech(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Other callers alone first, then beside those who speak; `calls`: how many of those others."""
    others = calls or OTHERS_A_SECOND * (seconds or SECONDS)
    await _ears_loaded(hotline)
    tell(f"{others} other callers alone")
    alone_failed = await _others(hotline, others, "alone")
    alone = _first_prompts(await account.served_calls(hotline))
    known = {call.record.id for call in await account.served_calls(hotline)}
    tell(f"{others} other callers, and {SPEAKERS} who speak at once")
    placing = asyncio.create_task(_others(hotline, others, "beside"))
    spoken: dict[str, list[Instant]] = {}
    while not placing.done():
        await _round(hotline, spoken)
    beside_failed = await placing
    served = await account.served_calls(hotline)
    speakers = [call for call in served if call.record.shown in spoken]
    steps = _next_steps(speakers, spoken)
    rest = [one for one in served if one.record.id not in known and one.record.shown not in spoken]
    beside = _first_prompts(rest)
    asked = sum(map(len, spoken.values()))
    return Measured(
        name="speech",
        figures={
            "answers": asked,
            "failed": asked - len(steps),
            "others_failed": alone_failed + beside_failed,
            "next_step_p95_ms": round(percentile(steps, 0.95), 1),
            "next_step_median_ms": round(percentile(steps, 0.5), 1),
            "others_first_prompt_ratio": round(percentile(beside, 0.5) / percentile(alone, 0.5), 2),
            "others_alone_p50_ms": round(percentile(alone, 0.5), 1),
            "others_beside_p50_ms": round(percentile(beside, 0.5), 1),
            "others_alone_p95_ms": round(percentile(alone, 0.95), 1),
            "others_beside_p95_ms": round(percentile(beside, 0.95), 1),
        },
        limits=LIMITS,
    )


async def _ears_loaded(hotline: BenchHotline) -> None:
    log = hotline.settings.folders.var / "service.log"
    async with asyncio.timeout(120):
        while log.read_text(encoding="utf-8").count("ear loaded") < SPEAKERS:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


async def _others(hotline: BenchHotline, calls: int, name: str) -> int:
    load = Load(
        scenario="listening",
        number=hotline.settings.number,
        calls=calls,
        a_second=OTHERS_A_SECOND,
        stay_ms=STAYS_MS,
        name=name,
    )
    return await place(load, hotline.settings.sip_port, hotline.settings.folders.var)


async def _round(hotline: BenchHotline, spoken: dict[str, list[Instant]]) -> None:
    """Have all of them asked, then speak at the same moment; put down when each had finished."""
    numbers = [f"+38045700010{speaker}" for speaker in range(SPEAKERS)]
    async with asyncio.TaskGroup() as talking:
        ready = asyncio.Barrier(SPEAKERS)
        for number in numbers:
            talking.create_task(_speak(hotline, number, ready, spoken))


async def _speak(
    hotline: BenchHotline, number: str, ready: asyncio.Barrier, spoken: dict[str, list[Instant]]
) -> None:
    settings = hotline.settings
    async with Phone(user=number) as phone:
        call = await phone.call(settings.number, to=(settings.sip.host, settings.sip_port))
        await call.answered(PATIENCE_SECONDS)
        await asyncio.sleep(ASKED_SECONDS)
        await ready.wait()
        word = said(WORD, after=0)
        call.say(word)
        await asyncio.sleep(len(word.samples) / RATE)
        spoken.setdefault(number, []).append(Instant.now())
        await asyncio.sleep(GOES_ON_SECONDS)
        await call.hang_up()


def _first_prompts(calls: Sequence[ServedCall]) -> list[float]:
    return [ms for call in calls if (ms := call.waited_ms) is not None]


def _next_steps(calls: Sequence[ServedCall], spoken: Mapping[str, Sequence[Instant]]) -> list[float]:
    """From the end of each word to the order to say what it leads to, in ms."""
    found = []
    for call in calls:
        led = next((one.at for one in call.steps if _leads_on(one)), None)
        if led is not None:
            said_by_then = max(one.wall for one in spoken[call.record.shown] if one.wall < led)
            found.append((led - said_by_then) / timedelta(milliseconds=1))
    return found


def _leads_on(step: JourneyStep) -> bool:
    return step.step is Step.HEARD and step.detail["phrases"] == THEN
