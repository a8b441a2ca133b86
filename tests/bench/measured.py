"""Figures that a benchmark found, beside the limits that it is held to."""

import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.errors import HotlineError

REPOSITORY = Path(__file__).resolve().parents[2]


class NothingMeasured(HotlineError):  # noqa: N818 - reads as what happened
    """All that was to be timed failed; there is no figure to be judged."""

    code = "nothing-measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The limit of a figure: `most` upwards, or `least` downwards."""

    most: float | None = None
    least: float | None = None

    def holds(self, figure: float) -> bool:
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    @property
    def figure(self) -> float:
        return self.most if self.most is not None else self.least or 0

    def __str__(self) -> str:
        return f"<= {self.most:g}" if self.most is not None else f">= {self.least:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One benchmark's result. Units stand in the figures' names: `_ms`, `_mb` (MiB), otherwise counts."""

    name: str
    figures: Mapping[str, float]
    limits: Mapping[str, Limit]

    @property
    def holds(self) -> bool:
        return all(limit.holds(self.figures[name]) for name, limit in self.limits.items())

    def as_json(self) -> str:
        """Give the one object that `--json` prints."""
        return json.dumps(
            {
                "name": self.name,
                "machine": machine(),
                "commit": commit(),
                "figures": dict(self.figures),
                "limits": {name: limit.figure for name, limit in self.limits.items()},
                "holds": self.holds,
            },
            ensure_ascii=False,
        )

    def as_table(self) -> str:
        """Give the same for people."""
        rows = [f"{self.name} on {machine()}, commit {commit()}"]
        for name, figure in self.figures.items():
            limit = self.limits.get(name)
            verdict = "" if limit is None else f"{limit!s:>9}  {'holds' if limit.holds(figure) else 'FAILS'}"
            rows.append(f"  {name:32}{figure:>10g}  {verdict}".rstrip())
        return "\n".join(rows)


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share (0 to 1) of all values does not exceed (nearest rank).

    Raises NothingMeasured for none: a figure of nothing would hold any limit.
    """
    ordered = sorted(values)
    if not ordered:
        raise NothingMeasured("Nothing was measured: no call and no page came to what is timed.")
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def machine() -> str:
    """Name the machine: cores, processor, system, Python."""
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} x {_processor()}, {system}, Python {platform.python_version()}"


def commit() -> str:
    """Name the commit that was measured, marked when files differ from it; `unknown` outside a repository."""
    git = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(git, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
