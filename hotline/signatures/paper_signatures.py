"""Electronic signatures (КЕП) of incoming papers: a file `.p7s` beside the paper, checked behind a port.

A signature is valid, invalid with its reason, or cannot be checked here, which is no word on the paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

SIGNATURE = "application/pkcs7-signature"
"""The media type of a signature's file."""


class SignatureState(StrEnum):
    """What came of checking one."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKABLE = "not-checkable"


class SignatureFault(StrEnum):
    """Why it is not valid."""

    NO_PAPER = "no-paper"
    """None of the files beside it is what was signed, as it was then."""
    WRONG = "wrong"
    """It is not by the key of its certificate, or not of these octets."""
    OUT_OF_TIME = "out-of-time"
    """It was made when its certificate did not hold, or says of no time."""
    UNTRUSTED = "untrusted"
    """Its certificate leads to none of the trusted list."""
    NO_LIST = "no-list"
    """There is no trusted list here: whose it is says its certificate alone."""
    ALGORITHM = "algorithm"
    """Its algorithm or curve is unknown here."""
    TOO_LONG = "too-long"
    """Checking it took longer than it may: the papers beside it are large."""
    UNREADABLE = "unreadable"


STATES: Mapping[SignatureFault, SignatureState] = {
    SignatureFault.NO_PAPER: SignatureState.NOT_CHECKABLE,
    SignatureFault.WRONG: SignatureState.INVALID,
    SignatureFault.OUT_OF_TIME: SignatureState.INVALID,
    SignatureFault.UNTRUSTED: SignatureState.INVALID,
    SignatureFault.NO_LIST: SignatureState.NOT_CHECKABLE,
    SignatureFault.ALGORITHM: SignatureState.NOT_CHECKABLE,
    SignatureFault.TOO_LONG: SignatureState.NOT_CHECKABLE,
    SignatureFault.UNREADABLE: SignatureState.NOT_CHECKABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSignature:
    """One signature as it was checked. Who signed is as their certificate says, "" where it says nothing."""

    fault: SignatureFault | None = None
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    signed_at: datetime | None = None
    """By the signer's own clock."""
    of: str = ""
    """The name of the paper."""

    @property
    def state(self) -> SignatureState:
        return SignatureState.VALID if self.fault is None else STATES[self.fault]


class SignatureCheck(Protocol):
    """Checks a signature's file against the papers that lie beside it."""

    async def check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        """Give its signatures, one for each signer; `papers` are files by their names."""
        ...
