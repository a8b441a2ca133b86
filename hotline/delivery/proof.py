"""Proof that somebody was told: handed over is not delivered, and delivered is not heard."""

from collections.abc import Iterable
from enum import StrEnum

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState

IN_A_FILE = "file:"
"""Begins the name of a hand-over that only wrote a file, as no gateway is set: nothing left the machine."""


class Proof(StrEnum):
    """Degrees to which it is known that somebody was told, the strongest first."""

    HEARD = "heard"
    """They heard it to its end: a key in the call says so, or the call in which it was said to them."""
    DELIVERED = "delivered"
    """The gateway says that it is on their device; of a page: seen."""
    HEARD_PARTLY = "heard-partly"
    """Somebody or a machine answered the call and confirmed nothing, or wanted no more such calls."""
    HANDED_OVER = "handed-over"
    """The gateway or the mail server has taken it; nobody knows more."""
    WRITTEN = "written"
    """It lies in a file, as no gateway is set."""
    NONE = "none"

    @property
    def proved(self) -> bool:
        """Tell whether it proves that they were told."""
        return self in {Proof.HEARD, Proof.DELIVERED}


def proof_of(channel: Channel, state: NoticeState, provider_id: str = "") -> Proof:
    """Tell what a notice proves."""
    if state is NoticeState.DELIVERED:
        return Proof.DELIVERED
    if state is not NoticeState.SENT:
        return Proof.NONE
    if provider_id.startswith(IN_A_FILE):
        return Proof.WRITTEN
    return {Channel.CALL: Proof.HEARD, Channel.PAGE: Proof.DELIVERED}.get(channel, Proof.HANDED_OVER)


def strongest(proofs: Iterable[Proof]) -> Proof:
    """Give the strongest of them; NONE of nothing."""
    found = set(proofs)
    return next((one for one in Proof if one in found), Proof.NONE)
