"""Traces of calls for an OpenTelemetry collector: off unless its address is set, and only then imported.

A call waits for nothing here: spans go into a bounded queue, which a thread of its own empties. What finds no
room, or is not taken, is dropped and counted.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

from attrs import define, field

from hotline import tracing
from hotline.calls.call import Step
from hotline.errors import SettingsError

log = logging.getLogger(__name__)

ROOM = 2048
"""Spans that wait: of a hundred calls and more."""
AT_ONCE = 256
GATHER_SECONDS = 1.0
SEND_SECONDS = 5
END_SECONDS = 3.0
TELL_EVERY_SECONDS = 60.0
MOST_CALLS = 4096
"""Calls that are open at once. Before a further one the oldest is closed: nobody saw its end, as of a call
that ended while Asterisk was away.
"""
OPENS: Mapping[str, str] = {
    Step.JOINED_LINE: "line",
    Step.RETURNED_TO_LINE: "line",
    Step.TALK_STARTED: "talk",
}
CLOSES: Mapping[str, str] = {
    Step.LEFT_LINE: "line",
    Step.PLACE_KEPT: "line",
    Step.TALK_STARTED: "line",
    Step.TALK_ENDED: "talk",
}
_END = None


class Exporter(Protocol):
    """Sends spans; `OTLPSpanExporter` is the one that is used."""

    def export(self, spans: Sequence[Any]) -> Any: ...

    def shutdown(self) -> None: ...


class Seldom(logging.Filter):
    """Lets an entry pass once a minute: of a collector that is away the library tells at each attempt."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._next = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        del record
        if (now := self._monotonic()) < self._next:
            return False
        self._next = now + TELL_EVERY_SECONDS
        return True


class Sending:
    """Implements OpenTelemetry's `SpanProcessor`: a bounded queue, and one thread that sends."""

    def __init__(self, exporter: Exporter, room: int = ROOM) -> None:
        self._exporter = exporter
        self._waiting: queue.Queue[Any] = queue.Queue(room)
        self._thread = threading.Thread(target=self._send, name="traces", daemon=True)
        self._no_room = 0
        self._not_taken = 0
        self._told = 0
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Count the spans that found no room, or that the collector did not take."""
        return self._no_room + self._not_taken  # each is counted by one thread

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        pass

    def _on_ending(self, span: Any) -> None:
        pass

    def on_end(self, span: Any) -> None:
        try:
            self._waiting.put_nowait(span)
        except queue.Full:
            self._no_room += 1

    def shutdown(self) -> None:
        """Send what waits, for a few seconds at the most."""
        try:
            self._waiting.put(_END, timeout=END_SECONDS)
        except queue.Full:
            return
        self._thread.join(END_SECONDS)

    def force_flush(self, timeout_millis: int = 0) -> bool:
        del timeout_millis
        return True

    def _send(self) -> None:
        tell_at = 0.0
        going_on = True
        while going_on:
            spans, going_on = self._next()
            if spans and not self._taken(spans):
                self._not_taken += len(spans)
            dropped = self.dropped
            if dropped > self._told and (time.monotonic() >= tell_at or not going_on):
                log.warning("traces dropped spans=%s", dropped - self._told)
                self._told, tell_at = dropped, time.monotonic() + TELL_EVERY_SECONDS
        self._exporter.shutdown()

    def _next(self) -> tuple[list[Any], bool]:
        """Wait for spans, and gather those of the next second; False with the last ones."""
        spans = [self._waiting.get()]
        until = time.monotonic() + GATHER_SECONDS
        while spans[-1] is not _END and len(spans) < AT_ONCE:
            try:
                spans.append(self._waiting.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                return spans, True
        return [one for one in spans if one is not _END], spans[-1] is not _END

    def _taken(self, spans: Sequence[Any]) -> bool:
        try:
            return bool(self._exporter.export(spans).name == "SUCCESS")
        except OSError:  # the exporter tries again by itself, and gives up with what its connection raised
            return False


@define(eq=False, repr=False)
class CallTraces:
    """Implements `hotline.tracing.Tracer` by spans of OpenTelemetry: one for the call, others below it."""

    _tracer: Any
    _below: Any
    """Gives the context in which a span is the parent."""
    _calls: dict[str, Any] = field(factory=dict, init=False)
    _open: dict[tuple[str, str], Any] = field(factory=dict, init=False)

    def began(self, call_id: str) -> None:
        if call_id in self._calls:
            return
        if len(self._calls) >= MOST_CALLS:
            self._close(next(iter(self._calls)))
        self._calls[call_id] = self._tracer.start_span("call", attributes={"hotline.call_id": call_id})

    def step(self, call_id: str, step: str, at: datetime) -> None:
        if (root := self._calls.get(call_id)) is None:
            return
        moment = round(at.timestamp() * 1e9)
        root.add_event(step, timestamp=moment)
        if (closed := self._open.pop((call_id, CLOSES.get(step, "")), None)) is not None:
            closed.end(moment)
        if (name := OPENS.get(step)) is not None and (call_id, name) not in self._open:
            self._open[call_id, name] = self._start(root, call_id, name, moment)

    def span(self, call_id: str, name: str, began: int, ended: int) -> None:
        if (root := self._calls.get(call_id)) is not None:
            self._start(root, call_id, name, began).end(ended)

    def ended(self, call_id: str, outcome: str) -> None:
        if (root := self._calls.get(call_id)) is not None:
            root.set_attribute("hotline.outcome", outcome)
            self._close(call_id)

    def close(self) -> None:
        """Close the calls that go on without us, and have no outcome yet."""
        for call_id in tuple(self._calls):
            self._close(call_id)

    def _close(self, call_id: str) -> None:
        for name in set(OPENS.values()):
            if (left := self._open.pop((call_id, name), None)) is not None:
                left.end()
        self._calls.pop(call_id).end()

    def _start(self, root: Any, call_id: str, name: str, began: int) -> Any:
        attributes = {"hotline.call_id": call_id}
        return self._tracer.start_span(
            name, context=self._below(root), start_time=began, attributes=attributes
        )


@asynccontextmanager
async def traced(endpoint: str) -> AsyncIterator[Sending | None]:
    """Trace calls while the block runs, if there is an address; raises SettingsError without the packages."""
    if not endpoint:
        yield None
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"HOTLINE_OTLP_ENDPOINT is set, but the packages are missing: {error}."
        ) from error
    address = f"{endpoint.rstrip('/')}/v1/traces"
    sending = Sending(OTLPSpanExporter(endpoint=address, timeout=SEND_SECONDS))
    provider = TracerProvider(resource=Resource({"service.name": "city-hotline"}), shutdown_on_exit=False)
    processor: Any = sending  # it is one, without loading the library with this module
    provider.add_span_processor(processor)
    calls = CallTraces(provider.get_tracer("hotline"), set_span_in_context)
    tracing.trace_by(calls)
    told = logging.getLogger(OTLPSpanExporter.__module__)
    told.addFilter(seldom := Seldom())
    log.info("calls are traced to=%s", address)
    try:
        yield sending
    finally:
        tracing.trace_no_more()
        calls.close()
        try:
            await asyncio.to_thread(provider.shutdown)
        finally:
            told.removeFilter(seldom)
