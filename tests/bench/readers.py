"""Many readers of pages at once, by wrk: each asks again as soon as it is answered; answers are timed."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.node import local_node
from tests.bench.load import SCENARIOS, LoadFailed
from tests.bench.measured import NothingMeasured

AT_ONCE = 32
"""Connections; each asks again as soon as it has its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The result of reading. `failed` are answers other than 2xx and 3xx, and none at all."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    longest_ms: float
    failed: int

    @property
    def per_second(self) -> float:
        return round(self.requests / self.seconds, 1)


async def read(base: str, paths: Sequence[str], *, seconds: int, folder: Path) -> Read:
    """Read the paths in turn for these seconds. Raises LoadFailed, NothingMeasured."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise LoadFailed("wrk is not installed: apt-get install wrk.")
    listed = folder / "paths.txt"
    listed.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    options = ["-t", "1", "-c", str(AT_ONCE), "-d", f"{seconds}s", "-s", str(SCENARIOS / "readers.lua")]
    async with local_node.child(
        [wrk, *options, base, "--", str(listed), "0"], stdout=-1, stderr=-1
    ) as process:
        said, told = await process.communicate()
    if process.returncode:
        raise LoadFailed(f"wrk could not read {base}: {said.decode()}{told.decode()}")
    found = Read(**json.loads(told))
    if not found.requests:
        raise NothingMeasured(f"Nothing was measured: {base} answered no reader.")
    return found
