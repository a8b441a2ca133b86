"""`hotline bench faults`: what citizens pay when a part breaks: people call, and each part is hit in turn.

Five new calls a second for five minutes: the menu, the line, talks, transfers, and calls that the hotline
places by itself. It is judged by what the telephones of citizens and desks noted, and by Asterisk's own
account (CEL).
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, NoReturn

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from hotline.clock import SystemClock
from hotline.errors import ForbiddenTransition
from hotline.line.invariants import SENTENCES, broken
from hotline.line.presence_states import UNREACHABLE, Presence
from service.wiring.telephony import ari_address
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen
from telephony.phone.pacer import Pacer
from tests.bench.called_back import after_the_cut
from tests.bench.callees import Callees, Rung, answering
from tests.bench.evidence import Wrong, keep
from tests.bench.fault_hits import Hits
from tests.bench.fault_people import Citizens, Desk, Visit
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured
from tests.bench.open_desks import CALL_ID, sign_in
from tests.bench.open_desks import Desk as Screen
from tests.bench.progress import tell
from tests.bench.surveys import Owing, script, way_out

SECONDS = 300
CALLS_A_SECOND = 5
OWN_EVERY = 10
"""Of this number of calls one is placed by the hotline itself."""
DESKS = 20
ENDING_SECONDS = 120.0
"""The time in which all who still call, talk or wait come to an end, and everything is put right again."""
MOST_SILENCE_SECONDS = 15
CLOSED_SECONDS = 10.0
STALL_SECONDS = 0.1
SHOWN = 20
"""Findings of each kind that are printed; a file of evidence is kept of every citizen among them."""
SHIFT_SECONDS = 2.0
"""Between two looks of a dispatcher, who ends by hand each pause that the hotline made."""
LIMITS = {
    **dict.fromkeys(("lost", "doubled", "stranded", "wrong_person"), Limit(most=0)),
    "longest_silence_s": Limit(most=MOST_SILENCE_SECONDS),
    "called_back_p95_s": Limit(most=5),
    **dict.fromkeys(("called_back_share", "same_dispatcher_share"), Limit(least=0.95)),
}


def settings() -> Mapping[str, str]:
    """Give the settings of a hotline that calls over a trunk, and whose dispatchers need no rest."""
    return {**way_out(), "HOTLINE_AFTER_CALL_SECONDS": "0", "HOTLINE_RING_SECONDS": "15"}


class _Seen(NamedTuple):
    """All that citizens, desks and Asterisk saw."""

    visits: Sequence[Visit]
    called_back: Sequence[Visit]
    desks: Sequence[Desk]
    callees: Callees
    stranded: Sequence[str]


async def bench_faults(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Have people call for these seconds, or until this number has called, while everything is hit."""
    lasting = seconds or (calls // CALLS_A_SECOND if calls else SECONDS)
    hits = Hits(hotline=hotline)
    async with hits.begun:
        return await _judged(hotline, hits, lasting)


async def _lived_through(hotline: BenchHotline, hits: Hits, seconds: int) -> _Seen:
    """Have people call while everything is hit, and wait until all is put right."""
    longest_stall = [0.0]
    watching = asyncio.create_task(_notice_stalls(longest_stall))
    async with shift(hotline, lambda: hits.asterisk_killed_at) as at_work:
        hits.close_desks = at_work.close_screens
        sip = ("127.0.0.1", hotline.settings.sip_port)
        citizens = Citizens(sip, hotline.settings.number, DESKS, lambda: hits.asterisk_killed_at)
        trunk = hotline.settings.trunk
        async with answering(script, host=trunk.host, port=trunk.port, others=citizens.called) as callees:
            await _traffic(hotline, citizens, hits, seconds)
            stranded = await put_right(hotline, callees, hits)
    watching.cancel()
    tell(f"the benchmark itself stood still for {longest_stall[0]:.1f} s at most")
    return _Seen(citizens.visits, citizens.called_back, at_work.desks, callees, stranded)


async def _notice_stalls(longest: list[float]) -> NoReturn:
    """Note how late we wake: our telephones heard nothing meanwhile, which is no silence of the hotline's."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + STALL_SECONDS
        await asyncio.sleep(STALL_SECONDS)
        longest[0] = max(longest[0], loop.time() - due)


async def _traffic(hotline: BenchHotline, citizens: Citizens, hits: Hits, seconds: int) -> None:
    """People call in, five a second, and are called, while each part is hit."""
    owing = Owing(hotline)
    await owing.register([f"+38067{at:07}" for at in range(seconds * CALLS_A_SECOND // OWN_EVERY)])
    tell(f"{seconds * CALLS_A_SECOND} calls in {seconds} s")
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        hitting = tasks.create_task(hits.all(seconds))
        began = loop.time()
        for index in range(seconds * CALLS_A_SECOND):
            await asyncio.sleep(max(0, began + index / CALLS_A_SECOND - loop.time()))
            if index % OWN_EVERY:
                tasks.create_task(citizens.call(f"+38050{index:07}"))
            else:
                tasks.create_task(report(owing))
        await hitting


async def report(owing: Owing) -> None:
    """Report an appeal done though the database is locked or away: the enterprise presses again."""
    work = owing.next()
    while True:
        try:
            return await owing.report(work)
        except (SQLAlchemyError, OSError):
            await asyncio.sleep(1)
        except ForbiddenTransition:  # it was written though we were told that it failed
            return None


async def put_right(hotline: BenchHotline, callees: Callees, hits: Hits) -> Sequence[str]:
    """Wait until nobody is engaged, waits or is owed an end; give those who still are after all that time."""
    tell("everybody has called: is all put right?")
    until = asyncio.get_running_loop().time() + ENDING_SECONDS
    while (left := await _left(hotline, callees, hits)) and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - other processes put it right
        await asyncio.sleep(1)
    return left


async def _left(hotline: BenchHotline, callees: Callees, hits: Hits) -> Sequence[str]:
    storage = hotline.storage
    engaged = [
        one for one in await storage.dispatchers.all() if one.presence in {Presence.OFFERED, Presence.TALKING}
    ]
    async with reading(ari_address(hotline.settings)) as ari:
        untrue = broken(await storage.records.on_record(), await seen(ari))
    return [
        *(f"{one} (should be: {SENTENCES[one.truth]})" for one in untrue),
        *(f"channel {one}" for one in await _asked(hotline, "channels")),
        *(f"bridge {one}" for one in await _asked(hotline, "bridges")),
        *(f"queue entry {one.call_id} {one.state}" for one in await storage.line.entries()),
        *(f"dispatcher {one.extension} {one.presence}" for one in engaged),
        *(f"attempt {one.job.call_id}" for one in await storage.call_jobs.under_way(100)),
        *(f"call {one} has no end" for one in await storage.calls.unended()),
        *(f"called {one.number}" for one in callees.rung if one.call.end is None and not hits.killed(one)),
    ]


async def _asked(hotline: BenchHotline, what: str) -> Sequence[str]:
    """Ask Asterisk for the ids of all its channels or bridges."""
    control = hotline.settings.asterisk
    who = aiohttp.encode_basic_auth("hotline", control.ari_secret)
    url = f"http://{control.host}:{control.ari_port}/ari/{what}"
    async with aiohttp.ClientSession(headers={"Authorization": who}) as session, session.get(url) as answer:
        return [one["id"] for one in await answer.json()]


class _Shift:
    """Dispatchers at desks: a telephone on the table and a page that is open."""

    def __init__(self, hotline: BenchHotline, screens: Sequence[Screen], desks: Sequence[Desk]) -> None:
        self.desks = desks
        self._hotline = hotline
        self._screens = screens
        self._open = asyncio.Event()

    async def work(self) -> None:
        """Answer, look and be ready, until cancelled."""
        registrar, pacer = ("127.0.0.1", self._hotline.settings.sip_port), Pacer()
        self._open.set()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            for desk in self.desks:
                tasks.create_task(desk.keep(registrar, pacer))
            for screen in self._screens:
                tasks.create_task(self._look(screen, session))
            tasks.create_task(self._be_ready())

    async def close_screens(self) -> None:
        """Close all pages, and open them again ten seconds later."""
        self._open.clear()
        await asyncio.sleep(CLOSED_SECONDS)
        self._open.set()

    async def _look(self, screen: Screen, session: aiohttp.ClientSession) -> NoReturn:
        """Keep the desk's socket open and say what is shown, as its page does."""
        while True:
            await self._open.wait()
            with contextlib.suppress(aiohttp.ClientError):
                socket = await screen.connect(session)
                while self._open.is_set() and not socket.closed:
                    with contextlib.suppress(TimeoutError):
                        message = await socket.receive(timeout=1)
                        if message.type is aiohttp.WSMsgType.TEXT and (found := CALL_ID.search(message.data)):
                            await socket.send_str(found[1])
                await socket.close()
            await asyncio.sleep(1)

    async def _be_ready(self) -> NoReturn:
        """End by hand each pause that the hotline made."""
        dispatchers = self._hotline.storage.dispatchers
        while True:
            with contextlib.suppress(SQLAlchemyError, OSError, ForbiddenTransition):
                for one in await dispatchers.all():
                    if one.presence is Presence.AWAY or (
                        one.presence is Presence.PAUSED and one.reason != UNREACHABLE
                    ):
                        await dispatchers.set_presence(one.id, Presence.READY, SystemClock().now())
            await asyncio.sleep(SHIFT_SECONDS)


@asynccontextmanager
async def shift(hotline: BenchHotline, killed_at: Callable[[], float]) -> AsyncIterator[_Shift]:
    """Have all desks at work for the time of the block."""
    screens = [await sign_in(hotline, place) for place in range(DESKS)]
    passed_on: set[str] = set()
    desks = [Desk(screen.dispatcher, place, passed_on, killed_at) for place, screen in enumerate(screens)]
    for desk, next_one in zip(desks, [*desks[1:], desks[0]], strict=True):
        desk.colleague = next_one.extension
    made = _Shift(hotline, screens, desks)
    working = asyncio.create_task(made.work())
    try:
        yield made
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _judged(hotline: BenchHotline, hits: Hits, seconds: int) -> Measured:
    visits, called_back, desks, callees, stranded = await _lived_through(hotline, hits, seconds)
    talks = [talk for desk in desks for talk in desk.talks]
    lost = [*await not_on_record(hotline), *(f"{one}" for one in visits if lost_visit(one))]
    doubled = [
        *(
            f"desk {desk.extension} rung in a talk by {number}"
            for desk in desks
            for number in desk.rung_in_talk
        ),
        *(f"called twice: {number}" for number in called_twice(callees, hits)),
    ]
    wrong = [f"desk {talk.desk}: {talk.number} {talk.wrong_person}" for talk in talks if talk.wrong_person]
    silent = sorted(visits, key=lambda visit: visit.silence, reverse=True)
    for title, found in (("lost", lost), ("doubled", doubled), ("stranded", stranded), ("wrong", wrong)):
        for one in found[:SHOWN]:
            tell(f"{title}: {one}")
    for visit in silent[:5]:
        tell(f"{visit.silence:.1f} s without a sound: {visit}")
    numbers = {*re.findall(r"\+380\d{9}", " ".join([*lost, *doubled, *wrong]))}
    numbers |= {one.number for one in silent if one.silence > MOST_SILENCE_SECONDS}
    if numbers:
        tell(f"what is known of them: {await keep(hotline, 'faults', _stories(hotline, visits, numbers))}")
    return Measured(
        name="faults",
        figures={
            "calls": len(visits) + len(callees.rung),
            "lost": len(lost),
            "doubled": len(doubled),
            "stranded": len(stranded),
            "wrong_person": len(wrong),
            "longest_silence_s": round(silent[0].silence, 1),
            "talks": len(talks),
            "own_calls": len(callees.rung),
            "served_whole": sum(one.done for one in visits),
            "gave_up": sum(one.gave_up for one in visits),
            "cut_by_asterisks_end": sum(one.died for one in visits),
            "hits": len(hits.done),
            **after_the_cut(visits, called_back, talks, hits),
        },
        limits=LIMITS,
    )


def _stories(hotline: BenchHotline, visits: Sequence[Visit], numbers: Collection[str]) -> Sequence[Wrong]:
    """Have evidence kept of everybody of these numbers."""
    first = {row["cid_num"]: row["uniqueid"] for row in reversed(hotline.cel_rows()) if row["cid_num"]}
    return [
        Wrong(
            number=one.number,
            begins=first.get(one.number, "none"),
            said=str(one),
            phone=[one.call] if one.call else [],
        )
        for one in visits
        if one.number in numbers
    ]


def lost_visit(visit: Visit) -> bool:
    """Tell whether a citizen was not answered, or the hotline hung up on them before their time."""
    return not visit.died and (not visit.answered or bool(visit.cut_off))


def called_twice(callees: Callees, hits: Hits) -> Iterator[str]:
    """Give the numbers called again though the person had answered by keys, or while they were being called.

    A person who did not answer, or was cut off before the keys, is called again by right.
    """
    before: dict[str, Rung] = {}
    for one in callees.rung:
        first = before.get(one.number)
        overlaps = first is not None and one.call.timeline.began.monotonic < first.ended
        if first is not None and (first.told or overlaps) and not hits.killed(first):
            yield one.number
        before[one.number] = one


async def not_on_record(hotline: BenchHotline) -> Sequence[str]:
    """Give the calls that Asterisk knows and the call log does not, or not as ended."""
    recorded = {one.id: one for one in await hotline.storage.calls.recent(1_000_000)}
    number = hotline.settings.number
    began = [row for row in hotline.cel_rows() if row["eventtype"] == "CHAN_START" and row["exten"] == number]
    return [
        f"{row['uniqueid']} from {row['cid_num']} is not on record, or has no end"
        for row in began
        if row["uniqueid"] not in recorded or recorded[row["uniqueid"]].ended_at is None
    ]
