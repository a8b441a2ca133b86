"""Words of the pages of specialists for what the code names."""

from collections.abc import Mapping
from datetime import timedelta

from cti_server.frame.language import N_
from cti_server.frame.numbers import grouped
from hotline.specialists.involvement_states import InvolvementAct, InvolvementState
from hotline.specialists.involvements import MatterKind

PATH = "/specialists"
OWN = "/enterprise/specialists"
KINDS: Mapping[str, str] = {
    MatterKind.APPEAL: N_("Appeal"),
    MatterKind.TASK: N_("Task"),
    MatterKind.MEETING: N_("Meeting"),
}
PAGES: Mapping[str, str] = {
    MatterKind.APPEAL: "/appeals/",
    MatterKind.TASK: "/tasks/",
    MatterKind.MEETING: "/meetings/",
}
STATES: Mapping[str, str] = {
    InvolvementState.ASKED: N_("the manager's consent is awaited"),
    InvolvementState.AGREED: N_("takes part"),
    InvolvementState.REPORTED: N_("has given a conclusion"),
    InvolvementState.REFUSED: N_("the manager refused"),
    InvolvementState.ENDED: N_("part ended"),
}
MARKS_OF: Mapping[str, str] = {
    InvolvementState.ASKED: "assigned",
    InvolvementState.AGREED: "in-work",
    InvolvementState.REPORTED: "done",
    InvolvementState.REFUSED: "disputed",
    InvolvementState.ENDED: "closed",
}
DONE: Mapping[str | None, str] = {
    None: N_("Consent was asked for"),
    InvolvementAct.AGREE: N_("The manager agreed"),
    InvolvementAct.REFUSE: N_("The manager refused"),
    InvolvementAct.REPORT: N_("Conclusion"),
    InvolvementAct.END: N_("Part ended"),
}
CONTEXT: Mapping[str, object] = {
    "KINDS": KINDS,
    "PAGES": PAGES,
    "STATES": STATES,
    "MARKS_OF": MARKS_OF,
    "DONE": DONE,
    "grouped": grouped,
    "INSTANT": timedelta(microseconds=1),
}
"""`INSTANT` before the end is the last day."""
