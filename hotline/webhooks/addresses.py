"""Addresses of webhooks: `https`, by a name or a public address, with nothing secret in them."""

from enum import StrEnum
from urllib.parse import urlsplit

from hotline.errors import HotlineError

LONGEST = 500


class AddressFault(StrEnum):
    """Faults of an address."""

    SHAPE = "shape"
    """It is none of `https`, or too long."""
    MORE = "more"
    """It has a user, a password or a part after `#`."""
    SAME = "same"
    """The token has a webhook there already."""


class WrongAddress(HotlineError):  # noqa: N818 - reads as what it is
    """Nothing can be sent to such an address."""

    code = "wrong-address"

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(f"The address cannot be that of a webhook: {fault}.")
        self.fault = fault


def host_of(address: str) -> str:
    """Give the host of an address alone, for records: path and query may be all that keeps strangers out."""
    return urlsplit(address).netloc


def checked(address: str, *, http: bool) -> str:
    """Give the address without spaces around it; raises WrongAddress. `http` allows it without encryption."""
    given = address.strip()
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError as error:
        raise WrongAddress(AddressFault.SHAPE) from error
    schemes = {"https", "http"} if http else {"https"}
    plain = given.isascii() and given.isprintable() and " " not in given and len(given) <= LONGEST
    if not plain or parts.scheme not in schemes or not parts.hostname or port == 0:
        raise WrongAddress(AddressFault.SHAPE)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise WrongAddress(AddressFault.MORE)
    return given
