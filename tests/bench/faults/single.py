"""`hotline bench faults`: what citizens pay when a part breaks: people call, and each part is hit in turn.

Five new calls a second for five minutes: the menu, the line, talks, transfers, and calls that the hotline
places by itself. It is judged by what the telephones of citizens and desks noted, and by Asterisk's own
account (CEL).
"""

from collections.abc import Mapping

from tests.bench.faults.hits import Hits
from tests.bench.faults.judge import MOST_SILENCE_SECONDS, judged
from tests.bench.faults.traffic import CALLS_A_SECOND, lived_through
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured
from tests.bench.surveys import way_out

SECONDS = 300
AFTER_A_CUT = {
    "called_back_p95_s": Limit(most=5),
    **dict.fromkeys(("called_back_share", "same_dispatcher_share"), Limit(least=0.95)),
}
LIMITS = {
    **dict.fromkeys(("lost", "doubled", "stranded", "wrong_person"), Limit(most=0)),
    "longest_silence_s": Limit(most=MOST_SILENCE_SECONDS),
}


def settings() -> Mapping[str, str]:
    """Give the settings of a hotline that calls over a trunk, and whose dispatchers need no rest."""
    return {**way_out(), "HOTLINE_AFTER_CALL_SECONDS": "0", "HOTLINE_RING_SECONDS": "15"}


async def bench_faults(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Have people call for these seconds, or until this number has called, while everything is hit."""
    lasting = seconds or (calls // CALLS_A_SECOND if calls else SECONDS)
    hits = Hits(hotline=hotline)
    async with hits.begun:
        figures = await judged(
            hotline, hits, await lived_through(hotline, hits, seconds=lasting, a_second=CALLS_A_SECOND)
        )
    return Measured(name="faults", figures=figures, limits=LIMITS | of_cuts(figures))


def of_cuts(figures: Mapping[str, float]) -> dict[str, Limit]:
    """Give the limits for those who were cut off; none, where nobody was in the line or in a talk."""
    return {name: limit for name, limit in AFTER_A_CUT.items() if name in figures}
