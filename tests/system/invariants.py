"""The oracle of every system test: all truths of the line hold (`hotline.line.invariants`)."""

import asyncio
import signal
import time
from typing import TYPE_CHECKING

from hotline.line.invariants import SENTENCES, Looks, broken
from service.wiring.telephony import ari_address
from telephony.ari.client import reading
from telephony.node.asterisk_state import seen

if TYPE_CHECKING:
    from tests.system.hotline import Hotline

PATIENCE_SECONDS = 30.0
CRASHES = frozenset(
    -one for one in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
)
"""Exit codes of a program that ended by a fault of its own: a test kills, and stops, by other signals."""


async def hold(hotline: "Hotline") -> None:
    """Wait until every truth holds; AssertionError names what stands broken.

    Nor may the service's own watch have found one broken, unless the test broke it: healed is not well.
    Nothing else is asked of a hotline of which a part was ended.
    """
    no_crash(hotline)
    found = hotline.found_broken() - hotline.broken_on_purpose
    assert not found, f"found broken by the service itself, see its log: {found}"
    if not hotline.is_up:
        return
    looks, until = Looks(), time.monotonic() + PATIENCE_SECONDS
    async with reading(ari_address(hotline.settings)) as ari:
        while True:
            record = await hotline.storage.records.on_record()
            looks = looks.after(broken(record, await seen(ari)), time.monotonic())
            if not looks.since:
                return
            standing = looks.standing(time.monotonic())
            told = "; ".join(f"{one} (should be: {SENTENCES[one.truth]})" for one in standing)
            assert not standing or time.monotonic() < until, told
            await asyncio.sleep(0.2)


def no_crash(hotline: "Hotline") -> None:
    """Raise AssertionError when Asterisk or the service has crashed, whatever the test itself found."""
    for name, process in (("Asterisk", hotline.node.process), ("the service", hotline.service)):
        code = None if process is None else process.returncode
        assert code not in CRASHES, f"{name} crashed, with exit code {code}"
