"""Spans reach a collector as protobuf, one below the call; what finds no room is dropped and counted."""

import asyncio
import logging
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hotline import tracing
from hotline.calls.call import Outcome, Step
from hotline.errors import SettingsError
from service.node.traces import Seldom, Sending, traced
from tests.fakes.otlp import collector

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def test_a_call_is_one_trace_and_its_steps_have_no_words() -> None:
    async with collector() as there:
        async with traced(there.address):
            by = tracing.tracer()
            assert by is not None
            by.began("c1")
            by.step("c1", Step.HEARD, AT)
            by.step("c1", Step.JOINED_LINE, AT)
            with tracing.span("c1", "ringing"):
                pass
            with tracing.span("unknown", "ringing"):
                pass
            by.step("c1", Step.TALK_STARTED, AT)
            by.ended("c1", Outcome.TALKED)
        assert tracing.tracer() is None
        call = await there.until("call")
        below = {one.name: one for one in there.spans if one.name != "call"}
    assert there.services == {"city-hotline"}
    assert set(below) == {"line", "ringing", "talk"}
    assert {one.parent_span_id for one in below.values()} == {call.span_id}
    assert {one.trace_id for one in below.values()} == {call.trace_id}
    told = {one.key: one.value.string_value for one in call.attributes}
    assert told == {"hotline.call_id": "c1", "hotline.outcome": "talked"}
    assert [one.name for one in call.events] == ["heard", "joined-line", "talk-started"]
    assert not any(one.attributes for one in call.events)


async def test_each_wait_is_a_span_of_its_own_that_ends_when_the_caller_waits_no_more() -> None:
    steps = (Step.JOINED_LINE, Step.TALK_STARTED, Step.TALK_ENDED, Step.RETURNED_TO_LINE, Step.LEFT_LINE)
    async with collector() as there:
        async with traced(there.address):
            by = tracing.tracer()
            assert by is not None
            by.began("c1")
            for second, step in enumerate(steps):
                by.step("c1", step, AT + timedelta(seconds=second))
            by.ended("c1", Outcome.NOBODY_ON_DUTY)
        await there.until("call")
    waits = [one for one in there.spans if one.name == "line"]
    assert [one.end_time_unix_nano - one.start_time_unix_nano for one in waits] == [1_000_000_000] * 2


async def test_calls_whose_end_nobody_sees_make_room_and_those_that_go_on_are_closed_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.node.traces.MOST_CALLS", 2)
    async with collector() as there:
        async with traced(there.address):
            by = tracing.tracer()
            assert by is not None
            for call_id in ("unseen", "c1", "c2"):
                by.began(call_id)
                by.step(call_id, Step.JOINED_LINE, AT)
            by.ended("unseen", Outcome.TALKED)
            by.ended("c1", Outcome.TALKED)
        await there.until("call")
    roots = {one.attributes[0].value.string_value: one for one in there.spans if one.name == "call"}
    assert {call_id: len(one.attributes) for call_id, one in roots.items()} == {"unseen": 1, "c1": 2, "c2": 1}
    assert len([one for one in there.spans if one.name == "line"]) == 3


def test_the_librarys_own_word_of_a_collector_that_is_away_comes_once_a_minute() -> None:
    clock = iter([0.0, 5.0, 61.0])
    seldom = Seldom(lambda: next(clock))
    entry = logging.LogRecord("a.logger", logging.ERROR, __file__, 1, "not sent", (), None)
    assert [seldom.filter(entry) for _ in range(3)] == [True, False, True]


async def test_a_collector_that_is_not_there_costs_spans_and_no_time() -> None:
    async with collector() as there:
        there.goes_on.clear()  # it takes the connection, and answers nothing
        async with traced(there.address) as sending:
            assert sending is not None
            by = tracing.tracer()
            assert by is not None
            for number in range(5000):
                by.began(f"c{number}")
                by.ended(f"c{number}", Outcome.TALKED)
            assert sending.dropped >= 5000 - 2048 - 2 * 256
            there.goes_on.set()


async def test_what_is_not_taken_is_counted_as_dropped() -> None:
    given = threading.Event()

    class Refusing:
        def export(self, spans: Sequence[Any]) -> Any:
            del spans
            given.set()
            return SimpleNamespace(name="FAILURE")

        def shutdown(self) -> None:
            pass

    sending = Sending(Refusing(), room=2)
    sending.on_end(object())
    await asyncio.to_thread(given.wait)
    sending.shutdown()
    assert sending.dropped == 1


async def test_without_the_packages_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match="HOTLINE_OTLP_ENDPOINT"):
        async with traced("http://127.0.0.1:4318"):
            pass
