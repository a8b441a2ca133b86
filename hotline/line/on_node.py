"""The part of the line that one of several Asterisk nodes looks after: its own calls, their dispatchers."""

from collections.abc import Collection
from dataclasses import replace

from hotline.dialling.nodes import is_here
from hotline.line.invariants import OnRecord
from hotline.line.queue_entry_states import HOLDING


def of_node(record: OnRecord, node: str, elsewhere: Collection[str]) -> OnRecord:
    """Leave out what is another node's; `elsewhere` are the desks whose telephone is in a call there.

    A dispatcher whom another node's caller engages is that node's to look after.
    """
    if not node:
        return record
    theirs = {
        one.dispatcher_id for one in record.entries if one.state in HOLDING and not is_here(one.call_id, node)
    }
    return replace(
        record,
        entries=[one for one in record.entries if is_here(one.call_id, node)],
        dispatchers=[
            one for one in record.dispatchers if one.id not in theirs and one.extension not in elsewhere
        ],
        talks=[one for one in record.talks if is_here(one.call_id, node)],
        unended=frozenset(one for one in record.unended if is_here(one, node)),
    )
