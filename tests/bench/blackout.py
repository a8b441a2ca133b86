"""`hotline bench blackout`: half the city calls at once to hear when the light comes back.

Callers of affected and of other addresses, whose places the service looks up in its registers. Each hears
what is off at theirs and no more; only those who press zero may reach the dispatchers' line.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hotline.calls.call import Step
from hotline.city.addresses import demo_streets
from hotline.clock import SystemClock
from hotline.voice.speech import Language, Phrase
from ivr_flows import outage_phrases, prompts
from telephony.voice.engines import find_engines
from telephony.voice.synthesis import RHVoice
from tests.bench import account, process
from tests.bench.account import ServedCall
from tests.bench.blackout_callers import GROUPS, PERSON, Citizen, Group, enter_outages, settle
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured
from tests.bench.progress import tell

CALLERS = 600
CALLS_A_SECOND = 75
SLACK_SECONDS = 3
"""The time beyond all announcements: citizens hang up, or press, while the keys are read."""
A_LAW_BYTES_A_SECOND = 8000


async def bench_blackout(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Enter what is off, let everyone call; `seconds` shortens the time in which they all call."""
    now = SystemClock().now()
    await hotline.storage.streets.add(demo_streets())
    outages = await enter_outages(hotline.storage, now)
    asked = calls or min(CALLERS, CALLS_A_SECOND * (seconds or CALLERS))
    citizens = await settle(hotline.storage, asked, outages)
    greeting = await _seconds_of(hotline.voice, *prompts.GREETING)
    loads = await _loads(hotline, citizens, greeting, now)
    longest = max(load.stay_ms for load in loads) / 1000
    tell(f"{len(citizens)} callers, {CALLS_A_SECOND} a second; each listens for up to {longest:.0f} s")
    settings = hotline.settings
    placing = (place(load, settings.sip_port, settings.folders.var) for load in loads)
    failed_at_callers = sum(await asyncio.gather(*placing))
    served = await account.served_calls(hotline)
    return _measured(hotline, served, citizens, failed_at_callers, greeting, now)


async def _loads(
    hotline: BenchHotline, citizens: Sequence[Citizen], greeting: float, now: datetime
) -> Sequence[Load]:
    """Give one load a group, all of them in the same time."""
    ramp = len(citizens) / CALLS_A_SECOND
    loads = []
    for group in GROUPS:
        theirs = [citizen for citizen in citizens if citizen.group is group]
        told = await _told_seconds(hotline, theirs, now)
        told += await _seconds_of(hotline.voice, prompts.ENGLISH_ON_NINE)
        stay = greeting + told + SLACK_SECONDS
        loads.append(
            Load(
                scenario="pressing" if group.key else "hearing",
                number=hotline.settings.number,
                calls=len(theirs),
                a_second=max(1, round(len(theirs) / ramp)),
                stay_ms=round(stay * 1000),
                name=f"-{group.name}",
                citizens=[f"{citizen.number};{group.key};" for citizen in theirs],
            )
        )
    return loads


async def _told_seconds(hotline: BenchHotline, theirs: Sequence[Citizen], now: datetime) -> float:
    """Read the longest announcement of these aloud in a folder aside: the service is to make its own."""
    settings = hotline.settings
    with tempfile.TemporaryDirectory(dir=settings.folders.var) as aside:
        voice = RHVoice(Path(aside), find_engines(settings.folders.private_root))
        lasting: dict[tuple[Phrase, ...], float] = {}
        for citizen in theirs:
            phrases = _announcement(hotline, citizen, now)
            lasting[phrases] = lasting.get(phrases) or await _seconds_of(voice, *phrases)
    return max(lasting.values())


def _announcement(hotline: BenchHotline, citizen: Citizen, now: datetime) -> tuple[Phrase, ...]:
    """Give all that this citizen is to hear of outages."""
    several = [outage_phrases.SEVERAL_OUTAGES] if len(citizen.outages) > 1 else []
    zone = hotline.settings.timezone
    told = [
        phrase
        for outage in citizen.outages
        for phrase in outage_phrases.announcement(outage, [citizen.address], zone, now=now)
    ]
    return (*several, *told)


async def _seconds_of(voice: RHVoice, *phrases: Phrase) -> float:
    media = [await voice.media(phrase, Language.UKRAINIAN) for phrase in phrases]
    files = [Path(f"{uri.removeprefix('sound:')}.alaw") for uri in media]
    return sum(file.stat().st_size for file in files) / A_LAW_BYTES_A_SECOND


def _measured(  # noqa: PLR0917 - what the run knows
    hotline: BenchHotline,
    served: Sequence[ServedCall],
    citizens: Sequence[Citizen],
    failed_at_callers: int,
    greeting: float,
    now: datetime,
) -> Measured:
    of_number = {citizen.number: citizen for citizen in citizens}
    expected = {citizen.number: _announcement(hotline, citizen, now) for citizen in citizens}
    wrong = [call for call in served if not _right(call, of_number, expected)]
    for call in wrong[:3]:
        tell(f"not as it should be: {call.record} {[(str(one.step), one.detail) for one in call.steps]}")
    waits = [
        wait
        for call in served
        if (told := expected.get(str(call.record.number)))
        and (wait := call.ms_after_first_prompt(told[0].name)) is not None
    ]
    alone = [call for call in served if call.count(Step.INFORMED) and not call.count(Step.JOINED_LINE)]
    return Measured(
        name="blackout",
        figures={
            "failed": max(failed_at_callers, len(citizens) - len(served) + len(wrong)),
            "callers": account.most_at_once(served),
            "announcement_p99_ms": account.p99([wait - greeting * 1000 for wait in waits]),
            "answered_without_person": round(len(alone) / len(citizens), 3),
            "asked_for_a_person": sum(call.count(Step.JOINED_LINE) for call in served),
            "first_prompt_p99_ms": account.p99([call.first_prompt_ms for call in served]),
            "service_mb": round(process.peak_resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "callers": Limit(least=len(citizens)),
            "announcement_p99_ms": Limit(most=500),
            "service_mb": Limit(most=300),
        },
    )


def _right(
    call: ServedCall, of_number: Mapping[str, Citizen], expected: Mapping[str, Sequence[Phrase]]
) -> bool:
    """Tell whether a caller heard of the outages at their address alone, and went where they asked to."""
    citizen = of_number.get(str(call.record.number))
    if citizen is None or not call.whole:
        return False
    wanted = [phrase.name for phrase in expected[citizen.number]]
    keys = outage_phrases.OUTAGE_KEYS.name
    told = [name for name in call.heard if name.startswith(("outage-", "several-")) and name != keys]
    return (
        told == wanted
        and call.count(Step.INFORMED) == len(citizen.outages)
        and call.count(Step.ASKED_TO_BE_TOLD) == _asks_to_be_told(citizen.group)
        and call.count(Step.JOINED_LINE) == (citizen.group.key == PERSON)
    )


def _asks_to_be_told(group: Group) -> int:
    return group.key not in ("", PERSON)
