"""The words of orders."""

from collections.abc import Mapping
from typing import Any

from cti_server.campaigns.words import PEOPLE
from cti_server.delivery.words import PROOFS
from cti_server.frame.language import N_
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.proof import Proof
from hotline.informing.order_states import OrderAct, OrderState
from hotline.informing.orders import Way

STATES: Mapping[str, str] = {
    OrderState.DRAFT: N_("draft"),
    OrderState.SUBMITTED: N_("waits for approval"),
    OrderState.APPROVED: N_("approved, begins in time"),
    OrderState.PREPARING: N_("looking up the people"),
    OrderState.RUNNING: N_("people are being told"),
    OrderState.PAUSED: N_("paused"),
    OrderState.STOPPED: N_("stopped"),
    OrderState.DONE: N_("finished"),
}
WAYS: Mapping[str, str] = {
    Way.CALL: N_("automatic call"),
    Way.SMS: N_("short message"),
    Way.EMAIL: N_("e-mail"),
    Way.IVR: N_("said to whoever calls the hotline"),
    Way.PAGE: N_("on the public page of outages"),
}
CALLED: Mapping[str, str] = PEOPLE
"""The same words as on the page of its calls."""
NOTICES: Mapping[str, str] = {
    NoticeState.OWED: N_("still to be sent"),
    NoticeState.CLAIMED: N_("being sent"),
    NoticeState.SENT: PROOFS[Proof.HANDED_OVER],
    NoticeState.DELIVERED: PROOFS[Proof.DELIVERED],
    NoticeState.FAILED: N_("not delivered"),
    NoticeState.NEEDLESS: N_("not sent, stopped before"),
    NoticeState.UNSURE: N_("unknown whether it went"),
    Proof.WRITTEN: PROOFS[Proof.WRITTEN],
}
ACTS: Mapping[OrderAct, str] = {
    OrderAct.SUBMIT: N_("Submit for approval"),
    OrderAct.APPROVE: N_("Approve"),
    OrderAct.TAKE_BACK: N_("Take back"),
    OrderAct.RESUME: N_("Go on"),
    OrderAct.PAUSE: N_("Hold it"),
    OrderAct.STOP: N_("Stop for good"),
    OrderAct.DISCARD: N_("Delete the draft"),
}
"""The acts that have a button, in the order of the buttons."""
ASKED: Mapping[OrderAct, str] = {
    OrderAct.APPROVE: N_("Approve order № %(number)s?"),
    OrderAct.PAUSE: N_("Hold order № %(number)s?"),
    OrderAct.STOP: N_("Stop order № %(number)s for good?"),
    OrderAct.DISCARD: N_("Delete the draft of order № %(number)s?"),
}
"""The acts that are asked about first, with the numbers."""
DELETED = N_("deleted draft")
CONTEXT: Mapping[str, Any] = {
    "ORDER_STATES": STATES,
    "WAYS": WAYS,
    "DELETED": DELETED,
    "CALLED": CALLED,
    "NOTICES": NOTICES,
}
