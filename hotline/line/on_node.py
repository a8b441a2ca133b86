"""The part of the line that one of several Asterisk nodes looks after: its own calls, their dispatchers."""

from collections.abc import Collection
from dataclasses import replace

from hotline.dialling.nodes import is_here, node_of
from hotline.line.invariants import OnRecord
from hotline.line.line import QueueEntry
from hotline.line.queue_entry_states import HOLDING


def looked_after(entry: QueueEntry, node: str) -> bool:
    """Tell whether this node looks after a place: a call's own does, unless another has adopted it."""
    return not node or (entry.node or node_of(entry.call_id)) == node


def of_node(record: OnRecord, node: str, elsewhere: Collection[str]) -> OnRecord:
    """Leave out what is another node's; `elsewhere` are the desks whose telephone is in a call there.

    A dispatcher whom another node's caller engages is that node's to look after.
    """
    if not node:
        return record
    theirs = {
        one.dispatcher_id for one in record.entries if one.state in HOLDING and not looked_after(one, node)
    }
    return replace(
        record,
        entries=[one for one in record.entries if looked_after(one, node)],
        dispatchers=[
            one for one in record.dispatchers if one.id not in theirs and one.extension not in elsewhere
        ],
        talks=[one for one in record.talks if is_here(one.call_id, node)],
        unended=frozenset(one for one in record.unended if is_here(one, node)),
    )
