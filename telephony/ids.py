"""Names of our channels, legs and bridges in Asterisk: the name tells what it belongs to."""

import uuid

from hotline.calls.call import TRIAL_PREFIX
from hotline.dialling.nodes import OUT_PREFIX, node_of, on_node
from hotline.supervision.listening import Mode

LEG_PREFIX = "ring-"
TALK_PREFIX = "talk-"
CONTACT_PREFIX = "contact-"
CONSULT_PREFIX = "consult-"
EAR_PREFIX = "ear-"
"""Begins the names of the two channels by which a caller is heard: nobody is on either."""
HEARING_PREFIX = "hearing-"
WATCH_PREFIX = "watch-"
"""Begins the name of a supervisor's telephone that is on a talk of somebody else."""
SNOOP_PREFIX = "snoop-"
"""Begins the name of a channel by which they hear the talk: nobody is on it."""
WATCHING_PREFIX = "watching-"
_BACK_PREFIX = f"{OUT_PREFIX}back-"
_DEMO_PREFIX = "demo-citizen-"
"""Begins the name of the demo citizen's own half of a trial call: only the dialplan is on it."""
TRUNK = "outgoing"
"""The endpoint in asterisk-conf through which calls leave, and the first of our arguments to Stasis."""

PROVIDER = "trunk"
"""The endpoint in asterisk-conf that the provider's calls come by, and that is asked whether it answers."""


def leg_id(call_id: str, attempt: int) -> str:
    """Name the channel of an attempt to ring a dispatcher: derived, so that any worker finds it again."""
    return f"{LEG_PREFIX}{call_id}-{attempt}"


def bridge_id(leg: str) -> str:
    """Name the bridge in which a leg talks with a citizen.

    Each leg has its own: Asterisk takes a moment to forget a bridge that was destroyed, and until then it
    refuses another of the same id.
    """
    return f"{TALK_PREFIX}{leg}"


def mixed_by(bridge: str) -> tuple[str, str]:
    """Name the playbacks that keep a bridge mixed; they take turns."""
    return f"mixed-{bridge}-0", f"mixed-{bridge}-1"


def contact_bridge(contact: str) -> str:
    """Name the bridge in which a duty contact, whom we have called, talks with a citizen."""
    return f"{CONTACT_PREFIX}{contact}"


def call_of(leg: str) -> str:
    """Tell to which call a leg's channel id belongs."""
    return leg.removeprefix(LEG_PREFIX).rpartition("-")[0]


def outgoing_id(node: str) -> str:
    """Name the channel of a call that we place: by it anybody knows such a call, after a restart too."""
    return on_node(f"{OUT_PREFIX}{uuid.uuid4().hex}", node)


def trial_id(node: str) -> str:
    """Name the channel of a trial call."""
    return on_node(f"{TRIAL_PREFIX}{uuid.uuid4().hex}", node)


def demo_citizen(call_id: str) -> str:
    """Name the other half of a trial call, on which the dialplan speaks as the citizen."""
    return f"{_DEMO_PREFIX}{call_id}"


def calling_back(kept: str, attempt: int, node: str) -> str:
    """Name the channel of an attempt of this node to call back a caller whose place was kept."""
    return on_node(f"{_BACK_PREFIX}{attempt}-{kept}", node)


def place_kept(channel_id: str) -> str | None:
    """Return the call whose place was kept, from a name of `calling_back`; None for all other channels."""
    if not channel_id.startswith(_BACK_PREFIX):
        return None
    kept = channel_id.removeprefix(_BACK_PREFIX).partition("-")[2]
    node = node_of(channel_id)
    return kept.removesuffix(f".{node}") if node else kept


def is_outgoing(channel_id: str) -> bool:
    return channel_id.startswith(OUT_PREFIX)


def consult_bridge(leg: str) -> str:
    """Name the bridge in which a dispatcher speaks with the colleague of this leg."""
    return f"{CONSULT_PREFIX}{leg}"


def copy_id(call_id: str, question: str) -> str:
    """Name the channel that copies what comes from a caller's telephone."""
    return f"{EAR_PREFIX}{call_id}-{question}"


def carrier_id(call_id: str, question: str) -> str:
    """Name the channel that carries the copy out to an ear."""
    return f"{EAR_PREFIX}{call_id}-{question}-out"


def is_ear(channel_id: str) -> bool:
    return channel_id.startswith(EAR_PREFIX)


def watch_id(call_id: str, supervisor_id: int) -> str:
    """Name the telephone of a supervisor on this call; each time another name."""
    return f"{WATCH_PREFIX}{supervisor_id}-{uuid.uuid4().hex}-{call_id}"


def watched_by(watch: str) -> tuple[str, int]:
    """Tell from a name of `watch_id` the call, and the supervisor's desk."""
    supervisor, _, rest = watch.removeprefix(WATCH_PREFIX).partition("-")
    return rest.partition("-")[2], int(supervisor)


def snoop_id(watch: str, mode: Mode) -> str:
    """Name a channel by which this supervisor hears; each time another name."""
    return f"{SNOOP_PREFIX}{mode}-{uuid.uuid4().hex}-{watch}"


def snooped_by(snoop: str) -> tuple[str, Mode]:
    """Tell from a name of `snoop_id` the supervisor's channel, and how they take part."""
    mode, _, rest = snoop.removeprefix(SNOOP_PREFIX).partition("-")
    return rest.partition("-")[2], Mode(mode)


def watching_bridge(watch: str) -> str:
    """Name the bridge of a supervisor's telephone with what they hear."""
    return f"{WATCHING_PREFIX}{watch}"


def is_nobody(channel_id: str) -> bool:
    """Tell whether the channel only carries sound: an ear's, a supervisor's snoop, the demo citizen's own."""
    return channel_id.startswith((EAR_PREFIX, SNOOP_PREFIX, _DEMO_PREFIX))


def hearing_bridge(copy: str) -> str:
    """Name the bridge of the two."""
    return f"{HEARING_PREFIX}{copy}"
