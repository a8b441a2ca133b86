"""`hotline bench blackout`: the whole city calls at once to hear when the light comes back."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hotline.calls import Step
from hotline.clock import SystemClock
from hotline.outages import By, NewOutage, Outage, OutageKind, Utility
from hotline.speech import Language, Phrase
from ivr_flows import prompts
from service.bench import account, process
from service.bench.hotline import BenchHotline
from service.bench.load import Load, place
from service.bench.measured import Limit, Measured
from service.bench.progress import tell
from telephony.engines import find_engines
from telephony.synthesis import RHVoice

CALLERS = 600
CALLS_A_SECOND = 75
SLACK_SECONDS = 3
"""How much longer than all that is said a citizen stays: they hang up while the menu is read."""
A_LAW_BYTES_A_SECOND = 8000
OUTAGE_HOURS = 4
GREETING = (
    *(prompts.EMERGENCY_NOTICE, prompts.WELCOME),
    *(prompts.RECORDING_NOTICE, prompts.ENGLISH_ON_NINE),
)


async def bench_blackout(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Enter the emergency, let everyone call; `seconds` shortens the time in which they all call."""
    now = SystemClock().now()
    outage = await hotline.storage.outages.enter(
        NewOutage(
            utility=Utility.POWER,
            kind=OutageKind.EMERGENCY,
            starts_at=now,
            expected_end=now + timedelta(hours=OUTAGE_HOURS),
        ),
        By(),
    )
    greeting = await _seconds_of(hotline.voice, *GREETING)
    announcement = await _announcement_seconds(hotline, outage, now)
    callers = calls or min(CALLERS, CALLS_A_SECOND * (seconds or CALLERS))
    stay = greeting + announcement + SLACK_SECONDS
    tell(f"{callers} callers, {CALLS_A_SECOND} a second; each listens for {stay:.0f} s")
    load = Load(
        scenario="listening",
        number=hotline.settings.number,
        calls=callers,
        a_second=CALLS_A_SECOND,
        stay_ms=round(stay * 1000),
    )
    failed_at_callers = await place(load, hotline.settings.sip_port, hotline.settings.folders.var)
    served = await account.served_calls(hotline)
    wrong = [call for call in served if not (call.whole and call.count(Step.INFORMED) == 1)]
    for call in wrong[:3]:
        tell(f"not as it should be: {call.record} {[str(step.step) for step in call.steps]}")
    name = prompts.CITY_EMERGENCY.name
    waits = [ms - greeting * 1000 for call in served if (ms := call.ms_to_phrase(name)) is not None]
    return Measured(
        name="blackout",
        figures={
            "failed": max(failed_at_callers, callers - len(served) + len(wrong)),
            "callers": account.most_at_once(served),
            "announcement_p99_ms": account.p99(waits),
            "first_prompt_p99_ms": account.p99([call.first_prompt_ms for call in served]),
            "service_mb": round(process.peak_resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "callers": Limit(least=callers),
            "service_mb": Limit(most=300),
        },
    )


async def _announcement_seconds(hotline: BenchHotline, outage: Outage, now: datetime) -> float:
    """Read the announcement aloud in a folder aside: the service is to make its own when it is needed."""
    settings = hotline.settings
    with tempfile.TemporaryDirectory(dir=settings.folders.var) as aside:
        voice = RHVoice(Path(aside), find_engines(settings.folders.private_root))
        return await _seconds_of(
            voice, prompts.CITY_EMERGENCY, prompts.outage(outage, settings.timezone, now=now)
        )


async def _seconds_of(voice: RHVoice, *phrases: Phrase) -> float:
    media = [await voice.media(phrase, Language.UKRAINIAN) for phrase in phrases]
    files = [Path(f"{uri.removeprefix('sound:')}.alaw") for uri in media]
    return sum(file.stat().st_size for file in files) / A_LAW_BYTES_A_SECOND
