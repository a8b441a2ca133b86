"""`hotline bench power`: half the city asks at once when there will be power at their house.

Callers whose address the hotline knows press 1, the hasty ones into the greeting, the others once the menu
has named the key. Each hears of the queues of their own house, in the words of that minute.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.calls.call import Step
from hotline.city.addresses import Address, demo_streets
from hotline.clock import SystemClock
from hotline.documents.document import DocumentKind, revision
from hotline.power.forecast import forecast
from hotline.power.queues import PowerQueues, read_power_queues
from hotline.power.schedule import HALVES, DaySchedule, KnownPower, Supply, Told
from hotline.voice.speech import Language, Phrase
from ivr_flows import power_phrases
from storage.store import Storage
from tests.bench import account, process
from tests.bench.account import ServedCall
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured
from tests.bench.progress import tell

CALLERS = 600
CALLS_A_SECOND = 75
SCENARIO = "asking"
KEY = "1"
STREETS = ("Вільнюський квартал", "Київський квартал", "Поліський квартал", "Ризький квартал")
NAMES = tuple(f"{group}.{half}" for group in range(1, 7) for half in (1, 2))
HOUSES = len(NAMES)
"""In each street; every one of another queue, the first of both 1.1 and 2.1."""
PRESSES_AFTER_MS: Mapping[str, int] = {"hasty": 2000, "patient": 9000}
FIRST_NUMBER = 380457950000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A caller and their house."""

    number: str
    address: Address
    presses: str


