"""`hotline bench surveys`: applicants who are owed one are called, and no citizen who calls in waits."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import Actor, acting
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import AppealKind, ResultKind
from hotline.appeals.registering import NewAppeal, NewPerson
from hotline.appeals.routing import Rule
from hotline.city.classifier import Urgency
from hotline.clock import SystemClock
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Executor
from hotline.surveys.completion import SurveyOutcome
from service.node import local_node
from storage.store import Storage
from telephony.phone.incoming import IncomingCall
from tests.bench import account
from tests.bench.callees import (
    BUSY,
    HANGS_UP,
    LONGEST_SECONDS,
    NO_ANSWER,
    REFUSES,
    SILENT,
    Act,
    Callees,
    answering,
)
from tests.bench.evidence import Wrong, keep
from tests.bench.hotline import BenchHotline
from tests.bench.inbound import call_in
from tests.bench.judged import Judged
from tests.bench.measured import Limit, Measured, NothingMeasured, percentile
from tests.bench.progress import tell

PROVIDER = "127.0.0.9"
LINES = 30
SURVEYS = 1000
RING_SECONDS = 15
INBOUND_CALLS = 20
LONGEST = timedelta(minutes=40)
OVER_WITHIN = timedelta(seconds=LONGEST_SECONDS)
"""The time until the last person who was called has hung up, or never will."""
MARGIN = timedelta(minutes=2)
"""The time for the last acts of citizens who call in, beyond the time that the calls may take."""
_OURS = "out-survey-"
_LEAST_WINDOW = 1e-3

CONFIRMS, DENIES, PARTLY, NOT_THEM = Act(keys="115"), Act(keys="12#"), Act(keys="13#"), Act(keys="2")
SCRIPT: Sequence[tuple[Act, SurveyOutcome]] = (
    *((CONFIRMS, SurveyOutcome.CONFIRMED),) * 9,
    *((DENIES, SurveyOutcome.NOT_DONE),) * 4,
    (PARTLY, SurveyOutcome.PARTLY),
    (NOT_THEM, SurveyOutcome.WRONG_PERSON),
    (BUSY, SurveyOutcome.BUSY),
    (NO_ANSWER, SurveyOutcome.NO_ANSWER),
    (REFUSES, SurveyOutcome.REFUSED),
    (HANGS_UP, SurveyOutcome.HUNG_UP),
    (SILENT, SurveyOutcome.SILENT),
)
"""The act of each of twenty citizens, and the result that their call must have."""


def way_out() -> Mapping[str, str]:
    """Give the settings of a hotline that calls over a trunk of its own at any hour."""
    with local_node.free_ports(1) as (port,):
        return {
            "HOTLINE_TRUNK_HOST": PROVIDER,
            "HOTLINE_TRUNK_PORT": str(port),
            "HOTLINE_AUTOMATIC_CALLS": str(LINES),
            "HOTLINE_AUTOMATIC_CALLS_PER_SECOND": "10",
            "HOTLINE_CALL_OUT_RING_SECONDS": str(RING_SECONDS),
            "HOTLINE_SURVEY_HOURS": "00:00-23:59:59",
        }


async def bench_surveys(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Owe `calls` surveys and see them made, within `seconds`."""
    numbers = [f"+38067{at:07}" for at in range(calls or SURVEYS)]
    inbound = min(INBOUND_CALLS, 2 * len(numbers))
    alone = await call_in(hotline, inbound)
    trunk = hotline.settings.trunk
    longest = timedelta(seconds=seconds) if seconds else LONGEST
    async with answering(script, host=trunk.host, port=trunk.port) as callees:
        owing = Owing(hotline)
        await owing.register(numbers)
        await owing.report_all()
        tell(f"{len(numbers)} applicants are asked over {LINES} lines")
        async with (
            asyncio.timeout((longest + OVER_WITHIN + MARGIN).total_seconds()),
            asyncio.TaskGroup() as both,
        ):
            asked = both.create_task(_until_asked(callees, len(numbers), longest))
            beside = await call_in(hotline, inbound, until=asked, ended=lambda: _window(hotline).ended)
        outcomes = await _outcomes(hotline, len(numbers))
        wrong = _wrong(numbers, callees, outcomes)
        if wrong:
            tell(f"{len(wrong)} went wrong, see {await keep(hotline, 'surveys', wrong)}")
        unended = sum(call.end is None for call in callees.phone.calls)
    return Measured(
        name="surveys",
        figures={
            "channel_use": round(_channel_use(hotline), 3),
            "wrong_outcomes": len(wrong),
            "unended_calls": unended,
            "inbound_failed": alone.failed + beside.failed,
            "inbound_first_prompt_ratio": round(percentile(beside.ms, 0.5) / percentile(alone.ms, 0.5), 2),
            "surveys": len(numbers),
            "seconds": round(_window(hotline).seconds),
            "inbound_alone_p50_ms": round(percentile(alone.ms, 0.5), 1),
            "inbound_beside_p50_ms": round(percentile(beside.ms, 0.5), 1),
            "inbound_beside_p99_ms": account.p99(beside.ms),
            "inbound_beside": len(beside.ms),
        },
        limits={
            "channel_use": Limit(least=0.95),
            "wrong_outcomes": Limit(most=0),
            "unended_calls": Limit(most=0),
            "inbound_failed": Limit(most=0),
            "inbound_first_prompt_ratio": Limit(most=1.25),
        },
    )


