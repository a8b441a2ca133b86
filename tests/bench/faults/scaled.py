"""`hotline bench faults --scaled`: two nodes behind an edge, with one line, and each part of them is hit."""

from collections.abc import Collection, Mapping

from hotline.voice.speech import Language
from service.settings.settings import Settings
from tests.bench.faults.judge import judged
from tests.bench.faults.scaled_hits import ScaledHits, chosen, natural_seconds
from tests.bench.faults.single import of_cuts
from tests.bench.faults.single import settings as of_faults
from tests.bench.faults.traffic import CALLS_A_SECOND, lived_through
from tests.bench.measured import Limit, Measured
from tests.bench.scaled.apart import apart_from_the_machine
from tests.bench.scaled.hotline import PROVIDER, scaled_hotline

MOST_OF_A_RUN = 1000
LIMITS = {
    "calls": Limit(least=MOST_OF_A_RUN),
    **dict.fromkeys(("lost_new", "doubled", "stranded", "wrong_person"), Limit(most=0)),
}


def settings() -> Mapping[str, str]:
    """Give the settings that all machines have: as for one, with a provider whom all of them reach."""
    return {**of_faults(), "HOTLINE_TRUNK_HOST": PROVIDER}


async def bench_scaled_faults(
    theirs: Settings, *, seconds: int | None, parts: Collection[str], a_second: float | None
) -> Measured:
    """Have people call while each of these parts is hit in turn; of `theirs` only the folders are used."""
    wanted = chosen(parts)
    apart_from_the_machine()
    async with scaled_hotline(theirs.folders, tuple(Language), settings(), pairs=True) as hotline:
        hits = ScaledHits(hotline=hotline, hits=wanted)
        seen = await lived_through(
            hotline, hits, seconds=seconds or natural_seconds(wanted), a_second=a_second or CALLS_A_SECOND
        )
        figures = dict(await judged(hotline, hits, seen))
    figures["lost_new"] = figures.pop("lost")
    return Measured(name="faults", figures=figures, limits=LIMITS | of_cuts(figures))
