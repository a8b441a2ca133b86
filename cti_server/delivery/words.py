"""The words of notices for what the code names."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice
from hotline.delivery.proof import Proof, proof_of

PROOFS: Mapping[Proof, str] = {
    Proof.HEARD: N_("heard to its end"),
    Proof.DELIVERED: N_("delivered"),
    Proof.HEARD_PARTLY: N_("answered, not confirmed"),
    Proof.HANDED_OVER: N_("handed over"),
    Proof.WRITTEN: N_("written into a file: no gateway is set"),
    Proof.NONE: N_("not told"),
}
CHANNELS: Mapping[str, str] = {
    Channel.PAGE: N_("on the page"),
    Channel.EMAIL: N_("e-mail"),
    Channel.SMS: N_("short message"),
    Channel.CALL: N_("automatic call"),
    Channel.OPEN311: N_("its own Open311"),
    Channel.WEBHOOK: N_("to another system"),
    Channel.NEIGHBOUR: N_("to another city’s hotline"),
    Channel.CHAT: N_("in the messenger's chat"),
}
_STATES: Mapping[str, str] = {
    NoticeState.OWED: N_("to be sent"),
    NoticeState.CLAIMED: N_("is being sent"),
    NoticeState.FAILED: N_("not sent"),
    NoticeState.NEEDLESS: N_("not needed any more"),
    NoticeState.UNSURE: N_("not known whether it was sent"),
}
_SEEN = N_("seen")
_NOT_SEEN = N_("not seen yet")
_AGAIN = N_("tried in vain, to be tried again")
RECIPIENTS: Mapping[str, str] = {
    "applicant": N_("applicant"),
    "equipment": N_("whom equipment calls"),
    "watcher": N_("who asked about the outage"),
    "subscriber": N_("who subscribed to news of their house"),
    "account": N_("who has an account on the page"),
    "resident": N_("resident whom an order informs"),
    "contact": N_("contact of the executor"),
    "executor": N_("executor"),
    "head": N_("head of the centre"),
    "user": N_("user of the system"),
    "department": N_("head of the department"),
    "office": N_("address for reports"),
    "invitee": N_("invitee of a meeting"),
    "consent": N_("manager asked for a specialist"),
    "specialist": N_("specialist drawn in"),
    "writer": N_("who wrote by short message"),
}


def recipient(notice: Notice) -> str:
    """Return the recipient, to be translated."""
    return RECIPIENTS[notice.to.partition(":")[0]]


def state(notice: Notice) -> str:
    """Say how far it got, to be translated."""
    if notice.channel is Channel.PAGE:
        return _SEEN if notice.state is NoticeState.SENT else _NOT_SEEN
    proof = proof_of(notice.channel, notice.state, notice.provider_id)
    if proof is not Proof.NONE:
        return PROOFS[proof]
    if notice.state is NoticeState.OWED and notice.fault:
        return _AGAIN
    return _STATES[notice.state]
