"""A third who hangs up in the moment in which the citizen is left with them."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hotline.dialling.calling_out import Third, ThirdPhase
from hotline.errors import CallGone
from telephony.ari.actions import Ari
from telephony.ari.errors import NotThere
from telephony.calls.leg import Leg
from telephony.dialling.conference import Conference, Conferences, third_id


class ThirdIsGone:
    """An Asterisk that takes nobody into a bridge any more."""

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = ""
    ) -> str:
        del method, query, body
        if path.endswith("/addChannel"):
            raise NotThere(path)
        return "{}"

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


async def test_nobody_is_left_with_a_third_who_has_hung_up() -> None:
    none, call = cast("Any", None), cast("Any", SimpleNamespace(channel=SimpleNamespace(gone=False)))
    async with asyncio.TaskGroup() as tasks:
        conferences = Conferences(
            ari=Ari(ThirdIsGone(), "hotline"),
            outgoing=none,
            talks=none,
            consults=none,
            dispatchers=none,
            clock=none,
            channels={},
            browsers=none,
            ring_seconds=20,
            tasks=tasks,
        )
        leg = Leg("leg-1-call", "PJSIP/desk-201-1")
        one = Conference(
            call=call,
            leg=leg,
            third=Leg(third_id(leg.id, 1), ""),
            shown=Third(number="0111", phase=ThirdPhase.ALONE),
            passing=True,
        )
        with pytest.raises(CallGone):
            await conferences.leave(one)
    assert (one.leaving, leg.left_to) == (False, None)
