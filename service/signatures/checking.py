"""The check of signatures with the trusted list of the settings, by a program of its own."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from hotline.errors import SettingsError
from hotline.signatures.paper_signatures import PaperSignature, SignatureFault
from storage.core.confined import ProgramDied, run_confined

log = logging.getLogger(__name__)

_PROGRAM = "service.signatures.signature_check"
_LONGEST_CHECK = 120.0
"""Seconds."""


class SignaturesByList:
    """`hotline.signatures.paper_signatures.SignatureCheck`; `trusted` is a file of certificates, PEM.

    One signature is checked at a time: it takes a processor.
    """

    def __init__(self, trusted: Path | None = None) -> None:
        self._trusted = trusted
        self._turn = asyncio.Semaphore(1)

    async def check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        """Raises SettingsError for a trusted list that cannot be read."""
        asked = {
            "signature": str(signature),
            "papers": {name: str(path) for name, path in papers.items()},
            "trusted": None if self._trusted is None else str(self._trusted),
        }
        try:
            async with self._turn:
                said = await run_confined(_PROGRAM, given=msgspec.json.encode(asked), seconds=_LONGEST_CHECK)
        except ProgramDied as error:
            log.warning("signature could not be checked: %s", error)
            fault = SignatureFault.TOO_LONG if error.exhausted else SignatureFault.UNREADABLE
            return [PaperSignature(fault=fault)]
        found = msgspec.json.decode(said, type=list[PaperSignature] | None)
        if found is None:
            raise SettingsError(
                f"HOTLINE_SIGNATURES_TRUSTED: {self._trusted} is no file of certificates in PEM."
            )
        return found
