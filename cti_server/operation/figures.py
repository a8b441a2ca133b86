"""All figures that alert rules ask for: those of `/api/v1/metrics`, and what this process itself takes."""

import resource
from pathlib import Path

from cti_server.operation.conditions import Values
from cti_server.status.board import Board
from cti_server.status.metrics import METRICS, MeasuredSources, all_samples

_LABELS = {one.name: one.labels for one in METRICS}
_OWN = Path("/proc/self")


async def read_figures(board: Board, sources: MeasuredSources) -> Values:
    """Read them; without the database those that rest on it are missing."""
    samples = await all_samples(board, sources)
    return _of_process() | {
        name: {tuple(zip(_LABELS[name], labels, strict=True)): value for labels, value in found}
        for name, found in samples.items()
    }


def _of_process() -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Read what Prometheus' own library tells of a process, without loading it."""
    pages = int((_OWN / "statm").read_text(encoding="ascii").split()[1])
    most, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return {
        "process_resident_memory_bytes": {(): pages * resource.getpagesize()},
        "process_open_fds": {(): sum(1 for _ in (_OWN / "fd").iterdir())},
        "process_max_fds": {(): most},
    }
