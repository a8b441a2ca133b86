"""Words of what came of checking an electronic signature."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.signatures.paper_signatures import SignatureFault, SignatureState

SIGNATURE_STATES: Mapping[SignatureState, str] = {
    SignatureState.VALID: N_("The signature is valid"),
    SignatureState.INVALID: N_("The signature is not valid"),
    SignatureState.NOT_CHECKABLE: N_("The signature cannot be checked here"),
}
SIGNATURE_FAULTS: Mapping[SignatureFault, str] = {
    SignatureFault.NO_PAPER: N_("the paper that was signed is not beside it, or was changed since"),
    SignatureFault.WRONG: N_("it does not fit the paper and the certificate"),
    SignatureFault.OUT_OF_TIME: N_("the certificate did not hold when it was signed"),
    SignatureFault.UNTRUSTED: N_("the certificate leads to none of the trusted list"),
    SignatureFault.NO_LIST: N_("it fits, and the trusted list that would tell whose it is is not set"),
    SignatureFault.ALGORITHM: N_("its algorithm or curve is unknown here"),
    SignatureFault.TOO_LONG: N_("checking it took too long: the papers beside it are too large"),
    SignatureFault.UNREADABLE: N_("the file cannot be read as a signature"),
}
SIGNATURE_SIGNS: Mapping[SignatureState, str] = {
    SignatureState.VALID: "✓",
    SignatureState.INVALID: "▲",
    SignatureState.NOT_CHECKABLE: "◐",
}
