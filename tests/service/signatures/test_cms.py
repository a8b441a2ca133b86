"""Signatures by RSA and ECDSA, made here: valid, invalid with the reason, or not to be checked."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from hotline.signatures.der import SET
from hotline.signatures.paper_signatures import PaperSignature, SignatureFault, SignatureState
from hotline.signatures.signed_data import signed_data
from service.signatures.cms import CmsSignatures, trusted_in
from tests.fakes.signing import DAY, KEYS, MAYOR, MIDDLE, ROOT, Signing, issue, signed

ORDER = "Розпорядження № 12".encode()


def check(
    folder: Path, signature: bytes, *, trusted: Signing | None = ROOT, **papers: bytes
) -> PaperSignature:
    """Check it beside these papers; there is one signer."""
    (folder / "paper.p7s").write_bytes(signature)
    for name, content in papers.items():
        (folder / name).write_bytes(content)
    certificates = [trusted.certificate] if trusted else []
    [one] = CmsSignatures(certificates).check(folder / "paper.p7s", {name: folder / name for name in papers})
    return one


@pytest.mark.parametrize("kind", KEYS)
def test_a_signature_beside_the_paper_is_valid_and_says_whose_it_is(tmp_path: Path, kind: str) -> None:
    by = issue("Фомічев Юрій Кирилович", KEYS[kind](), MIDDLE)
    signature = signed(ORDER, by, pkcs7.PKCS7Options.DetachedSignature)
    one = check(tmp_path, signature, other=b"something else", order=ORDER)
    assert (one.state, one.fault, one.of) == (SignatureState.VALID, None, "order")
    assert (one.signer, one.organisation) == ("Фомічев Юрій Кирилович", "Славутицька міська рада")
    assert one.issuer == "АЦСК"
    assert one.signed_at is not None


def test_a_paper_within_its_signature_is_checked_as_well(tmp_path: Path) -> None:
    assert (check(tmp_path, signed(ORDER, MAYOR))).state is SignatureState.VALID


@pytest.mark.parametrize("options", [[], [pkcs7.PKCS7Options.DetachedSignature]])
def test_a_paper_that_several_have_signed_by_one_hash_or_another_is_each_ones(
    tmp_path: Path, options: list[pkcs7.PKCS7Options]
) -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(ORDER)
    names = ["Перший", "Другий", "Третій"]
    for name, by in zip(names, (hashes.SHA256(), hashes.SHA256(), hashes.SHA512()), strict=True):
        one = issue(name, KEYS["ecdsa"](), MIDDLE)
        builder = builder.add_signer(one.certificate, one.key, by)
    builder = builder.add_certificate(MIDDLE.certificate)
    whole = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])
    for name, content in (("order", ORDER), ("other", b"something else")):
        (tmp_path / name).write_bytes(content)
    papers = {name: tmp_path / name for name in ("other", "order")}
    found = CmsSignatures([ROOT.certificate]).check(_written(tmp_path, whole), papers)
    assert sorted(one.signer for one in found) == sorted(names)
    assert {(one.state, one.of) for one in found} == {(SignatureState.VALID, "order" if options else "")}


def test_a_paper_that_was_altered_is_not_what_was_signed(tmp_path: Path) -> None:
    signature = signed(ORDER, MAYOR, pkcs7.PKCS7Options.DetachedSignature)
    one = check(tmp_path, signature, order=ORDER + b"!")
    assert (one.state, one.fault) == (SignatureState.NOT_CHECKABLE, SignatureFault.NO_PAPER)
    within = signed(ORDER, MAYOR).replace(ORDER, ORDER[:-1] + b"3")
    assert (check(tmp_path, within)).fault is SignatureFault.WRONG


def test_an_altered_signature_or_time_is_wrong(tmp_path: Path) -> None:
    signature = bytearray(signed(ORDER, MAYOR))
    signature[-1] ^= 1
    assert (check(tmp_path, bytes(signature))).fault is SignatureFault.WRONG


def test_a_certificate_out_of_its_time_or_of_nobody_we_trust_is_invalid(tmp_path: Path) -> None:
    late = issue("Колишній", KEYS["ecdsa"](), MIDDLE, since=-10 * DAY)
    assert (check(tmp_path, signed(ORDER, late))).fault is SignatureFault.OUT_OF_TIME
    false = issue("АЦСК", KEYS["ecdsa"](), ca=True)
    forged = issue("Фомічев Юрій Кирилович", KEYS["ecdsa"](), false)
    one = check(tmp_path, signed(ORDER, forged, between=false))
    assert (one.state, one.fault) == (SignatureState.INVALID, SignatureFault.UNTRUSTED)
    by_no_ca = issue("Підлеглий", KEYS["ecdsa"](), MAYOR)
    one = check(tmp_path, signed(ORDER, by_no_ca, between=MAYOR))
    assert one.fault is SignatureFault.UNTRUSTED, "who may sign may not issue"


def test_without_a_trusted_list_nothing_is_called_valid(tmp_path: Path) -> None:
    one = check(tmp_path, signed(ORDER, MAYOR), trusted=None)
    assert (one.state, one.fault) == (SignatureState.NOT_CHECKABLE, SignatureFault.NO_LIST)


def test_a_hash_that_is_unknown_cannot_be_checked_here(tmp_path: Path) -> None:
    sha256 = bytes.fromhex("0609608648016503040201")
    unknown = bytes.fromhex("060960864801650304027f")
    signature = signed(ORDER, MAYOR).replace(sha256, unknown)
    one = check(tmp_path, signature)
    assert (one.state, one.fault) == (SignatureState.NOT_CHECKABLE, SignatureFault.ALGORITHM)
    assert one.signer == "Фомічев Юрій Кирилович"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"0", b"0\x84\xff\xff\xff\xff", b"0\x80" * 50, b"\x30\x82" * 999]
)
def test_what_is_no_signature_is_told_and_nothing_breaks(tmp_path: Path, content: bytes) -> None:
    assert (check(tmp_path, content)).fault is SignatureFault.UNREADABLE


@pytest.mark.parametrize(
    ("was", "broken"),
    [
        (bytes.fromhex("a003020102"), bytes.fromhex("a003020107")),
        ("Фомічев".encode(), b"\xff" * len("Фомічев".encode())),
    ],
)
def test_a_broken_certificate_is_told_and_nothing_breaks(tmp_path: Path, was: bytes, broken: bytes) -> None:
    signature = signed(ORDER, MAYOR).replace(was, broken)
    assert (check(tmp_path, signature)).fault is SignatureFault.UNREADABLE


def test_signed_attributes_that_name_no_paper_fit_none(tmp_path: Path) -> None:
    whole = signed(ORDER, MAYOR, pkcs7.PKCS7Options.DetachedSignature)
    _, _, _, attributes, _, signature = signed_data(whole).signers[0].inside()
    digest, unknown = (bytes.fromhex(f"06092a864886f70d0109{one}") for one in ("04", "7f"))
    nameless = attributes.whole.replace(digest, unknown)
    assert isinstance(MAYOR.key, ec.EllipticCurvePrivateKey)
    forged = b""
    while len(forged) != len(signature.content):
        forged = MAYOR.key.sign(bytes([SET]) + nameless[1:], ec.ECDSA(hashes.SHA256()))
    altered = whole.replace(attributes.whole, nameless).replace(signature.content, forged)
    one = check(tmp_path, altered, order=b"another paper")
    assert one.state is SignatureState.NOT_CHECKABLE


def test_a_signature_cut_off_anywhere_is_unreadable_or_not_valid(tmp_path: Path) -> None:
    whole = signed(ORDER, MAYOR)
    for ends in range(0, len(whole), 97):
        (one,) = CmsSignatures([ROOT.certificate]).check(_written(tmp_path, whole[:ends]), {})
        assert one.state is not SignatureState.VALID


def _written(folder: Path, content: bytes) -> Path:
    path = folder / "cut.p7s"
    path.write_bytes(content)
    return path


def test_a_trusted_list_is_pem() -> None:
    pem = serialization.Encoding.PEM
    both = ROOT.certificate.public_bytes(pem) + MIDDLE.certificate.public_bytes(pem)
    assert list(trusted_in(both)) == [ROOT.certificate, MIDDLE.certificate]
    with pytest.raises(ValueError, match="PEM"):
        trusted_in(b"nothing")
