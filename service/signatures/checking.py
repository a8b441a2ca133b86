"""The check of signatures with the trusted list of the settings; its library is loaded by the first check."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from hotline.errors import SettingsError
from hotline.signatures.paper_signatures import PaperSignature, SignatureCheck


class SignaturesByList:
    """`hotline.signatures.paper_signatures.SignatureCheck`; `trusted` is a file of certificates, PEM."""

    def __init__(self, trusted: Path | None = None) -> None:
        self._trusted = trusted
        self._made: SignatureCheck | None = None

    async def check(self, signature: Path, papers: Mapping[str, Path]) -> Sequence[PaperSignature]:
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        return await self._made.check(signature, papers)

    def _make(self) -> SignatureCheck:
        """Read the list anew by each service; raises SettingsError for one that cannot be read."""
        from service.signatures.cms import CmsSignatures, trusted_in  # noqa: PLC0415 - few papers have any

        if self._trusted is None:
            return CmsSignatures()
        try:
            return CmsSignatures(trusted_in(self._trusted.read_bytes()))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"HOTLINE_SIGNATURES_TRUSTED: {self._trusted} is no file of certificates in PEM."
            ) from error