def _place_of(number: str) -> int:
    return int(number[-7:])


def script(number: str, _times: int) -> Act:
    return SCRIPT[_place_of(number) % len(SCRIPT)][0]


Work = tuple[str, Actor]
"""An appeal's number, and the executor who works on it."""


class Owing:
    """Appeals whose enterprise reports them done, so that each owes a survey."""

    def __init__(self, hotline: Judged) -> None:
        self._storage = hotline.storage
        self._waiting: list[Work] = []

    async def register(self, numbers: Sequence[str]) -> None:
        """Register an appeal of each number, on which work begins at once."""
        storage, now = self._storage, SystemClock().now()
        executor = await storage.executors.add("КП «Теплові мережі»", "Тепломережі", ())
        await storage.rules.add(Rule(order=1, executor_id=executor.id, categories=("heat-*",)))
        registrar, fitter = await _users(storage, executor)
        tell(f"registering {len(numbers)} appeals")
        for number in numbers:
            new = NewAppeal(
                text="Немає опалення",
                kind=AppealKind.APPLICATION,
                category="heat-none",
                classifier=1,
                address="Київський квартал, 7",
                urgency=Urgency.ORDINARY,
                registered_at=now,
                year=now.year,
                due_on=now.date(),
                due_at=now + timedelta(days=30),
                registered_by=registrar,
                applicant_number=number,
                applicant=NewPerson(name="Марія Демченко", address="Київський квартал, 7"),
                consent=True,
                reply_by=Channel.SMS,
            )
            appeal = await storage.registry.enter(new)
            for act in (Accept(by=fitter, at=now), BeginWork(by=fitter, at=now)):
                await storage.handling.carry_out(appeal.number, act, version=None)
            self._waiting.append((appeal.number, fitter))

    def next(self) -> Work:
        """Take the next appeal that is not reported done yet."""
        return self._waiting.pop(0)

    async def report(self, work: Work) -> None:
        """Report it done: its applicant is to be asked."""
        number, fitter = work
        done = ReportDone(by=fitter, at=SystemClock().now(), result=ResultKind.SATISFIED, answer="Відновлено")
        await self._storage.handling.carry_out(number, done, version=None)

    async def report_all(self) -> None:
        while self._waiting:
            await self.report(self.next())


