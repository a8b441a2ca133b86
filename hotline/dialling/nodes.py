"""The Asterisk node that a call is on, where there are several: its id tells.

Asterisk gives a citizen's call an id after its system name, `hotline-NODE-1764590000.12`; to calls that
we place we give ids that end so: `out-….NODE`. Legs and bridges are named after calls.
"""

import re

OUT_PREFIX = "out-"
"""Begins the channel's id of each call that we place."""
SYSTEM = "hotline"
NODE_NAME = r"[a-z][a-z0-9]{0,11}"
_INCOMING = re.compile(rf"{SYSTEM}-({NODE_NAME})-")
_OUTGOING = re.compile(rf"{OUT_PREFIX}.*\.({NODE_NAME})")


def system_name(node: str) -> str:
    """Name an Asterisk; where there is one, without a node's name."""
    return f"{SYSTEM}-{node}" if node else SYSTEM


def on_node(call_id: str, node: str) -> str:
    """End the id of a call that we place with its node's name, where there are several."""
    return f"{call_id}.{node}" if node else call_id


def node_of(call_id: str) -> str:
    """Tell the node of a call; empty where there is one."""
    found = _OUTGOING.fullmatch(call_id) or _INCOMING.match(call_id)
    return found.group(1) if found else ""


def is_here(call_id: str, node: str) -> bool:
    """Tell whether a call belongs to this node; where there is one, each does."""
    return not node or node_of(call_id) == node
