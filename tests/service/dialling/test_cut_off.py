"""Who is found to have been cut off when Asterisk is back, and how they are called."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.calls.interpreters import FROM_INTERPRETER, Interpreters
from hotline.dialling.dialler import Lines
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.jobs import Attempt, CallJobs
from hotline.line.cut_off import AT_ONCE_WITHIN, CallBackNow
from hotline.line.line import Priority
from service.calls.hang_ups import HangUps
from storage.store import Storage
from telephony.ari.errors import AriUnavailable
from telephony.dialling.dialler import Dialler
from telephony.dialling.kept_places import KeptPlaceCalls, QueueCallbacks
from telephony.ids import calling_back
from telephony.node.cut_off_calls import CutOffCalls
from tests.fakes.cel import CelFile, record
from tests.fakes.clock import NOON, SetClock
from tests.fakes.jobs import claims_of
from tests.service.dialling.test_kept_places import Told

PREMIUM = "+380900123456"
INTERPRETER = "+380441112233"


@dataclass
class Scene:
    storage: Storage
    clock: SetClock
    hung_up: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    async def in_line(
        self, call_id: str, number: str | None, priority: Priority = Priority.ORDINARY, shown: str = ""
    ) -> None:
        """Somebody stands in the line."""
        await self.on_record(call_id, number, shown)
        await self.storage.line.enter(call_id, at=self.clock.now(), priority=priority)
        self.clock.pass_by(1)

    async def on_record(self, call_id: str, number: str | None, shown: str = "") -> None:
        """A call that is in the line by its journey."""
        call = CallRecord(id=call_id, number=number, shown=number or shown, arrived_at=self.clock.now())
        await self.storage.calls.open(call)
        for at, step in enumerate((Step.ARRIVED, Step.ANSWERED, Step.JOINED_LINE), 1):
            taken = JourneyStep(call_id=call_id, number=at, at=self.clock.now(), step=step)
            await self.storage.calls.note(taken)
        await self.storage.calls.flush()

    async def found(self, *alive: str) -> Sequence[CallBackNow]:
        """Asterisk is back, with these calls."""
        entries = {one.call_id: one for one in await self.storage.line.entries()}
        return [*(await self.finding.owed(alive, entries)).values()]

    @property
    def finding(self) -> CutOffCalls:
        async def hung_up(calls: Collection[str]) -> Collection[str]:
            return self.hung_up & set(calls)

        def dialable(number: str) -> str | None:
            if number in self.broken:
                raise ValueError(number)
            return None if number == PREMIUM else number

        return CutOffCalls(
            calls=self.storage.calls,
            kept=self.storage.kept_places,
            clock=self.clock,
            hung_up=hung_up,
            dialable=dialable,
            interpreters=Interpreters(numbers=(INTERPRETER,)),
        )


@pytest.fixture
def scene(storage: Storage, clock: SetClock) -> Scene:
    return Scene(storage, clock)


def number(last: int) -> str:
    return f"+3804579000{last:02}"


async def test_who_went_down_with_asterisk_is_owed_a_call_and_their_journey_says_so(scene: Scene) -> None:
    await scene.in_line("first", number(1))
    await scene.in_line("hidden", None)
    await scene.in_line("premium", PREMIUM)
    await scene.in_line("alive", number(2))
    await scene.in_line("hung-up", number(3))
    await scene.in_line("broken", number(4))
    await scene.in_line("urgent", number(5), Priority.EMERGENCY)
    await scene.in_line("interpreted", None, shown=FROM_INTERPRETER)
    scene.hung_up, scene.broken = {"hung-up"}, {number(4)}
    owed = await scene.found("alive")
    assert [one.call_id for one in owed] == ["urgent", "first", "interpreted"]
    assert owed[-1].number == INTERPRETER
    await scene.storage.calls.flush()
    last = (await scene.storage.calls.journey("first"))[-1]
    assert (last.step, last.detail) == (Step.CUT_OFF, {"was": "line"})
    assert await scene.found("alive") == [], "they are being called"


async def test_after_hours_without_the_hotline_the_list_has_them_and_nobody_is_rung(scene: Scene) -> None:
    await scene.in_line("c1", number(1))
    scene.clock.pass_by(AT_ONCE_WITHIN.total_seconds() + 1)
    assert await scene.found() == []


async def test_a_hang_up_stands_on_asterisks_account_before_the_call_log_has_it(
    storage: Storage, tmp_path: Path
) -> None:
    cel = CelFile(tmp_path / "hotline.csv")
    for call, source in (("c1", "PJSIP/trunk-00000001"), ("shut-down", "")):
        extra = f'{{"hangupcause":16,"hangupsource":"{source}","dialstatus":""}}'
        cel.append(record("HANGUP", NOON, channel_id=call, context="hotline", extra=extra))
    cel.append(record("HANGUP", NOON, channel_id="fallback"), record("CHAN_START", NOON, channel_id="alive"))
    asked = ["c1", "shut-down", "fallback", "alive"]
    assert await HangUps(cel.path, storage.cel).among(asked) == {"c1", "fallback"}


@dataclass
class Lined:
    """Places calls in a trunk of so many lines, none of which is given back before all are asked for."""

    lines: Lines
    promised: list[str] = field(default_factory=list)
    placed: list[Attempt[Any]] = field(default_factory=list)
    freed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_a_line_is_free(self, call_id: str) -> None:
        if self.lines.left(busy=len(self.promised)) == 0:
            await self.freed.wait()
        self.promised.append(call_id)

    def not_placed(self, call_id: str) -> None:
        assert call_id in self.promised

    async def place(self, attempt: Attempt[Any]) -> None:
        self.placed.append(attempt)


def callbacks(scene: Scene, lined: Lined, tasks: asyncio.TaskGroup) -> QueueCallbacks:
    async def converse(*_: object) -> None:
        raise AssertionError("nobody answers here")

    storage, clock, told = scene.storage, scene.clock, Told()
    places = KeptPlaceCalls(
        storage.kept_places,
        converse,
        {},
        line=storage.line,
        refuses_recording=storage.calls.refuses_recording,
    )
    rules = DiallingRules(zone=ZoneInfo("Europe/Kyiv"), budget=0)
    return QueueCallbacks(
        dialler=cast("Dialler", lined),
        claims=claims_of(storage, clock, places, rules=rules),
        kept=storage.kept_places,
        line=storage.line,
        clock=clock,
        events=told,
        line_changed=asyncio.Event(),
        tasks=tasks,
    )


def call_all(owed: Sequence[CallBackNow], by: QueueCallbacks) -> None:
    for one in owed:
        by.call_now(one)


async def test_they_are_called_in_order_as_the_trunk_has_lines(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.dialling.kept_places.ONE_EVERY_SECONDS", 0)
    for place in range(1, 4):
        await scene.in_line(f"c{place}", number(place))
    owed = await scene.found()
    lined = Lined(Lines(whole=3, kept_free=1, most=0))
    async with asyncio.TaskGroup() as tasks:
        call_all(owed, callbacks(scene, lined, tasks))
        while len(lined.placed) < 2:
            await asyncio.sleep(0)
        assert len(lined.promised) == 2
        lined.freed.set()
    assert lined.promised == [calling_back(f"c{place}", 1, "") for place in range(1, 4)]
    assert {one.call_id for one in lined.placed} == set(lined.promised)
    assert {one.brief.exempt for one in lined.placed} == {"a fault of ours has cut their call off"}


async def test_who_is_cut_off_again_in_the_call_that_calls_them_back_is_called_at_once(scene: Scene) -> None:
    """The job of that call was under way for half a minute more, and their number with it engaged."""
    storage = scene.storage
    await scene.in_line("c1", number(1))
    first = await called_at_once(scene)
    assert await storage.call_jobs.dial(first.call_id, scene.clock.now())
    assert await storage.kept_places.reached("c1", first.call_id, scene.clock.now())
    await storage.calls.close("c1", Outcome.LOST, scene.clock.now())
    await scene.on_record(first.call_id, number(1))

    again = await called_at_once(scene)
    assert again.job.about == first.call_id
    assert [one.job.call_id for one in await storage.call_jobs.under_way(9)] == [again.call_id]
    assert not await storage.call_jobs.on_the_line(number(1), but=first.call_id)


@dataclass
class Breaking(Lined):
    """Rings the telephone, and is gone with its Asterisk."""

    jobs: CallJobs = field(kw_only=True)

    async def place(self, attempt: Attempt[Any]) -> None:
        attempt.dialled = await self.jobs.dial(attempt.call_id, NOON)
        raise AriUnavailable("gone")


async def test_whose_telephone_rings_as_our_next_fault_breaks_their_call_back_off_is_called_at_once_anew(
    scene: Scene,
) -> None:
    storage, clock = scene.storage, scene.clock
    await scene.in_line("c1", number(1))
    breaking = Breaking(Lines(), jobs=storage.call_jobs)
    with pytest.RaisesGroup(AriUnavailable):
        async with asyncio.TaskGroup() as tasks:
            call_all(await scene.found(), callbacks(scene, breaking, tasks))
    await scene.on_record(calling_back("c1", 1, ""), number(1))
    await storage.calls.close("c1", Outcome.LOST, clock.now())

    await storage.kept_places.break_off("c1", clock.now(), clock.now(), rings_no_more=True)
    (entry,) = await storage.line.entries()
    anew = await scene.finding.again(entry)
    assert anew is not None
    lined = Lined(Lines())
    async with asyncio.TaskGroup() as tasks:
        call_all([anew], callbacks(scene, lined, tasks))
    (again,) = lined.placed
    assert (again.job.about, again.call_id) == ("c1", calling_back("c1", 2, ""))


async def called_at_once(scene: Scene) -> Attempt[Any]:
    """Asterisk is back, and the only one who was cut off is called."""
    lined = Lined(Lines())
    async with asyncio.TaskGroup() as tasks:
        call_all(await scene.found(), callbacks(scene, lined, tasks))
    (attempt,) = lined.placed
    return attempt


async def test_whom_the_trunk_has_no_line_for_until_their_turn_is_left_to_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.dialling.kept_places.TRIED_FOR", timedelta())
    await scene.in_line("c1", number(1))
    owed = await scene.found()
    lined = Lined(Lines(whole=1, kept_free=1))
    async with asyncio.TaskGroup() as tasks:
        call_all(owed, callbacks(scene, lined, tasks))
    assert owed
    assert not lined.placed


def test_lines_kept_free_for_citizens_stay_free() -> None:
    lines = Lines(whole=10, kept_free=2, most=1)
    assert [lines.left(busy=busy) for busy in (0, 7, 8, 10)] == [8, 1, 0, 0]
    assert replace(lines, whole=None).left(busy=99) is None
