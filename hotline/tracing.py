"""The call that a task is about, for the log, and spans of its road for a tracer.

Nobody traces by default: then a span is one comparison. No span tells who called, or what was said.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from time import time_ns
from typing import Protocol

_CALL: ContextVar[str | None] = ContextVar("call", default=None)


class Tracer(Protocol):
    """Keeps spans, in nanoseconds since 1970; each returns at once and raises nothing."""

    def began(self, call_id: str) -> None:
        """A call has come, or is served again."""
        ...

    def step(self, call_id: str, step: str, at: datetime) -> None:
        """A step of its journey was taken."""
        ...

    def span(self, call_id: str, name: str, began: int, ended: int) -> None: ...

    def ended(self, call_id: str, outcome: str) -> None: ...


_tracers: list[Tracer] = []


def trace_by(tracer: Tracer) -> None:
    """Have calls traced from now on."""
    _tracers[:] = [tracer]


def trace_no_more() -> None:
    _tracers.clear()


def tracer() -> Tracer | None:
    """Give who traces calls; None: nobody does."""
    return _tracers[0] if _tracers else None


def is_about(call_id: str) -> None:
    """Note that the task at hand, and those that it begins, are about this call."""
    _CALL.set(call_id)


def call_at_hand() -> str | None:
    """Tell which call the task at hand is about."""
    return _CALL.get()


def span(call_id: str, name: str) -> AbstractContextManager[None]:
    """Trace how long the block takes."""
    return _spent(call_id, name, _tracers[0]) if _tracers else _NOTHING


_NOTHING = nullcontext()


@contextmanager
def _spent(call_id: str, name: str, by: Tracer) -> Iterator[None]:
    began = time_ns()
    try:
        yield
    finally:
        by.span(call_id, name, began, time_ns())
