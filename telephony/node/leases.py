"""Renews the leases of calls: Asterisk takes back a call that the service leaves silent for a lease."""

import asyncio
import contextlib
from typing import NoReturn

from hotline.calls.call import Step
from hotline.errors import CallGone
from telephony.ami.client import AmiConnection, AmiRefused
from telephony.calls.call import AsteriskCall
from telephony.calls.talk import LONGEST_TALK_SECONDS
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
        for call in calls:
            try:
                await _renew_before_the_talk(call, ami, seconds)
            except AmiRefused as error:
                refused = refused or error
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


async def _renew_before_the_talk(call: AsteriskCall, ami: AmiConnection, seconds: int) -> None:
    """Renew the lease of a caller whom a dispatcher has answered, and who is not with them yet.

    Usually that takes no time; while the database fails over it may be longer than a lease.
    """
    leg, channel = call.leg, call.channel
    if leg is None or leg.joined or leg.lasting or channel.gone:
        return
    if call.outgoing and not call.journey.has(Step.JOINED_LINE):
        return
    await ami.renew([channel.name], seconds)
    if leg.lasting:  # the talk began meanwhile: its own lease may have been shortened by this one
        with contextlib.suppress(CallGone):
            await ami.absolute_timeout(channel.name, LONGEST_TALK_SECONDS)
