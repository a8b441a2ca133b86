"""Checks a signature in a program of its own: sums and hashes of ДСТУ take a processor for seconds.

`python -m service.signatures.signature_check` reads a `Check` and prints a list of `PaperSignature`, or null
for a list of trusted certificates that cannot be read; both as JSON.
"""

import sys
from pathlib import Path

import msgspec

from hotline.signatures.paper_signatures import PaperSignature
from service.signatures.cms import CmsSignatures, trusted_in
from storage.core.confinement import confine

MOST_MEMORY = 1024 * 2**20
MOST_SECONDS = 90
"""Of a processor: some forty megabytes of papers by ГОСТ 34.311."""


class Check(msgspec.Struct, frozen=True):
    """What to check: the files of a signature, of papers by their names, of trusted certificates."""

    signature: str
    papers: dict[str, str]
    trusted: str | None


def main() -> None:
    confine(memory=MOST_MEMORY, cpu_seconds=MOST_SECONDS, written=0)
    found = checked(msgspec.json.decode(sys.stdin.buffer.read(), type=Check))
    sys.stdout.buffer.write(msgspec.json.encode(found))


def checked(asked: Check) -> list[PaperSignature] | None:
    """Check it; None when the trusted list cannot be read."""
    try:
        trusted = trusted_in(Path(asked.trusted).read_bytes()) if asked.trusted else ()
    except (OSError, ValueError):
        return None
    papers = {name: Path(path) for name, path in asked.papers.items()}
    return list(CmsSignatures(trusted).check(Path(asked.signature), papers))


if __name__ == "__main__":
    main()
