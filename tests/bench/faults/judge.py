"""Judges a hotline that was hit, by what phones noted, and by Asterisk's account (CEL)."""

import asyncio
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from hotline.errors import TelephonyError
from hotline.line.invariants import SENTENCES, broken
from hotline.line.presence_states import Presence
from tests.bench.callees import Callees, Rung
from tests.bench.evidence import Wrong, keep
from tests.bench.faults.cuts import Cut, after_the_cuts, not_called_back_soon
from tests.bench.faults.people import Desk, RungInTalk, Visit
from tests.bench.judged import Judged
from tests.bench.progress import tell

ENDING_SECONDS = 120.0
"""The time in which all who still call, talk or wait come to an end, and everything is put right again."""
MOST_SILENCE_SECONDS = 15
SHOWN = 20
"""Findings of each kind that are printed; a file of evidence is kept of every citizen among them."""


class Hits(Protocol):
    """What was done to the hotline, as far as it decides who was cut off by it."""

    @property
    def asterisk_killed_at(self) -> float:
        """The last time that an Asterisk was ended, or taken from its callers, in monotonic seconds."""
        ...

    @property
    def cuts(self) -> Sequence[Cut]: ...

    @property
    def done(self) -> Sequence[str]: ...

    def killed(self, rung: Rung) -> bool:
        """Tell whether Asterisk was killed while the hotline was calling this person."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that citizens, desks and Asterisk saw."""

    visits: Sequence[Visit]
    called_back: Sequence[Visit]
    desks: Sequence[Desk]
    callees: Callees
    stranded: Sequence[str]


async def put_right(hotline: Judged, callees: Callees, hits: Hits) -> Sequence[str]:
    """Wait until nobody is engaged, waits or is owed an end; give those who still are after all that time."""
    tell("everybody has called: is all put right?")
    until = asyncio.get_running_loop().time() + ENDING_SECONDS
    left: Sequence[str] = ()
    while asyncio.get_running_loop().time() < until:
        try:
            if not (left := await _left(hotline, callees, hits)):
                break
        except (TelephonyError, SQLAlchemyError, OSError) as error:  # a part is not back yet
            left = [f"cannot be looked at: {error!r}"]
        await asyncio.sleep(1)
    return left


async def _left(hotline: Judged, callees: Callees, hits: Hits) -> Sequence[str]:
    storage = hotline.storage
    engaged = [
        one for one in await storage.dispatchers.all() if one.presence in {Presence.OFFERED, Presence.TALKING}
    ]
    untrue = broken(await storage.records.on_record(), await hotline.in_asterisk())
    return [
        *(f"{one} (should be: {SENTENCES[one.truth]})" for one in untrue),
        *(f"channel {one}" for one in await hotline.left("channels")),
        *(f"bridge {one}" for one in await hotline.left("bridges")),
        *(f"queue entry {one.call_id} {one.state}" for one in await storage.line.entries()),
        *(f"dispatcher {one.extension} {one.presence}" for one in engaged),
        *(f"attempt {one.job.call_id}" for one in await storage.call_jobs.under_way(100)),
        *(f"call {one} has no end" for one in await storage.calls.unended()),
        *(f"called {one.number}" for one in callees.rung if one.call.end is None and not hits.killed(one)),
    ]


async def judged(hotline: Judged, hits: Hits, seen: Seen) -> Mapping[str, float]:
    """Give the figures; findings are told, and evidence of each is kept."""
    visits, callees = seen.visits, seen.callees
    talks = [talk for desk in seen.desks for talk in desk.talks]
    lost = [*await not_on_record(hotline), *(f"{one}" for one in visits if lost_visit(one))]
    rung = [one for desk in seen.desks for one in desk.rung_in_talk]
    untold = [one for one in rung if one.was_over([*visits, *seen.called_back])]
    doubled = [
        *(f"{one}" for one in rung if one not in untold),
        *(f"called twice: {number}" for number in called_twice(callees, hits)),
    ]
    wrong = [f"desk {talk.desk}: {talk.number} {talk.wrong_person}" for talk in talks if talk.wrong_person]
    silent = sorted(visits, key=lambda visit: visit.silence, reverse=True)
    for title, found in (("lost", lost), ("doubled", doubled), ("stranded", seen.stranded), ("wrong", wrong)):
        for one in found[:SHOWN]:
            tell(f"{title}: {one}")
    for visit in silent[:5]:
        tell(f"{visit.silence:.1f} s without a sound: {visit}")
    numbers = {*re.findall(r"\+380\d{9}", " ".join([*lost, *doubled, *wrong]))}
    numbers |= {one.number for one in silent if one.silence > MOST_SILENCE_SECONDS}
    numbers |= {*not_called_back_soon(visits, seen.called_back, talks, hits.cuts)}
    if numbers:
        stories = _stories(hotline, [*visits, *seen.called_back], rung, numbers)
        tell(f"what is known of them: {await keep(hotline, 'faults', stories)}")
    return {
        "calls": len(visits) + len(callees.rung),
        "lost": len(lost),
        "doubled": len(doubled),
        "rung_before_told": len(untold),
        "stranded": len(seen.stranded),
        "wrong_person": len(wrong),
        "longest_silence_s": round(silent[0].silence, 1),
        "talks": len(talks),
        "own_calls": len(callees.rung),
        "served_whole": sum(one.done for one in visits),
        "gave_up": sum(one.gave_up for one in visits),
        "cut_by_asterisks_end": sum(one.died for one in visits),
        "hits": len(hits.done),
        **after_the_cuts(visits, seen.called_back, talks, hits.cuts),
    }


def _stories(
    hotline: Judged, visits: Sequence[Visit], rung: Sequence[RungInTalk], numbers: Collection[str]
) -> Sequence[Wrong]:
    """Have evidence kept of everybody of these numbers: of their own call, of ours, of desks' calls."""
    named = [(row["cid_num"], row["uniqueid"]) for row in hotline.cel_rows()]
    theirs = {number: [one for one in visits if one.number == number] for number in numbers}
    desks = {
        number: [call for one in rung if one.by == number for call in (one.talk, one.ring)]
        for number in numbers
    }
    return [
        Wrong(
            number=number,
            begins=tuple({one for theirs, one in named if theirs == number}) or "none",
            said="\n".join(map(str, calls)),
            phone=[*(one.call for one in calls if one.call), *desks[number]],
        )
        for number, calls in theirs.items()
        if calls
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


async def not_on_record(hotline: Judged) -> Sequence[str]:
    """Give the calls that Asterisk knows and the call log does not, or not as ended.

    A node without its service gives a call back, unanswered, and it is another node's; one that stood still
    hears of a caller whom another serves by then. That is one call.
    """
    recorded = {one.id: one for one in await hotline.storage.calls.recent(1_000_000)}
    rows, number = hotline.cel_rows(), hotline.settings.number
    answered = {row["uniqueid"] for row in rows if row["eventtype"] == "ANSWER"}
    began = [row for row in rows if row["eventtype"] == "CHAN_START" and row["exten"] == number]
    served = {row["cid_num"] for row in began if row["uniqueid"] in recorded}
    return [
        f"{row['uniqueid']} from {row['cid_num']} is not on record, or has no end"
        for row in began
        if not (row["uniqueid"] in recorded and recorded[row["uniqueid"]].ended_at is not None)
        and (row["uniqueid"] in answered or row["cid_num"] not in served)
    ]
