"""`hotline bench`: measures what the hotline promises, where its sources lie; benches are not shipped."""

import argparse
import sys
from pathlib import Path

from hotline.errors import HotlineError
from service.settings.settings import Settings

SOURCES = Path(__file__).resolve().parents[2]
NAMES = (
    "ivr",
    "voice",
    "blackout",
    "power",
    "screen-pop",
    "search",
    "appeals",
    "outage-page",
    "surveys",
    "proposals",
    "pages",
    "portal",
    "city",
    "reports",
    "faults",
    "soak",
    "line",
    "growth",
    "hearing",
    "transcribe",
    "speech",
)


SCALED = ("faults", "ivr")


class NoBenches(HotlineError):  # noqa: N818 - reads as what is missing
    """The hotline runs without its sources, or has no such bench; the message says what to do."""

    code = "no-benches"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is measured, and how long."""
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--seconds", type=int, help="a shorter run")
    parser.add_argument(
        "--calls", type=int, help="fewer calls; growth: so many a year; hearing: so many clips"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="its own")
    parser.add_argument("--all", action="store_true", help="hearing: every sentence by every voice, an hour")
    parser.add_argument("--noise", type=float, help="hearing: a noise so many decibels below the voice")
    parser.add_argument(
        "--model",
        type=Path,
        action="append",
        default=[],
        help="hearing, transcribe: the folder of a model, in the place of those set and Whisper base",
    )
    parser.add_argument(
        "--scaled", action="store_true", help="faults, ivr: two nodes behind an edge on PostgreSQL, by root"
    )
    parser.add_argument(
        "--parts", default="", help="faults --scaled: only these, by commas, such as asterisk:killed,edge"
    )
    parser.add_argument("--rate", type=float, help="soak, --scaled: so many new calls a second")
    parser.add_argument("--small-city", action="store_true", help="a hundredth of the city: no true figures")


async def measure(settings: Settings, given: argparse.Namespace) -> int:
    """Measure with `tests/bench`; exit code 1 when a limit is broken."""
    if not (SOURCES / "tests" / "bench").is_dir():
        raise NoBenches(f"Benches are run from the hotline's sources, and {SOURCES} has no tests/bench.")
    if given.scaled and given.name not in SCALED:
        raise NoBenches(f"Of several machines there are these benches: {', '.join(SCALED)}.")
    sys.path.append(str(SOURCES))
    from tests.bench import Hearing, Measurement, run_bench  # noqa: PLC0415 - tests are loaded for this alone

    wanted = Measurement(
        name=given.name,
        database=given.database,
        small_city=given.small_city,
        seconds=given.seconds,
        calls=given.calls,
        scaled=given.scaled,
        parts=[one for one in given.parts.split(",") if one],
        rate=given.rate,
        hearing=Hearing(
            whole=given.all,
            noise=given.noise,
            most=given.calls,
            models=[one.absolute() for one in given.model],
        ),
    )
    return await run_bench(settings, wanted, as_json=given.json)
