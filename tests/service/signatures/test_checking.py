"""Signatures checked by a program of its own, with the list of the settings."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hotline.errors import SettingsError
from hotline.signatures.paper_signatures import SignatureFault, SignatureState
from service.signatures import checking
from service.signatures.checking import SignaturesByList

MADE = Path(__file__).with_name("dstu")


def trusted(folder: Path) -> Path:
    root = x509.load_der_x509_certificate((MADE / "root.der").read_bytes())
    (folder / "trusted.pem").write_bytes(root.public_bytes(Encoding.PEM))
    return folder / "trusted.pem"


async def test_a_signature_is_checked_by_a_program_with_the_list(tmp_path: Path) -> None:
    order = tmp_path / "order"
    order.write_bytes("Розпорядження № 12".encode())
    [one] = await SignaturesByList(trusted(tmp_path)).check(MADE / "curve-6.p7s", {"order.pdf": order})
    assert (one.state, one.of) == (SignatureState.VALID, "order.pdf")
    assert one.signed_at is not None


async def test_a_list_that_is_none_is_told_to_who_set_it(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"nothing")
    for name in ("list", "missing"):
        with pytest.raises(SettingsError, match="HOTLINE_SIGNATURES_TRUSTED"):
            await SignaturesByList(tmp_path / name).check(MADE / "curve-6.p7s", {})


async def test_a_check_that_takes_too_long_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_LONGEST_CHECK", 0.0)
    [one] = await SignaturesByList(trusted(tmp_path)).check(MADE / "curve-6.p7s", {})
    assert (one.state, one.fault) == (SignatureState.NOT_CHECKABLE, SignatureFault.TOO_LONG)


async def test_no_signature_at_all_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "no.p7s").write_bytes(b"PK\x03\x04")
    [one] = await SignaturesByList().check(tmp_path / "no.p7s", {})
    assert one.fault is SignatureFault.UNREADABLE
