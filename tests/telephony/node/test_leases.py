"""Leases are renewed in lots, and what is refused of one keeps none of the others back."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from telephony.ami.client import AmiRefused
from telephony.node.leases import AT_ONCE, keep_leases


class Ami:
    """Refuses the first lot."""

    def __init__(self) -> None:
        self.renewed: list[str] = []
        self.lengthened: list[str] = []
        self.begins: Any = None
        """The leg whose talk begins while a lease is being renewed."""

    async def renew(self, channels: Sequence[str], _seconds: int) -> None:
        self.renewed += channels
        if self.begins is not None:
            self.begins.lasting = True
        if len(self.renewed) <= AT_ONCE:
            raise AmiRefused("Permission denied")

    async def absolute_timeout(self, channel: str, _seconds: int) -> None:
        self.lengthened.append(channel)


def leg(*, joined: bool = False, lasting: bool = False) -> Any:
    return SimpleNamespace(joined=joined, lasting=lasting)


def call(number: int, *, gone: bool = False, leg: object = None) -> Any:
    return SimpleNamespace(
        leg=leg, outgoing=False, channel=SimpleNamespace(name=f"PJSIP/{number}", gone=gone)
    )


async def test_what_is_refused_is_told_once_all_others_are_renewed() -> None:
    ami: Any = Ami()
    calls = [
        *(call(number) for number in range(AT_ONCE + 3)),
        call(90, gone=True),
        call(91, leg=leg(joined=True)),
    ]
    registry: Any = SimpleNamespace(calls=dict(enumerate(calls)))
    with pytest.raises(AmiRefused):
        await keep_leases(registry, ami, 12)
    assert ami.renewed == [f"PJSIP/{number}" for number in range(AT_ONCE + 3)]


async def test_whoever_a_dispatcher_has_answered_is_kept_until_the_talk_has_a_lease_of_its_own() -> None:
    ami: Any = Ami()
    waits, begins, talks = leg(), leg(), leg(lasting=True)
    registry: Any = SimpleNamespace(calls={1: call(1, leg=waits), 2: call(2, leg=talks)})
    with pytest.raises(AmiRefused):
        await keep_leases(registry, ami, 12)
    assert (ami.renewed, ami.lengthened) == (["PJSIP/1"], [])

    ami.begins, ami.renewed = begins, ["PJSIP/0"] * AT_ONCE  # nothing is refused any more
    registry.calls = {3: call(3, leg=begins)}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(keep_leases(registry, ami, 12), 0.01)
    assert (ami.renewed[AT_ONCE:], ami.lengthened) == (["PJSIP/3"], ["PJSIP/3"])
