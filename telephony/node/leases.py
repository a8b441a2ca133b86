"""Renews the leases of calls: Asterisk takes back a call that the service leaves silent for a lease."""

import asyncio
from typing import NoReturn

from telephony.ami.client import AmiConnection, AmiRefused
from telephony.node.registry import ChannelRegistry

AT_ONCE = 32
"""Leases that are renewed together: others' requests go in between."""


async def keep_leases(registry: ChannelRegistry, ami: AmiConnection, seconds: int) -> NoReturn:
    """Renew the lease of everyone who has no dispatcher yet, thrice in a lease; a talk has its own.

    What Asterisk refuses is raised once all others are renewed.
    """
    while True:
        refused: AmiRefused | None = None
        calls = list(registry.calls.values())
        for first in range(0, len(calls), AT_ONCE):
            # Looked at only now: who hung up meanwhile is followed a while.
            some = [call for call in calls[first : first + AT_ONCE] if call.leg is None]
            if alive := [call.channel.name for call in some if not call.channel.gone]:
                try:
                    await ami.renew(alive, seconds)
                except AmiRefused as error:
                    refused = refused or error
        if refused is not None:
            raise refused
        await asyncio.sleep(seconds / 3)
