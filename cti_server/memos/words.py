"""Words for what the code names of memos."""

from collections.abc import Mapping
from typing import Any

from cti_server.frame.language import N_
from hotline.memos.memo_states import MemoState
from hotline.memos.memos import Addressee, MemoKind

PATH = "/memos"
KINDS: Mapping[MemoKind, str] = {
    MemoKind.PROPOSAL: N_("Proposal of the centre"),
    MemoKind.MEMORANDUM: N_("Memorandum"),
    MemoKind.BREACH: N_("Report of a breach of law"),
}
ADDRESSEES: Mapping[Addressee, str] = {
    Addressee.MAYOR: N_("to the mayor"),
    Addressee.DEPARTMENT: N_("to the department"),
}
STATES: Mapping[MemoState, str] = {
    MemoState.DRAFT: N_("Draft"),
    MemoState.SENT: N_("Waits for the answer of its addressee"),
    MemoState.ACCEPTED: N_("Taken up"),
    MemoState.DECLINED: N_("Turned down"),
    MemoState.DEFERRED: N_("Put off"),
    MemoState.DROPPED: N_("Never sent"),
}
MARKS: Mapping[MemoState, str] = {
    MemoState.DRAFT: "idle",
    MemoState.SENT: "work",
    MemoState.ACCEPTED: "done",
    MemoState.DECLINED: "closed",
    MemoState.DEFERRED: "work",
    MemoState.DROPPED: "closed",
}
CONTEXT: Mapping[str, Any] = {
    "KINDS": KINDS,
    "ADDRESSEES": ADDRESSEES,
    "STATES": STATES,
    "MARKS": MARKS,
}
