"""A file with a city's map becomes shapes, read by a program of its own.

As a program (`python -m storage.intake.map_file`) it reads the file from its input, within bounds, and prints
the map, or `{"unreadable": …}`.
"""

import json
import logging
import sys
from dataclasses import asdict

from hotline.city.city_map import CityMap
from hotline.city.geojson import NO_GEOJSON, TOO_DETAILED, UnreadableMap, read_geojson
from hotline.intake.lines import Unreadable
from storage.city.map_shapes import map_of
from storage.core.confined import ProgramDied, run_confined
from storage.core.confinement import confine

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 2**20
_MEMORY = 1024 * 2**20
_CPU_SECONDS = 20
_LONGEST_READING = 40.0
"""Seconds."""
_PROGRAM = "storage.intake.map_file"


async def read_map_file(content: bytes) -> CityMap:
    """Have a file read; raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_DETAILED)
    try:
        said = json.loads(await run_confined(_PROGRAM, given=content, seconds=_LONGEST_READING))
    except ProgramDied as error:
        log.warning("file of a map could not be read: %s", error)
        raise Unreadable(TOO_DETAILED if error.exhausted else NO_GEOJSON) from error
    if "unreadable" in said:
        raise Unreadable(said["unreadable"])
    return map_of(said)


def main() -> None:
    confine(memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)
    told: object
    try:
        told = asdict(read_geojson(sys.stdin.buffer.read()))
    except UnreadableMap as error:
        told = {"unreadable": str(error)}
    except MemoryError:
        told = {"unreadable": TOO_DETAILED}
    print(json.dumps(told))  # noqa: T201 - the answer to the parent process


if __name__ == "__main__":
    main()
