"""Digest authentication as a SIP client answers it (RFC 7616, RFC 8760): MD5, SHA-256."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FIELDS = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_ALGORITHMS = ("SHA-256", "MD5")  # the better one first


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Credentials for the challenge. `nonce` is the client's own, fresh for each answer."""

    user: str
    secret: str
    nonce: str


def authorization(challenges: Sequence[str], method: str, uri: str, credentials: Credentials) -> str | None:
    """Answer the best of these challenges as an Authorization value; None when none can be met."""
    understood = {
        fields.get("algorithm", "MD5").upper(): fields
        for fields in map(_fields, challenges)
        if "nonce" in fields
    }
    for algorithm in _ALGORITHMS:
        if algorithm in understood:
            return _answer(algorithm, understood[algorithm], method, uri, credentials)
    return None


def _answer(algorithm: str, challenge: dict[str, str], method: str, uri: str, who: Credentials) -> str:
    digest = _hash(algorithm)
    realm, nonce = challenge.get("realm", ""), challenge["nonce"]
    secret = digest(f"{who.user}:{realm}:{who.secret}")
    request = digest(f"{method}:{uri}")
    with_qop = "auth" in re.split(r"[\s,]+", challenge.get("qop", ""))
    between = f"{nonce}:00000001:{who.nonce}:auth" if with_qop else nonce
    response = digest(f"{secret}:{between}:{request}")
    opaque = challenge.get("opaque")
    parts = [
        f'Digest username="{who.user}", realm="{realm}", nonce="{nonce}", uri="{uri}"',
        f'response="{response}", algorithm={algorithm}',
    ]
    if with_qop:
        parts.append(f'qop=auth, nc=00000001, cnonce="{who.nonce}"')
    if opaque is not None:
        parts.append(f'opaque="{opaque}"')
    return ", ".join(parts)


def _hash(algorithm: str) -> Callable[[str], str]:
    make = hashlib.sha256 if algorithm == "SHA-256" else hashlib.md5
    return lambda text: make(text.encode()).hexdigest()


def _fields(challenge: str) -> dict[str, str]:
    return {name.lower(): quoted or bare for name, quoted, bare in _FIELDS.findall(challenge)}
