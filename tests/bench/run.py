"""Runs one benchmark on a hotline of its own and prints what it found."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.voice.speech import Language
from service.settings.settings import Settings
from storage.store import open_storage
from tests.bench.appeals import bench_appeals
from tests.bench.blackout import bench_blackout
from tests.bench.city import CITY_YEAR, EMPTY, FULL, SMALL, SMALL_CITY_YEAR, SMALL_YEAR, YEAR, Size
from tests.bench.city_now import bench_city
from tests.bench.faults.scaled import bench_scaled_faults
from tests.bench.faults.single import bench_faults
from tests.bench.faults.single import settings as of_faults
from tests.bench.growth.bench import bench_growth
from tests.bench.hearing import Hearing, bench_hearing
from tests.bench.hotline import SERVE, bench_hotline
from tests.bench.ivr import bench_ivr
from tests.bench.kept_city import database
from tests.bench.line import bench_line
from tests.bench.load import sound_ports
from tests.bench.measured import Measured
from tests.bench.outage_page import bench_outage_page
from tests.bench.pages import bench_pages
from tests.bench.portal import bench_portal
from tests.bench.power import bench_power
from tests.bench.proposals import bench_proposals
from tests.bench.reports import bench_reports
from tests.bench.scaled.ivr import bench_scaled_ivr
from tests.bench.screen_pop import bench_screen_pop
from tests.bench.search import bench_search
from tests.bench.soak import bench_soak
from tests.bench.speech import bench_speech
from tests.bench.speech import settings as of_speech
from tests.bench.surveys import bench_surveys, way_out
from tests.bench.transcribe import bench_transcribe
from tests.bench.voice import bench_voice
from tests.fakes.asks_aloud import PROGRAM as ASKS_ALOUD

BENCHMARKS = {
    "ivr": bench_ivr,
    "voice": bench_voice,
    "blackout": bench_blackout,
    "screen-pop": bench_screen_pop,
    "search": bench_search,
    "appeals": bench_appeals,
    "surveys": bench_surveys,
    "proposals": bench_proposals,
    "outage-page": bench_outage_page,
    "pages": bench_pages,
    "portal": bench_portal,
    "city": bench_city,
    "reports": bench_reports,
    "faults": bench_faults,
    "speech": bench_speech,
    "power": bench_power,
}
CITIES = {
    "screen-pop": (FULL, SMALL),
    "search": (FULL, SMALL),
    "proposals": (YEAR, SMALL_YEAR),
    "appeals": (YEAR, SMALL_YEAR),
    "pages": (YEAR, SMALL_YEAR),
    "city": (CITY_YEAR, SMALL_CITY_YEAR),
    "reports": (CITY_YEAR, SMALL_CITY_YEAR),
}
"""The city in the database, for benches that need one: of full size, and small."""
SETTINGS = {
    "surveys": way_out,
    "faults": of_faults,
    "soak": of_faults,
    "speech": of_speech,
    "blackout": sound_ports,
    "power": sound_ports,
}
"""Settings of the hotline that is measured, for benches that need other ones."""
ALONE = {"hearing": bench_hearing, "transcribe": bench_transcribe}
"""Benches that need no hotline beside them."""
PROGRAMS = {"speech": ASKS_ALOUD}
"""The service that is measured, where it is not the one that is shipped: its menu is answered aloud."""
SUPERVISED = frozenset({"faults"})
LANGUAGES = {"faults": tuple(Language), "soak": tuple(Language)}
"""The languages that a bench's callers choose; in all other ones they listen in Ukrainian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measurement that is asked for. `seconds` and `calls` make a shorter run."""

    name: str
    database: str
    small_city: bool
    seconds: int | None
    calls: int | None
    scaled: bool
    parts: Sequence[str]
    rate: float | None
    hearing: Hearing


async def run_bench(settings: Settings, wanted: Measurement, *, as_json: bool) -> int:
    """Measure; 0 when every limit holds. Of `settings` only the folders are used: prompts, kept cities."""
    with _ended_in_order():
        measured = await _measured(settings, wanted)
    sys.stdout.write((measured.as_json() if as_json else measured.as_table()) + "\n")
    return 0 if measured.holds else 1


async def _measured(settings: Settings, wanted: Measurement) -> Measured:
    if wanted.name in ALONE:
        return await ALONE[wanted.name](settings, wanted.hearing, seconds=wanted.seconds)
    if wanted.name in OF_THE_DATABASE:
        return await OF_THE_DATABASE[wanted.name](settings, wanted)
    if wanted.scaled and wanted.name == "ivr":
        return await bench_scaled_ivr(
            settings, seconds=wanted.seconds, calls=wanted.calls, a_second=wanted.rate
        )
    if wanted.scaled:
        return await bench_scaled_faults(
            settings, seconds=wanted.seconds, parts=wanted.parts, a_second=wanted.rate
        )
    size = _size(wanted)
    async with (
        database(wanted.database, settings.folders.var / "bench", size) as url,
        bench_hotline(
            settings.folders,
            url,
            size,
            supervised=wanted.name in SUPERVISED,
            languages=LANGUAGES.get(wanted.name, (Language.UKRAINIAN,)),
            program=PROGRAMS.get(wanted.name, SERVE),
            **SETTINGS.get(wanted.name, dict)(),
        ) as hotline,
    ):
        if wanted.name == "soak":
            return await bench_soak(hotline, seconds=wanted.seconds, calls=wanted.calls, a_second=wanted.rate)
        return await BENCHMARKS[wanted.name](hotline, seconds=wanted.seconds, calls=wanted.calls)


async def _line(settings: Settings, wanted: Measurement) -> Measured:
    async with (
        database(wanted.database, settings.folders.var, EMPTY) as url,
        open_storage(url) as storage,
    ):
        return await bench_line(storage, seconds=wanted.seconds)


async def _growth(settings: Settings, wanted: Measurement) -> Measured:
    del settings
    return await bench_growth(wanted.database, calls=wanted.calls)


OF_THE_DATABASE = {"line": _line, "growth": _growth}
"""Benches that need a database alone, and no service."""


def _size(wanted: Measurement) -> Size:
    whole, small = CITIES.get(wanted.name, (EMPTY, EMPTY))
    return small if wanted.small_city else whole


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does: what was started is ended first."""
    task = asyncio.current_task()
    assert task  # noqa: S101 - we run in one
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
