"""What one of several nodes has to make true."""

from dataclasses import replace

from hotline.line.invariants import InAsterisk, OnRecord, OpenTalk, Truth, broken
from hotline.line.line import Dispatcher, Priority, QueueEntry
from hotline.line.on_node import of_node
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from tests.fakes.clock import NOON

HERE, THERE = "hotline-a-1.1", "hotline-b-1.1"
OLENA = Dispatcher(
    id=1, extension="201", name="Олена", secret="s", presence=Presence.TALKING, reason="", since=NOON
)
IVAN = replace(OLENA, id=2, extension="202", name="Іван")
NOBODY = InAsterisk(channels={}, bridges=[])


def _talking(call_id: str, dispatcher: Dispatcher) -> QueueEntry:
    return QueueEntry(
        call_id=call_id,
        priority=Priority.ORDINARY,
        entered_at=NOON,
        state=QueueEntryState.TALKING,
        dispatcher_id=dispatcher.id,
    )


RECORD = OnRecord(
    entries=[_talking(HERE, OLENA), _talking(THERE, IVAN)],
    dispatchers=[OLENA, IVAN],
    talks=[
        OpenTalk(call_id=one, dispatcher_id=by.id, recorded=True)
        for one, by in ((HERE, OLENA), (THERE, IVAN))
    ],
    unended={HERE, THERE},
)


def _broken(record: OnRecord) -> set[tuple[Truth, str, int]]:
    return {(one.truth, one.call_id, one.dispatcher_id) for one in broken(record, NOBODY)}


def test_a_node_looks_after_its_own_calls_alone() -> None:
    """Neither Asterisk has any channel: each node finds its own call broken, and nothing of the other's."""
    mine, theirs = (_broken(of_node(RECORD, node, ())) for node in ("a", "b"))
    assert {call or by for _, call, by in mine} == {HERE}
    assert {call or by for _, call, by in theirs} == {THERE}
    assert mine | theirs == _broken(RECORD)


def test_where_there_is_one_node_it_looks_after_all() -> None:
    assert of_node(RECORD, "", ()) is RECORD


def test_a_dispatcher_whose_telephone_is_in_a_call_on_another_node_is_engaged_with_somebody() -> None:
    consulting = replace(RECORD, entries=[], talks=[], unended=frozenset(), dispatchers=[OLENA])
    assert {truth for truth, _, _ in _broken(of_node(consulting, "a", ()))} == {Truth.ENGAGED_WITH_SOMEBODY}
    assert not _broken(of_node(consulting, "a", ["201"]))
