"""One address before two Kamailios, as a city has it: real keepalived moves it, and the router follows.

A city's switch learns where an address is by its new owner's own word. Ours is a router: it looks.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tests.bench.scaled.machine import OWN, Machine

LOOK_SECONDS = 0.1
SHIPPED = Path(__file__).resolve().parents[3] / "docs" / "keepalived"
_CONFIGURATION, _ANSWERS = "keepalived.conf", "answers"
_SHIPPED_PATH = f"/opt/city-hotline/docs/keepalived/{_ANSWERS}"
_FIRST = 150
"""The priority of the first machine, which has the address in the beginning."""
_SECOND = 100


def keepalived(machine: Machine, other: str, address: str, *, first: bool) -> Sequence[str]:
    """Write the configuration that we ship, for this machine; give the command line that runs it."""
    folder = machine.folder / "keepalived"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # its question is asked by nobody
    answers = folder / _ANSWERS
    shutil.copy(SHIPPED / _ANSWERS, answers)
    text = (SHIPPED / _CONFIGURATION).read_text(encoding="utf-8")
    for shipped, ours in (
        (_SHIPPED_PATH, str(answers)),
        ("192.0.2.11", machine.address),
        ("192.0.2.12", other),
        ("192.0.2.10/24", f"{address}/32 dev {OWN}"),
        ("    interface eth0\n", ""),  # whichever cable there is, also the bad one
        (f"priority {_FIRST}", f"priority {_FIRST if first else _SECOND}"),
    ):
        assert shipped in text  # noqa: S101 - who changes what we ship changes this
        text = text.replace(shipped, ours)
    (folder / _CONFIGURATION).write_text(text, encoding="utf-8")
    numbers = (f"--{name}={folder}/{name}" for name in ("pid", "vrrp_pid", "checkers_pid"))
    return ("keepalived", "--vrrp", "-n", "-l", "-G", *numbers, "-f", str(folder / _CONFIGURATION))


class Moving:
    """The router's way to an address that one of several machines has."""

    def __init__(self, address: str, machines: Sequence[Machine]) -> None:
        self.owner = machines[0]
        self._address, self._machines = address, machines

    async def follow(self) -> NoReturn:
        """Lead it to whichever machine has it, until cancelled."""
        await self.owner.is_led_to(self._address)
        while True:
            await self._look()
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        """One that is cut off may still think that it has it: what it says reaches nobody."""
        owners = [one for one in self._machines if one.has(self._address) and not one.is_cut]
        if not owners or self.owner in owners:
            return
        self.owner.moved_here.discard(self._address)
        self.owner = owners[0]
        await self.owner.is_led_to(self._address)