async def _users(storage: Storage, executor: Executor) -> tuple[int, Actor]:
    """A dispatcher, and a person of the enterprise; nobody can sign in as them."""
    add, none = storage.users.add, secrets.token_hex(16)
    registrar = await add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash=none)
    fitter = await add(
        login="fitter", name="Слюсар", role=Role.EXECUTOR, password_hash=none, executor_id=executor.id
    )
    return registrar.id, acting(fitter)


async def _until_asked(callees: Callees, people: int, longest: timedelta) -> None:
    """Wait until everybody's telephone rang and the last calls are over, or will not be."""

    def rang() -> bool:
        return len({one.number for one in callees.rung}) >= people

    def over() -> bool:
        return all(call.end is not None for call in callees.phone.calls)

    if not await _holds(rang, longest):
        tell("not everybody was called in time")
    if not await _holds(over, OVER_WITHIN):
        tell("not every call has ended")


async def _holds(holds: Callable[[], bool], within: timedelta) -> bool:
    """Look again and again, for another process makes it so; False: not within this time."""
    until = asyncio.get_running_loop().time() + within.total_seconds()
    while not holds():
        if asyncio.get_running_loop().time() > until:
            return False
        await asyncio.sleep(0.5)
    return True


async def _outcomes(hotline: BenchHotline, people: int) -> dict[str, SurveyOutcome]:
    """Give the result of the first call of each number."""
    await asyncio.sleep(account.SETTLE_SECONDS / 4)
    found: dict[str, SurveyOutcome] = {}
    surveys = hotline.storage.surveys
    for survey_id in range(1, people + 1):
        survey = await surveys.find(survey_id)
        if survey is not None and (made := await surveys.calls(survey_id)):
            found[survey.number] = made[0].outcome
    return found


def _wrong(
    numbers: Sequence[str], callees: Callees, outcomes: Mapping[str, SurveyOutcome]
) -> Sequence[Wrong]:
    """Find the people who were not called once, or whose call ended otherwise than they acted."""
    rung: dict[str, list[IncomingCall]] = defaultdict(list)
    for one in callees.rung:
        rung[one.number].append(one.call)
    wrong = []
    for number in numbers:
        act, expected = SCRIPT[_place_of(number) % len(SCRIPT)]
        calls, came_to = rung[number], outcomes.get(number)
        if len(calls) != 1 or calls[0].end is None or came_to is not expected:
            said = f"{number[-7:]} {act} rung {len(calls)} times: {came_to}, not {expected}"
            tell(f"wrong: {said}")
            begins = f"{_OURS}{_place_of(number) + 1}-"
            wrong.append(Wrong(number=number, begins=begins, said=said, phone=calls))
    return wrong


@dataclass(frozen=True, slots=True)
class _Window:
    """Give the time from the first of our calls to the last one's beginning, in which work was due."""

    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        return max((self.ended - self.began).total_seconds(), _LEAST_WINDOW)

    def share_of(self, begin: datetime, end: datetime) -> float:
        return max(0.0, (min(end, self.ended) - max(begin, self.began)).total_seconds())


def _channels(hotline: BenchHotline) -> list[tuple[datetime, datetime]]:
    """Each of our calls by Asterisk's own account: when its channel began and ended."""
    began: dict[str, datetime] = {}
    found = []
    for row in hotline.cel_rows():
        call, at = row["uniqueid"], datetime.fromtimestamp(float(row["eventtime"]), UTC)
        if not call.startswith(_OURS):
            continue
        if row["eventtype"] == "CHAN_START":
            began[call] = at
        elif row["eventtype"] == "CHAN_END" and call in began:
            found.append((began[call], at))
    return found


def _window(hotline: BenchHotline) -> _Window:
    begins = [begin for begin, _ in _channels(hotline)]
    if not begins:
        raise NothingMeasured("Not one applicant was called.")
    return _Window(min(begins), max(begins))


def _channel_use(hotline: BenchHotline) -> float:
    """Tell which share of the lines' time was used while somebody was still to be called."""
    window = _window(hotline)
    used = sum(window.share_of(begin, end) for begin, end in _channels(hotline))
    return used / (LINES * window.seconds)
