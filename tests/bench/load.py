"""Many citizens at once, by sipp: it calls, presses keys, hangs up, and says which calls failed on its side.

sipp is content when a menu heard nothing; whether the hotline was right is read from the call log afterwards.
"""

import asyncio
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.errors import HotlineError
from service.node import local_node
from telephony.phone.signalling import Address

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
LOOPBACK = "127.0.0.1"
ENDING_SECONDS = 60
_PLACED = (0, 1)
"""sipp's exit codes when it placed the calls: all went well on its side, or some did not."""


def sound_ports() -> Mapping[str, str]:
    """Give the settings of a hotline that as many callers may listen to as with those of a real one."""
    first = secrets.choice(
        range(local_node.RTP_RANGES[0], local_node.RTP_RANGES.stop, 2 * local_node.RTP_PORTS)
    )
    return {"HOTLINE_RTP_FIRST": str(first), "HOTLINE_RTP_LAST": str(first + 2 * local_node.RTP_PORTS - 1)}


class LoadFailed(HotlineError):  # noqa: N818 - reads as what happened
    """sipp is missing, or could not place calls at all; the message says what to do."""

    code = "load-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The calls of a load: `calls` in all, `a_second` new ones. `stay_ms` fills the scenario's open pause.

    `citizens` are lines of fields, one a call (their number first), where a scenario asks for them.
    """

    scenario: str
    number: str
    calls: int
    a_second: int
    stay_ms: int = 0
    name: str = ""
    """Tells loads of one scenario that run side by side apart."""
    citizens: Sequence[str] = ()

    @property
    def ramp_seconds(self) -> float:
        return self.calls / self.a_second


async def place(load: Load, sip_port: int, folder: Path, *, to: str = LOOPBACK, own: str = LOOPBACK) -> int:
    """Place all calls and see them end; give the number that failed at the callers'. Raises LoadFailed.

    `to` is the hotline's address, `own` that of the callers.
    """
    stem = f"{load.scenario}-{load.number}{load.name}"
    statistics, citizens = folder / f"{stem}.csv", folder / f"{stem}-citizens.csv"
    citizens.write_text("\n".join(["SEQUENTIAL", *load.citizens, ""]), encoding="utf-8")
    console: list[str] = []
    async with local_node.child(_command(load, (to, sip_port), own, statistics, citizens), stderr=-1) as sipp:
        async with asyncio.timeout(load.ramp_seconds + load.stay_ms / 1000 + ENDING_SECONDS):
            assert sipp.stderr  # noqa: S101 - we asked for a pipe
            console = (await sipp.stderr.read()).decode(errors="replace").splitlines()
            code = await sipp.wait()
    if code not in _PLACED:
        raise LoadFailed("\n".join(["sipp could not place calls (keys need root):", *console]))
    return _failed(statistics, load)


def _command(load: Load, to: Address, own: str, statistics: Path, citizens: Path) -> Sequence[str]:
    sipp = shutil.which("sipp")
    if sipp is None:
        raise LoadFailed("sipp is not installed: apt-get install sip-tester.")
    with local_node.free_ports(2) as (own_port, media_port):
        options = {
            "-sf": SCENARIOS / f"{load.scenario}.xml",
            "-s": load.number,
            "-m": load.calls,
            "-r": load.a_second,
            "-l": load.calls,
            "-d": load.stay_ms,
            "-i": own,
            "-p": own_port,
            "-mi": own,
            "-mp": media_port,
            "-stf": statistics,
            "-fd": 1,
            "-recv_timeout": 10_000,
            # As a telephone does: through a proxy on a busy machine a 180 may come behind its 200.
            "-default_behaviors": "all,-abortunexp",
        }
    if load.citizens:
        options["-inf"] = citizens
    flat = [str(part) for option in options.items() for part in option]
    return [sipp, f"{to[0]}:{to[1]}", *flat, "-nostdin", "-trace_stat"]


def _failed(statistics: Path, load: Load) -> int:
    """Read the last line of sipp's statistics, columns by name; calls never placed have failed as well."""
    names, *_, last = statistics.read_text(encoding="utf-8").splitlines()
    row = dict(zip(names.split(";"), last.split(";"), strict=True))
    return load.calls - int(row["SuccessfulCall(C)"])
