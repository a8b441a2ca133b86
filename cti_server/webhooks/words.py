"""Words of webhooks."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.delivery.notice_states import NoticeState
from hotline.webhooks.addresses import AddressFault
from hotline.webhooks.states import WebhookState
from hotline.webhooks.webhook import PING

STATES: Mapping[WebhookState, str] = {
    WebhookState.ON: N_("on"),
    WebhookState.OFF: N_("turned off"),
    WebhookState.FAILED: N_("turned off: its address failed for long"),
}
EVENT_WORDS: Mapping[str, str] = {
    "appeal.registered": N_("an appeal got its number"),
    "appeal.changed": N_("something was done with an appeal"),
    "outage.changed": N_("an outage was entered or changed"),
    "call.arrived": N_("a call came or was placed"),
    "call.answered": N_("a talk with a dispatcher began"),
    "call.talk-ended": N_("a talk with a dispatcher ended"),
    "call.ended": N_("a call was over"),
    "recording.finished": N_("a recording was ready"),
    "recording.erased": N_("a recording was deleted"),
    "presence.changed": N_("a dispatcher’s presence changed"),
    PING: N_("test"),
}
ADDRESSES: Mapping[AddressFault, str] = {
    AddressFault.SHAPE: N_("Give an address such as https://system.example/hotline."),
    AddressFault.MORE: N_(
        "Leave user, password and what follows # out of the address: what is sent is signed."
    ),
    AddressFault.SAME: N_("This token has a webhook at this address already."),
}
SENDINGS: Mapping[NoticeState, str] = {
    NoticeState.OWED: N_("to be sent"),
    NoticeState.CLAIMED: N_("is being sent"),
    NoticeState.SENT: N_("received"),
    NoticeState.DELIVERED: N_("received"),
    NoticeState.FAILED: N_("not sent"),
    NoticeState.NEEDLESS: N_("not needed any more"),
    NoticeState.UNSURE: N_("not known whether it was sent"),
}
