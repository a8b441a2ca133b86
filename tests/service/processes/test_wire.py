"""What letters carry between processes is the same on the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from hotline.dialling.calling_out import BeingCalled
from hotline.errors import ForbiddenTransition, HotlineError
from hotline.events import Event
from hotline.supervision.listening import ListenedAlready
from service.processes.wire import (
    EVENTS,
    Answer,
    error_of,
    read_event,
    refusal,
    written,
    written_event,
)
from tests.fakes.clock import NOON

PLAIN: Mapping[type, object] = {
    datetime: NOON,
    date: NOON.date(),
    timedelta: timedelta(minutes=5),
    str: "Їжак\0",
    int: 7,
    float: 2.5,
    bool: True,
}


def example(kind: Any) -> Any:
    """A value of this type, in which nothing that may be there is missing."""
    origin, given = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return example(next(one for one in given if one is not NoneType))
    if origin is not None and issubclass(origin, Mapping):
        return {example(given[0]): example(given[1])}
    if origin is not None and issubclass(origin, Sequence | frozenset):
        return (frozenset if issubclass(origin, frozenset) else tuple)((example(given[0]),))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{one.name: example(hints[one.name]) for one in fields(kind) if one.init})  # type: ignore[operator]
    return PLAIN[kind]


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_each_event_is_told_whole(kind: type[Event]) -> None:
    event = example(kind)
    body = written_event(event)
    told = read_event(body)
    assert type(told) is kind
    assert msgspec.to_builtins(told) == msgspec.to_builtins(event)
    assert "\0" not in body  # no PostgreSQL takes it


def test_an_event_of_another_version_is_left_out() -> None:
    assert read_event('{"name": "WorldEnded", "event": {}}') is None


@pytest.mark.parametrize("error", [BeingCalled("+380"), ListenedAlready("no"), ForbiddenTransition("x")])
def test_an_error_is_raised_as_what_it_was(error: HotlineError) -> None:
    answer = msgspec.json.decode(written(refusal("1", error)), type=Answer)
    again = error_of(answer)
    assert (type(again), str(again), again.code) == (type(error), str(error), error.code)


def test_an_error_that_is_unknown_here_is_an_error_all_the_same() -> None:
    assert type(error_of(Answer(asked="1", error="Unheard", text="so"))) is HotlineError
