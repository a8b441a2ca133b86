"""The text in which letters between processes carry events, errors and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, get_args

import msgspec

from hotline.errors import HotlineError
from hotline.events import Event

Plain: TypeAlias = Any
"""What JSON knows: the reader converts it to its type."""

EVENTS: Mapping[str, type[Event]] = {one.__name__: one for one in get_args(Event)}


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event with the name of its type."""

    name: str
    event: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A call of one of the exchange's methods by another process; `asked` names this very question."""

    asked: str
    method: str
    given: list[Plain]
    to: str = ""
    """The node whose exchange is asked, where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question: a result, or an error that has a name."""

    asked: str
    result: Plain = None
    error: str = ""
    text: str = ""
    values: dict[str, Plain] = field(default_factory=dict)


def written(body: object) -> str:
    return msgspec.json.encode(body).decode()


def written_event(event: Event) -> str:
    return written(ToldEvent(type(event).__name__, event))


def read_event(body: str) -> Event | None:
    """Read an event; None for one of another version's, which this one knows nothing of."""
    told = msgspec.json.decode(body, type=ToldEvent)
    known = EVENTS.get(told.name)
    return None if known is None else msgspec.convert(told.event, known)


def refusal(asked: str, error: HotlineError) -> Answer:
    """Write an error down, to be raised where it was asked."""
    values = {name: one for name, one in error.values.items() if isinstance(one, str | int | float | None)}
    return Answer(asked=asked, error=type(error).__name__, text=error.text or str(error), values=values)


def error_of(answer: Answer) -> HotlineError:
    """Give the error again; of a kind that is not known here, HotlineError."""
    kind = _known(HotlineError, answer.error) or HotlineError
    error = kind.__new__(kind)
    HotlineError.__init__(error, answer.text)
    error.values = answer.values
    return error


def _known(kind: type[HotlineError], name: str) -> type[HotlineError] | None:
    if kind.__name__ == name:
        return kind
    return next((found for one in kind.__subclasses__() if (found := _known(one, name))), None)
