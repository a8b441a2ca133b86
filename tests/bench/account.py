"""Judges the calls of a run by what the service stored of them and by Asterisk's own account (CEL)."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.calls.call import CallRecord, JourneyStep, Step
from tests.bench.judged import Called
from tests.bench.measured import percentile

SETTLE_SECONDS = 20
"""The time that the call log may take to tell the end of calls that have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedCall:
    """A call as stored; `came_at` and `answered_at` (None: never) are moments by Asterisk's own clock."""

    record: CallRecord
    steps: Sequence[JourneyStep]
    came_at: datetime
    answered_at: datetime | None

    @property
    def first_prompt_ms(self) -> float | None:
        """From Asterisk's answer to the moment at which Asterisk began to play, both by its own clock."""
        first = self.record.first_prompt_at
        return None if first is None or self.answered_at is None else _ms(self.answered_at, first)

    @property
    def waited_ms(self) -> float | None:
        """From the call's coming into Asterisk to Asterisk's beginning to play, both by its own clock.

        A service that is held up answers late and plays at once: `first_prompt_ms` does not tell of it.
        """
        first = self.record.first_prompt_at
        return None if first is None else _ms(self.came_at, first)

    @property
    def heard(self) -> Sequence[str]:
        """All phrases that they heard or began to hear, in order."""
        said = [str(step.detail["phrases"]) for step in self.steps if step.step is Step.HEARD]
        return " ".join(said).split()

    def ms_after_first_prompt(self, name: str) -> float | None:
        """From the first prompt's beginning to the order to say this phrase having been carried out."""
        first = self.record.first_prompt_at
        for step in self.steps:
            if first and step.step is Step.HEARD and name in str(step.detail["phrases"]).split():
                return _ms(first, step.at)
        return None

    def count(self, step: Step) -> int:
        return sum(taken.step is step for taken in self.steps)

    @property
    def whole(self) -> bool:
        """Answered, spoken to and ended, each on record once, in steps without a gap."""
        numbers = [step.number for step in self.steps]
        return (
            self.first_prompt_ms is not None
            and self.record.ended_at is not None
            and all(self.count(once) == 1 for once in (Step.ARRIVED, Step.ANSWERED, Step.ENDED))
            and numbers == list(range(1, len(numbers) + 1))
        )


async def served_calls(hotline: Called, *, but: Collection[str] = ()) -> list[ServedCall]:
    """Give the calls to the hotline's number, `but` those from these numbers, once their ends are on record.

    A call that Asterisk knows and the call log does not is missing: it counts as failed.
    """
    calls = hotline.storage.calls
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while await calls.unended() and loop.time() < until:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.2)
    rows = hotline.cel_rows()
    came = _moments("CHAN_START", [row for row in rows if row["exten"] == hotline.settings.number])
    answered = _moments("ANSWER", rows)
    return [
        ServedCall(
            record=record,
            steps=await calls.journey(record.id),
            came_at=came[record.id],
            answered_at=answered.get(record.id),
        )
        for record in await calls.recent(1_000_000)
        if record.id in came and record.shown not in but
    ]


def most_at_once(calls: Sequence[ServedCall]) -> int:
    """Give the most of these calls that were up at the same time."""
    changes = [(call.answered_at, 1) for call in calls if call.answered_at]
    changes += [(call.record.ended_at, -1) for call in calls if call.answered_at and call.record.ended_at]
    up = most = 0
    for _, change in sorted(changes, key=lambda change: change[0]):
        up += change
        most = max(most, up)
    return most


def p99(values: Sequence[float | None]) -> float:
    """Round to whole tenths, over the calls that have a value; one without counts as failed elsewhere."""
    return round(percentile([value for value in values if value is not None], 0.99), 1)


def _moments(event: str, rows: Sequence[Mapping[str, str]]) -> dict[str, datetime]:
    """Give by each channel the moment at which Asterisk's account tells this of it."""
    return {
        row["uniqueid"]: datetime.fromtimestamp(float(row["eventtime"]), UTC)
        for row in rows
        if row["eventtype"] == event
    }


def _ms(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() * 1000
