"""Transition tables of state machines: which event leads from which state to which; all other events raise.

Each machine's table is literal data in the file of its states. Statements in SQL take the states that they
may change from it, and `docs/states.py` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from hotline.errors import ForbiddenTransition

StateT = TypeVar("StateT", bound=StrEnum)
EventT = TypeVar("EventT", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitions(Generic[StateT, EventT]):
    """The table of one machine. `subject` names, in an error, whose state it is: "The order"."""

    subject: str
    initial: frozenset[StateT]
    """The states in which it may begin."""
    table: Mapping[StateT, Mapping[EventT, StateT]]

    def allows(self, state: StateT, event: EventT) -> bool:
        return event in self.table[state]

    def after(self, state: StateT, event: EventT) -> StateT:
        """Give the state to which the event leads; raises ForbiddenTransition where it leads nowhere."""
        if not self.allows(state, event):
            raise ForbiddenTransition(
                "%(subject)s is %(state)s: %(event)s is not possible then.",
                subject=self.subject,
                state=state.value,
                event=event.value,
            )
        return self.table[state][event]

    def possible(self, state: StateT) -> frozenset[EventT]:
        """Give the events that are possible in this state; none in one that is final."""
        return frozenset(self.table[state])

    def sources(self, event: EventT) -> frozenset[StateT]:
        """Give the states in which the event is possible: those that a statement in SQL may change."""
        return frozenset(state for state, events in self.table.items() if event in events)

    def target(self, event: EventT) -> StateT:
        """Give the one state to which the event leads; raises ValueError where there are several, or none."""
        targets = {events[event] for events in self.table.values() if event in events}
        if len(targets) != 1:
            raise ValueError(f"{self.subject}: {event} leads to {sorted(map(str, targets))}.")
        return targets.pop()
