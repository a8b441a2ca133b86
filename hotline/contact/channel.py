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
