"""The hashes by which papers and certificates are signed, by name (OID): SHA-2, and Ukraine's own."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial

from cryptography.hazmat.primitives import hashes

from service.signatures.gost34311 import DKE, gost34311
from service.signatures.kupyna import kupyna

SHA256 = "2.16.840.1.101.3.4.2.1"
SHA2: Mapping[str, hashes.HashAlgorithm] = {
    SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
GOST34311 = "1.2.804.2.1.1.1.1.2.1"


def _by_library(name: str, content: bytes) -> bytes:
    return hashlib.new(name, content).digest()


_KUPYNA = {"1.2.804.2.1.1.1.1.2.2.1": 256, "1.2.804.2.1.1.1.1.2.2.2": 384, "1.2.804.2.1.1.1.1.2.2.3": 512}
_COMPUTED: Mapping[str, Callable[[bytes], bytes]] = {
    **{name: partial(_by_library, one.name) for name, one in SHA2.items()},
    **{name: partial(kupyna, bits=bits) for name, bits in _KUPYNA.items()},
}
KNOWN = frozenset({*_COMPUTED, GOST34311})
"""The names of hashes that can be computed here."""
OF_SIGNATURE: Mapping[str, str] = {
    "1.2.804.2.1.1.1.1.3.1.1": GOST34311,
    "1.2.804.2.1.1.1.1.3.1.1.1.1": GOST34311,
    **{
        f"1.2.804.2.1.1.1.1.3.6.{last}{end}": f"1.2.804.2.1.1.1.1.2.2.{last}"
        for last in (1, 2, 3)
        for end in ("", ".1")
    },
}
"""The hash that a signature by ДСТУ 4145 has in its name, by that name."""


def digest(name: str, content: bytes, sbox: bytes = DKE) -> bytes:
    """Hash the content by one of KNOWN; `sbox` is for ГОСТ 34.311 alone."""
    return gost34311(content, sbox) if name == GOST34311 else _COMPUTED[name](content)
