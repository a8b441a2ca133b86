"""Leases are renewed in lots, and what is refused of one keeps none of the others back."""

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

    async def renew(self, channels: Sequence[str], _seconds: int) -> None:
        self.renewed += channels
        if len(self.renewed) <= AT_ONCE:
            raise AmiRefused("Permission denied")


def call(number: int, *, gone: bool = False, leg: object = None) -> Any:
    return SimpleNamespace(leg=leg, channel=SimpleNamespace(name=f"PJSIP/{number}", gone=gone))


async def test_what_is_refused_is_told_once_all_others_are_renewed() -> None:
    ami: Any = Ami()
    calls = [*(call(number) for number in range(AT_ONCE + 3)), call(90, gone=True), call(91, leg=object())]
    registry: Any = SimpleNamespace(calls=dict(enumerate(calls)))
    with pytest.raises(AmiRefused):
        await keep_leases(registry, ami, 12)
    assert ami.renewed == [f"PJSIP/{number}" for number in range(AT_ONCE + 3)]
