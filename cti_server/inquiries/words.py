"""Words of the pages of requests for information for what the code names."""

from collections.abc import Mapping
from datetime import timedelta

from cti_server.frame.language import N_
from cti_server.frame.numbers import grouped
from hotline.inquiries.inquiry_states import InquiryAct, InquiryState

STATES: Mapping[str, str] = {
    InquiryState.ASKED: N_("an answer is awaited"),
    InquiryState.ANSWERED: N_("answered, to be read"),
    InquiryState.RETURNED: N_("returned, another awaited"),
    InquiryState.ACCEPTED: N_("answer accepted"),
    InquiryState.WITHDRAWN: N_("withdrawn"),
}
MARKS_OF: Mapping[str, str] = {
    InquiryState.ASKED: "assigned",
    InquiryState.ANSWERED: "hold",
    InquiryState.RETURNED: "disputed",
    InquiryState.ACCEPTED: "done",
    InquiryState.WITHDRAWN: "closed",
}
DONE: Mapping[str | None, str] = {
    None: N_("Asked"),
    InquiryAct.ANSWER: N_("Answered"),
    InquiryAct.ACCEPT: N_("Accepted"),
    InquiryAct.RETURN: N_("Returned"),
    InquiryAct.WITHDRAW: N_("Withdrawn"),
}
CONTEXT: Mapping[str, object] = {
    "STATES": STATES,
    "MARKS_OF": MARKS_OF,
    "DONE": DONE,
    "grouped": grouped,
    "INSTANT": timedelta(microseconds=1),
}
"""`INSTANT` before the end of a term is its last day."""
