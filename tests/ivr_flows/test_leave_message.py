"""A message for the dispatchers."""

import pytest

from hotline.calls.conversation import Next
from ivr_flows.leave_message import LONGEST_SECONDS, leave_message
from tests.fakes.call import FakeCall


@pytest.mark.parametrize(("seconds", "answer"), [(4.0, "message-kept"), (0.0, "message-empty")])
async def test_the_caller_is_told_whether_the_message_was_kept(seconds: float, answer: str) -> None:
    call = FakeCall(message_seconds=seconds)
    assert await leave_message(call) is Next.GOODBYE
    assert call.heard == ["leave-message", answer]


async def test_a_message_has_an_end() -> None:
    call = FakeCall(message_seconds=10_000)
    await leave_message(call)
    assert call.messages == 1
    assert LONGEST_SECONDS <= 300
