"""A bad cable between a machine and the city: what goes over it comes late, or never.

Linux can delay by itself (netem) where its kernel has it, and many have not: so the cable is two devices
(TUN), and we carry each packet from one to the other. Only while it is bad: a good one is the kernel's own.
"""

import asyncio
import contextlib
import fcntl
import os
import struct
from dataclasses import dataclass, field

_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
_LONGEST = 65536
_AT_ONCE = 64
"""Packets that are taken before others have their turn."""


def tun(name: str) -> int:
    """Make a device of this name in the network of this thread; give the file by which we are its cable."""
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(file, _TUNSETIFF, struct.pack("16sH14s", name.encode(), _TUN_WITHOUT_HEADER, b""))
    except OSError:
        os.close(file)
        raise
    return file


@dataclass(slots=True)
class Wire:
    """Carries packets between two devices. `late`: seconds by which those from the machine are held up."""

    machine: int
    city: int
    late: float = 0.0
    broken: bool = False
    lost: int = field(default=0, init=False)
    """Packets that went nowhere."""

    def connect(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.machine, self._carry, self.machine, self.city)
        loop.add_reader(self.city, self._carry, self.city, self.machine)

    def close(self) -> None:
        loop = asyncio.get_running_loop()
        for file in (self.machine, self.city):
            loop.remove_reader(file)
            os.close(file)

    def _carry(self, here: int, there: int) -> None:
        late = self.late if here == self.machine else 0.0
        for _ in range(_AT_ONCE):
            try:
                packet = os.read(here, _LONGEST)
            except BlockingIOError:
                return
            if self.broken:
                self.lost += 1
            elif late:
                asyncio.get_running_loop().call_later(late, _put, there, packet)
            else:
                _put(there, packet)


def _put(file: int, packet: bytes) -> None:
    with contextlib.suppress(OSError):  # full, or gone meanwhile: a cable tells nobody
        os.write(file, packet)
