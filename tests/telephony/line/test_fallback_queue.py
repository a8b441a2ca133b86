"""Callers who were lent to Asterisk's own queue: nobody else is paired before they are back."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from telephony.ami.messages import FallbackCaller
from telephony.line.fallback_queue import FallbackQueue
from tests.fakes.clock import SetClock

CALLER = FallbackCaller(channel_id="1.1", channel="PJSIP/citizens-1")


def queue(waiting: Sequence[FallbackCaller], redirected: list[str]) -> FallbackQueue:
    async def fallback_callers() -> Sequence[FallbackCaller]:
        return waiting

    async def redirect(channel: str, _context: str) -> None:
        redirected.append(channel)

    async def channel(_name: str) -> SimpleNamespace:
        return SimpleNamespace(name=CALLER.channel, dialplan=SimpleNamespace(context="fallback"))

    async def done(*_: object) -> None: ...

    parts: dict[str, Any] = {
        "ari": SimpleNamespace(leave_to=done, channel=channel),
        "ami": SimpleNamespace(fallback_callers=fallback_callers, redirect=redirect),
        "line": None,
        "clock": SetClock(),
        "wrap_up": timedelta(0),
        "line_changed": asyncio.Event(),
        "echo": SimpleNamespace(hear=done),
        "dispatchers": None,
        "owed": None,
        "rung": list,
    }
    return FallbackQueue(**parts)


async def test_whoever_is_about_to_be_taken_back_holds_the_line_until_they_are() -> None:
    redirected: list[str] = []
    fallback = queue([CALLER], redirected)
    await fallback.lend("1.1")
    assert not fallback.somebody_returns(), "who waits for their conversation holds up nobody"
    fallback.returns("1.1")
    assert fallback.somebody_returns()
    await fallback.take_back(CALLER)
    assert redirected == [CALLER.channel]
    assert fallback.somebody_returns()
    fallback.fetched("1.1")
    assert not fallback.somebody_returns()


async def test_whoever_talks_in_asterisks_own_queue_by_then_holds_up_nobody() -> None:
    redirected: list[str] = []
    fallback = queue([], redirected)
    await fallback.lend("1.1")
    fallback.returns("1.1")
    await fallback.take_back(CALLER)
    assert redirected == []
    assert not fallback.somebody_returns()


async def test_a_caller_who_cannot_be_fetched_holds_the_line_up_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fallback = queue([CALLER], [])
    await fallback.lend("1.1")
    await fallback.give("1.1")
    fallback.returns("1.1")
    now = 1000.0
    monkeypatch.setattr("telephony.line.fallback_queue.monotonic", lambda: now)
    await fallback.take_back(CALLER)
    assert fallback.somebody_returns()
    now += 3
    assert not fallback.somebody_returns()
