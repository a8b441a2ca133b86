"""How somebody is reached, or has reached us."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to tell somebody something."""

    PAGE = "page"
    """On their page of this product, and nowhere else."""
    EMAIL = "email"
    SMS = "sms"
    CALL = "call"
    OPEN311 = "open311"
    """To an enterprise's own server, by the standard (`hotline.enterprises.open311`)."""
    WEBHOOK = "webhook"
    """To another system, at an address of its own; nobody is told by it."""
    NEIGHBOUR = "neighbour"
    """To the hotline of a city whose telephone we answer (`hotline.neighbours`); nobody is told by it."""
    CHAT = "chat"
    """In the conversation with a messenger's person."""


TO_PEOPLE = (Channel.PAGE, Channel.EMAIL, Channel.SMS, Channel.CALL)
