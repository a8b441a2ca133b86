"""Two hundred calls at once: each is served, and each stands in the call log once, as Asterisk saw it."""

import asyncio
from pathlib import Path

import pytest

from hotline.calls.call import Outcome, Step
from tests.bench.load import Load, place
from tests.system.hotline import Hotline
from tests.system.oracle import compare, seen_calls

pytestmark = pytest.mark.system

EACH = 100
A_SECOND = 25
STAY_MS = 12_000


@pytest.mark.nightly
async def test_two_hundred_calls_at_once_are_served_and_told_once(hotline: Hotline, tmp_path: Path) -> None:
    number, port = hotline.settings.number, hotline.settings.sip_port
    failed = await asyncio.gather(
        *(
            place(
                Load(scenario=scenario, number=number, calls=EACH, a_second=A_SECOND, stay_ms=STAY_MS),
                port,
                tmp_path,
            )
            for scenario in ("listening", "outages")
        )
    )
    assert failed == [0, 0]

    await compare(hotline, reconciled=True)
    calls = await hotline.calls()
    assert len(calls) == 2 * EACH
    assert _most_at_once(hotline) >= 2 * EACH * 0.9
    pressed = [call.id for call in calls if Step.PRESSED in await hotline.steps(call.id)]
    assert len(pressed) == EACH
    assert {call.outcome for call in calls} <= {Outcome.ANSWERED_BY_MACHINE, Outcome.HUNG_UP_IN_MENU}


def _most_at_once(hotline: Hotline) -> int:
    seen = seen_calls(hotline.node).values()
    return max(
        sum(other.arrived <= one.arrived < (other.ended or one.arrived) for other in seen) for one in seen
    )
