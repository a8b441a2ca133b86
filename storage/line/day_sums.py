"""The sums of one day as a document, by key: what is kept of a closed day, and what reports make of it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from hotline.calls.counted import Counted
from hotline.line.report import Key, LineSum

ANSWERED = frozenset({Counted.IN_TIME, Counted.ANSWERED})
_GAVE_UP = frozenset({Counted.SHORT, Counted.ABANDONED})
_MILLISECONDS = 1000


class DaySums(msgspec.Struct, array_like=True):
    """The sums of one day for one half-hour, dispatcher, topic or outcome; times are whole milliseconds."""

    calls: dict[Counted, int] = msgspec.field(default_factory=dict)
    """By the figures of which each call has one."""
    waits: dict[int, int] = msgspec.field(default_factory=dict)
    """How many were answered after each number of whole seconds."""
    answer_wait: int = 0
    abandon_wait: int = 0
    talk: int = 0
    after_call: int = 0
    owed: int = 0

    def count(self, figure: Counted, waited: int, calls: int, milliseconds: int) -> None:
        self.calls[figure] = self.calls.get(figure, 0) + calls
        if figure in ANSWERED:
            self.waits[waited] = self.waits.get(waited, 0) + calls
            self.answer_wait += milliseconds
        if figure in _GAVE_UP:
            self.abandon_wait += milliseconds

    def add(self, other: "DaySums") -> None:
        for figure, calls in other.calls.items():
            self.calls[figure] = self.calls.get(figure, 0) + calls
        for waited, calls in other.waits.items():
            self.waits[waited] = self.waits.get(waited, 0) + calls
        self.answer_wait += other.answer_wait
        self.abandon_wait += other.abandon_wait
        self.talk += other.talk
        self.after_call += other.after_call
        self.owed += other.owed

    def add_to(self, row: LineSum) -> None:
        row.calls.update(self.calls)
        row.answer_waits.update(self.waits)
        row.answer_wait += self.answer_wait / _MILLISECONDS
        row.abandon_wait += self.abandon_wait / _MILLISECONDS
        row.talk += self.talk / _MILLISECONDS
        row.after_call += self.after_call / _MILLISECONDS
        row.owed += self.owed

    def part(self, figure: Counted) -> int:
        """Give how many calls this figure has; KEPT as if nobody waited to be called back any more."""
        return sum(self.calls.get(one, 0) for one in _OF[figure]) if figure in _OF else self.owed


_OFFERED = (*sorted(ANSWERED), *sorted(_GAVE_UP), Counted.ELSEWHERE)
_OF: Mapping[Counted, tuple[Counted, ...]] = {
    Counted.INCOMING: (*_OFFERED, Counted.SELF_SERVED, Counted.NOT_IN_LINE, Counted.WAITING),
    Counted.SELF_SERVED: (Counted.SELF_SERVED,),
    Counted.NOT_IN_LINE: (Counted.NOT_IN_LINE,),
    Counted.OFFERED: _OFFERED,
    Counted.ANSWERED: tuple(sorted(ANSWERED)),
    Counted.IN_TIME: (Counted.IN_TIME,),
    Counted.ABANDONED: tuple(sorted(_GAVE_UP)),
    Counted.SHORT: (Counted.SHORT,),
    Counted.ELSEWHERE: (Counted.ELSEWHERE,),
    Counted.WAITING: (Counted.WAITING,),
}
"""A figure → those of which each call has one, and that it is made of."""

OfDay: TypeAlias = Mapping[int, DaySums] | Mapping[str, DaySums]
_ENCODER = msgspec.json.Encoder()
_OF_NUMBERS = msgspec.json.Decoder(dict[int, DaySums])
_OF_WORDS = msgspec.json.Decoder(dict[str, DaySums])


def document(counts: Iterable[Any], work: Iterable[Any], owed: Iterable[Any]) -> str:
    """Bring together the rows of the statements of `storage.line.report_counts`, and write them down."""
    found: dict[Key, DaySums] = {}
    for row in counts:
        found.setdefault(row.key, DaySums()).count(
            Counted(row.figure), row.waited, row.calls, row.milliseconds
        )
    for row in work:
        one = found.setdefault(row.key, DaySums())
        one.talk, one.after_call = row.talk, row.after_call
    for row in owed:
        found.setdefault(row.key, DaySums()).owed = row.owed
    return _ENCODER.encode(found).decode()


def read(written: str, *, numbers: bool) -> OfDay:
    """Read it back; `numbers`: its keys are numbers."""
    return _OF_NUMBERS.decode(written) if numbers else _OF_WORDS.decode(written)
