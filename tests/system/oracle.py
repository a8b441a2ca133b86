"""Asterisk's own account (CEL) beside our call log: the same calls, the same moments, each once."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hotline.calls.call import CallRecord, Direction, JourneyStep, Outcome, Step
from tests.system.hotline import Hotline
from tests.system.node import Node

CITIZENS = ("PJSIP/citizens-", "PJSIP/trunk-", "PJSIP/outgoing-", "Local/s@demo-citizen-")
BEGINS = {
    Direction.INCOMING: {Step.ARRIVED},
    Direction.OUTGOING: {Step.CALLED_OUT, Step.CALLED_BY_ITSELF},
    Direction.TRIAL: {Step.CALLED_OUT},
}
WITHIN = timedelta(seconds=1)


@dataclass(slots=True)
class Seen:
    """One citizen's call as Asterisk saw it."""

    arrived: datetime
    answered: datetime | None = None
    ended: datetime | None = None
    talks_began: list[datetime] = field(default_factory=list)
    talks_ended: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When the one they talked with left, and when they were taken out themselves."""


def seen_calls(node: Node) -> dict[str, Seen]:
    """Every citizen's call in CEL, by its id."""
    found: dict[str, Seen] = {}
    left: dict[str, datetime] = {}
    for row in node.cel_rows():
        call_id, at = row["uniqueid"], datetime.fromtimestamp(float(row["eventtime"]), UTC)
        match row["eventtype"]:
            case "CHAN_START" if call_id == row["linkedid"] and row["channame"].startswith(CITIZENS):
                found[call_id] = Seen(at)
            case "ANSWER" if call_id in found:
                found[call_id].answered = found[call_id].answered or at
            case "BRIDGE_ENTER" if call_id in found:
                found[call_id].talks_began.append(at)
            case "BRIDGE_ENTER" if row["channame"].startswith("PJSIP/"):
                left.pop(_bridge(row), None)  # they came back, or somebody in their place: the talk goes on
            case "BRIDGE_EXIT" if call_id in found:
                found[call_id].talks_ended.append((left.pop(_bridge(row), at), at))
            case "BRIDGE_EXIT":
                left[_bridge(row)] = at
            case "CHAN_END" if call_id in found:
                found[call_id].ended = at
    return found


def _bridge(row: dict[str, str]) -> str:
    return str(json.loads(row["extra"])["bridge_id"])


async def compare(hotline: Hotline, *, only: str | None = None, reconciled: bool = False) -> None:
    """Wait until every call (or `only` this one) is ended in both accounts; then they must tell the same.

    `reconciled`: only after our service has read Asterisk's account to its end, so that what it adds counts.
    """

    async def equal() -> bool:
        return await differences(hotline, only) == []

    if reconciled:
        await read_to_the_end(hotline)
    with contextlib.suppress(TimeoutError):
        await hotline.until(equal)
    found = await differences(hotline, only)
    assert not found, "\n".join(found)


async def read_to_the_end(hotline: Hotline) -> None:
    """Wait until the service has dealt with all that stands in CEL now."""
    file = hotline.settings.folders.cel
    size = file.stat().st_size

    async def read() -> bool:
        return await hotline.storage.cel.offset(str(file)) >= size

    await hotline.until(read)


async def differences(hotline: Hotline, only: str | None = None) -> list[str]:
    """What the call log and CEL tell differently; nothing when all is well."""
    seen = {one: call for one, call in seen_calls(hotline.node).items() if only in (None, one)}
    records = [call for call in await hotline.calls() if only in (None, call.id)]
    found = [f"{call_id} is not in the call log" for call_id in seen.keys() - {one.id for one in records}]
    for record in records:
        if record.id not in seen:
            found.append(f"{record.id} is not in CEL")
            continue
        steps = await hotline.journey(record.id)
        found += [f"{record.id}: {text}" for text in _differences(record, steps, seen[record.id])]
    return found


def _differences(record: CallRecord, steps: Sequence[JourneyStep], seen: Seen) -> Iterable[str]:
    yield from _moments("arrival", [record.arrived_at], [seen.arrived])
    yield from _moments("answer", [record.answered_at], [seen.answered])
    for step in (BEGINS[record.direction], {Step.ENDED}):
        if (count := sum(one.step in step for one in steps)) != 1:
            yield f"{count} times {', '.join(step)}"
    if (count := sum(one.step is Step.ANSWERED for one in steps)) != (seen.answered is not None):
        yield f"{count} times answered"
    yield from _moments("talk start", _times(steps, Step.TALK_STARTED), seen.talks_began)
    if record.outcome is Outcome.LOST:
        return
    yield from _moments("end", [record.ended_at], [seen.ended])
    yield from _moments("talk end", _times(steps, Step.TALK_ENDED), seen.talks_ended)


def _times(steps: Sequence[JourneyStep], step: Step) -> list[datetime]:
    return [one.at for one in steps if one.step is step]


def _moments(
    what: str,
    ours: Sequence[datetime | None],
    theirs: Sequence[datetime | tuple[datetime, datetime] | None],
) -> Iterable[str]:
    if len(ours) != len(theirs):
        yield f"{what}: {len(ours)} times, in CEL {len(theirs)}"
    for one, other in zip(ours, theirs, strict=False):
        if one is None or other is None:
            if one is not other:
                yield f"{what}: {one}, in CEL {other}"
            continue
        first, last = other if isinstance(other, tuple) else (other, other)
        if not first - WITHIN <= one <= last + WITHIN:
            yield f"{what}: {(one - last).total_seconds():+.2f} s from CEL's"
