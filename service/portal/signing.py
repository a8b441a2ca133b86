"""Signs a digest with Ed25519, in a process of its own: the private keys are never in the service's memory.

    python -m service.portal.signing FILE < octets

The file is a line for each key: the day since which it signs, and its 32 octets in Base64. The last one
signs; each key is handed over by a signature of the one before it. Without a file one is made (0600).
"""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from attrs import define

from hotline.clock import Clock
from hotline.errors import HotlineError
from hotline.portal.closings import PublicKey, Signing, handed_over

SECRET_BYTES = 32
_HEADING = """\
# Keys that sign the closings of each day; the last line signs. Keep a copy elsewhere: a holder of this file
# can sign in the city's name, and without it the chain goes on under a key that nobody has handed over.
"""


class NotSigned(HotlineError):  # noqa: N818 - reads as what happened
    """The digest could not be signed; the message says why, and it is tried again."""

    code = "not-signed"


@define(eq=False, repr=False)
class Signer:
    """Has octets signed by the keys of a file."""

    file: Path
    _clock: Clock

    async def keys(self) -> Sequence[PublicKey]:
        """Give the public keys, the oldest first; the first is made where there is none. Raises NotSigned."""
        return (await self.sign(b"")).keys

    async def sign(self, octets: bytes) -> Signing:
        """Sign them with the last key; raises NotSigned."""
        command = (
            sys.executable,
            "-m",
            "service.portal.signing",
            str(self.file),
            str(self._clock.now().date()),
        )
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
        said, complaint = await process.communicate(octets)
        if process.returncode:
            why = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise NotSigned(f"The closings were not signed with {self.file}: {why}")
        read = json.loads(said)
        return Signing(
            keys=[
                PublicKey(key=one["key"], since=date.fromisoformat(one["since"]), signature=one["signature"])
                for one in read["keys"]
            ],
            signature=read["signature"],
        )


def add_key(file: Path, since: date) -> None:
    """Write a new key behind those that are there, in one step; raises OSError."""
    secret = base64.b64encode(os.urandom(SECRET_BYTES)).decode()
    before = file.read_text("ascii") if file.exists() else _HEADING
    fresh = file.with_name(f".{file.name}.new")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{before}{since} {secret}\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)


def signed(file: Path, octets: bytes) -> Signing:
    """Sign the octets with the last key of the file; raises OSError and ValueError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - only this process needs it
        Ed25519PrivateKey,
    )

    keys: list[PublicKey] = []
    private: Ed25519PrivateKey | None = None
    for line in file.read_text("ascii").splitlines():
        if not line or line.startswith("#"):
            continue
        day, secret = line.split()
        following = Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret, validate=True))
        public, since = _text(following.public_key().public_bytes_raw()), date.fromisoformat(day)
        by = b"" if private is None else private.sign(handed_over(public, since, keys[-1].key))
        keys.append(PublicKey(key=public, since=since, signature=_text(by)))
        private = following
    if private is None:
        raise ValueError(f"{file} has no key")
    return Signing(keys=keys, signature=_text(private.sign(octets)))


def is_signed(key: str, signature: str, octets: bytes) -> bool:
    """Tell whether the signature by this public key is of these octets."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only who verifies needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), octets)
    except (InvalidSignature, ValueError):
        return False
    return True


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _main(file: Path, today: date) -> None:
    if not file.exists():
        add_key(file, today)
    done = signed(file, sys.stdin.buffer.read())
    keys = [{"key": one.key, "since": one.since.isoformat(), "signature": one.signature} for one in done.keys]
    json.dump({"keys": keys, "signature": done.signature}, sys.stdout)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
