"""Signatures of what is sent to webhooks, in the manner of Standard Webhooks (HMAC-SHA-256).

The receiver computes the same over `id.timestamp.body` with its secret, and compares.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

_PREFIX = "whsec_"
_SECRET_BYTES = 32
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret() -> str:
    """Make a secret of 256 bits, as the standard writes it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, event_id: str, at: datetime, body: bytes) -> str:
    """Sign one sending: the version of the signature and its base64."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = b".".join([event_id.encode(), str(int(at.timestamp())).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets_: Sequence[str], event_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Give the three headers; with several secrets each signs, so that a change of secret makes no pause."""
    return {
        ID: event_id,
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: " ".join(signature(one, event_id, at, body) for one in secrets_),
    }