async def bench_power(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Lay two days' schedules, let everyone call; `seconds` shortens the time in which they all call."""
    count = calls or min(CALLERS, CALLS_A_SECOND * (seconds or CALLERS))
    known, queues = await _lay(hotline)
    callers = await _settle(hotline.storage, count)
    tell(f"{len(callers)} callers, {CALLS_A_SECOND} a second, who ask for {HOUSES * len(STREETS)} houses")
    await _read_aloud(hotline, known, queues)
    ramp = max(1.0, len(callers) / CALLS_A_SECOND)
    settings = hotline.settings
    cpu_ms = process.cpu_ms(hotline.service.pid)
    placing = []
    for name, after_ms in PRESSES_AFTER_MS.items():
        theirs = [one for one in callers if one.presses == name]
        load = Load(
            scenario=SCENARIO,
            number=settings.number,
            calls=len(theirs),
            a_second=max(1, round(len(theirs) / ramp)),
            stay_ms=after_ms,
            name=f"-{name}",
            citizens=[f"{one.number};{KEY};" for one in theirs],
        )
        placing.append(place(load, settings.sip_port, settings.folders.var))
    failed_at_callers = sum(await asyncio.gather(*placing))
    served = await account.served_calls(hotline)
    cpu_ms = (process.cpu_ms(hotline.service.pid) - cpu_ms) / len(callers)
    return _measured(hotline, served, callers, failed_at_callers, cpu_ms, known, queues)


async def _lay(hotline: BenchHotline) -> tuple[KnownPower, PowerQueues]:
    """Have each house in its queue, and two days of each queue told."""
    storage, now = hotline.storage, SystemClock().now()
    await storage.streets.add(demo_streets())
    text = "".join(
        f'[[house]]\nplace = "{street}, {house}"\nqueue = "{queue}"\n'
        for street in STREETS
        for house, queue in enumerate(NAMES, start=1)
    )
    text += "".join(f'[[house]]\nplace = "{street}, 1–1"\nqueue = "2.1"\n' for street in STREETS)
    kind, documents = DocumentKind.POWER_QUEUES, storage.city_documents
    before = (await documents.present(kind)).version
    draft = await documents.save_draft(kind, text, by=None, at=now, seen=revision(before, None))
    await documents.put_into_force(kind, by=None, at=now, note="", seen=revision(before, draft))
    today = now.astimezone(hotline.settings.timezone).date()
    days = [today, today + timedelta(days=1)]
    told = [
        DaySchedule(queue=queue, day=day, halves=_halves(number), made_at=now, heard_at=now)
        for day in days
        for number, queue in enumerate(NAMES)
    ]
    await storage.power.take(
        Told(schedules=told, days=days, made_at=now, heard_at=now), source="file", by=None
    )
    return await storage.power.known(), read_power_queues(text, 1)


def _halves(number: int) -> tuple[Supply, ...]:
    """Give four hours off, four on, half an hour later for each queue; every third is only perhaps off."""
    off = Supply.MAYBE if number % 3 == 2 else Supply.OFF  # noqa: PLR2004 - every third
    return tuple(off if (half - number) // 8 % 2 == 0 else Supply.ON for half in range(HALVES))


async def _read_aloud(hotline: BenchHotline, known: KnownPower, queues: PowerQueues) -> None:
    """Have what callers are to hear read aloud beside the service, which does so hours before on any day."""
    now = SystemClock().now()
    wanted = {
        phrase
        for names in (*([one] for one in NAMES), *queues.together)
        for phrase in _said(hotline, names, known, now)
    }
    await hotline.voice.prepare(wanted, Language, lambda _done, _of: None)


async def _settle(storage: Storage, count: int) -> Sequence[Asking]:
    """Enter this number of citizens into the register, house by house."""
    callers = []
    for number in range(count):
        street, house = STREETS[number % len(STREETS)], number // len(STREETS) % HOUSES + 1
        one = Asking(
            number=f"+{FIRST_NUMBER + number}",
            address=Address(street=street, house=str(house)),
            presses="patient" if number % 2 else "hasty",
        )
        await storage.citizens.add(f"Громадянин {number}", one.address.text, [one.number])
        callers.append(one)
    return callers


def _measured(  # noqa: PLR0917 - what the run knows
    hotline: BenchHotline,
    served: Sequence[ServedCall],
    callers: Sequence[Asking],
    failed_at_callers: int,
    cpu_ms: float,
    known: KnownPower,
    queues: PowerQueues,
) -> Measured:
    of_number = {one.number: one for one in callers}
    right: list[ServedCall] = []
    for call in served:
        caller = of_number.get(str(call.record.number))
        wanted = () if caller is None else _wanted(hotline, call, queues.at(caller.address), known)
        if wanted and _heard_power(call) in wanted and call.whole and _to_the_end(call):
            right.append(call)
        else:
            steps = [(str(one.step), one.detail) for one in call.steps]
            tell(f"not as it should be: {call.record} {steps}, wanted {wanted}")
    seconds = [after for call in right if (after := _seconds_to_sentence(call)) is not None]
    return Measured(
        name="power",
        figures={
            "failed": max(failed_at_callers, len(callers) - len(right)),
            "callers": account.most_at_once(served),
            "answer_p99_ms": account.p99([_ms_to_answer(call) for call in right]),
            "to_the_sentence_longest_s": round(max(seconds, default=float("inf")), 1),
            "first_prompt_p99_ms": account.p99([call.first_prompt_ms for call in right]),
            "service_cpu_ms_per_call": round(cpu_ms, 2),
            "service_mb": round(process.peak_resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "callers": Limit(least=len(callers)),
            "answer_p99_ms": Limit(most=500),
            "to_the_sentence_longest_s": Limit(most=15),
            "service_mb": Limit(most=300),
        },
    )


def _wanted(
    hotline: BenchHotline, call: ServedCall, names: Sequence[str], known: KnownPower
) -> Sequence[Sequence[str]]:
    """Give what a house of these queues may be told: a half-hour may have ended within the call."""
    return [
        [phrase.name for phrase in _said(hotline, names, known, at)]
        for at in (call.record.arrived_at, call.record.ended_at)
        if at is not None
    ]


def _said(hotline: BenchHotline, names: Sequence[str], known: KnownPower, at: datetime) -> Sequence[Phrase]:
    zone = hotline.settings.timezone
    return power_phrases.told(forecast(known, names, (), now=at, zone=zone), zone, now=at)


def _heard_power(call: ServedCall) -> Sequence[str]:
    """Give the phrases of their schedule; what they are offered behind it has names of its own."""
    heard = (str(one.detail["phrases"]).split() for one in call.steps if one.step is Step.HEARD)
    return next((names for names in heard if names[0].startswith("power-")), ())


def _to_the_end(call: ServedCall) -> bool:
    """Tell whether they heard the schedule to its end."""
    return any(one.step is Step.INFORMED and one.detail["about"] == "power-schedule" for one in call.steps)


def _ms_to_answer(call: ServedCall) -> float | None:
    """From the key being noted to the first words of the answer being ordered."""
    pressed = next((one.at for one in call.steps if one.step is Step.PRESSED), None)
    if pressed is None:
        return None
    said = next((one.at for one in call.steps if one.step is Step.HEARD and one.at >= pressed), None)
    return None if said is None else (said - pressed).total_seconds() * 1000


def _seconds_to_sentence(call: ServedCall) -> float | None:
    """From Asterisk's answer to the first words of the schedule being ordered."""
    for one in call.steps:
        if call.answered_at and one.step is Step.HEARD and "power-" in str(one.detail["phrases"]):
            return (one.at - call.answered_at).total_seconds()
    return None
