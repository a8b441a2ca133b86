"""Signatures by ДСТУ 4145: the standard's example, the state's certificates, whole files of others."""

from pathlib import Path

import pytest
from cryptography import x509

from hotline.signatures.der import NotDer, read
from hotline.signatures.paper_signatures import PaperSignature, SignatureFault
from hotline.signatures.signed_data import signed_data
from service.signatures.binary_curve import BinaryField
from service.signatures.cms import CmsSignatures
from service.signatures.dstu4145 import DstuKey, UnknownCurve, key_of
from service.signatures.dstu_curves import RECOMMENDED
from service.signatures.gost34311 import DKE
from service.signatures.keys import has_issued

MADE = Path(__file__).with_name("dstu")
ORDER = "Розпорядження № 12".encode()
CURVES = "1.2.804.2.1.1.1.1.3.1.1.2."


def certificate(name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate((MADE / name).read_bytes())


def check(folder: Path, name: str, trusted: str, paper: bytes = ORDER, was: bytes = b"") -> PaperSignature:
    """Check it beside a paper and something else; octets of the signature that are `was` are turned over."""
    signature = (MADE / f"{name}.p7s").read_bytes()
    if was:
        assert was in signature
        signature = signature.replace(was, bytes(255 - one for one in was))
    for file, content in ((name, signature), ("order", paper), ("other", b"something else")):
        (folder / file).write_bytes(content)
    papers = {file: folder / file for file in ("order", "other")}
    [one] = CmsSignatures([certificate(trusted)]).check(folder / name, papers)
    return one


def test_the_example_of_the_standard_is_verified_and_nothing_like_it() -> None:
    """ДСТУ 4145-2002, annex Б: the field of 163 bits."""
    base = 0x72D867F93A93AC27DF9FF01AFFE74885C8C540420, 0x0224A9C3947852B97C5599D5F4AB81122ADC3FD9B
    named = RECOMMENDED[f"{CURVES}0"]
    curve = type(named)(named.field, named.a, named.b, base, named.order)
    assert curve.holds(base)
    private = 0x183F60FDF7951FF47D67193F8D073790C1C9B5A3E
    point = curve.sum_of(private, base, 0, base)
    assert point is not None
    key = DstuKey(curve, (point[0], point[0] ^ point[1]), DKE, "little")
    hashed = bytes.fromhex("09c9c44277910c9aaee486883a2eb95b7180166ddf73532eeb76edaef52247ff")[::-1]
    r, s = 0x274EA2C0CAA014A0D80A424F59ADE7A93068D08A7, 0x2100D86957331832B8E8C230F5BD6A332B3615ACA
    signature = r.to_bytes(21, "little") + s.to_bytes(21, "little")
    assert key.signed(hashed, signature)
    for other in (bytes(42), signature[::-1], signature[:-1], b"", signature[21:] + signature[:21]):
        assert not key.signed(hashed, other)
    assert not key.signed(bytes(32), signature)
    assert not DstuKey(curve, point, DKE, "little").signed(hashed, signature)


def test_the_states_root_has_issued_itself_and_its_centre() -> None:
    root, centre = certificate("czo-2012.der"), certificate("ca-justice-2015.der")
    assert root.subject == centre.issuer
    assert has_issued(root, root)
    assert has_issued(root, centre)
    assert not has_issued(centre, root)


@pytest.mark.parametrize(
    "name",
    [
        *(f"curve-{one}" for one in (2, 6, 9)),
        *(pytest.param(f"curve-{one}", marks=pytest.mark.nightly) for one in (0, 1, 3, 4, 5, 7, 8)),
        *("explicit", "explicit-five", "big-endian", "kupyna-256", "kupyna-512"),
    ],
)
def test_what_bouncy_castle_has_signed_is_valid(tmp_path: Path, name: str) -> None:
    one = check(tmp_path, name, "root.der")
    assert one.fault is None
    assert one.signer == "Фомічев Юрій Кирилович"
    assert one.of in ("order", "")


@pytest.mark.parametrize("name", ["jkurwa", "jkurwa-within"])
def test_what_jkurwa_has_signed_is_valid(tmp_path: Path, name: str) -> None:
    one = check(tmp_path, name, "jkurwa.der", b"123")
    assert (one.fault, one.organisation) == (None, "Very Much CA")


def test_another_paper_or_another_root_is_told(tmp_path: Path) -> None:
    assert check(tmp_path, "curve-6", "root.der", ORDER + b"!").fault is SignatureFault.NO_PAPER
    assert check(tmp_path, "stranger", "root.der").fault is SignatureFault.UNTRUSTED
    assert check(tmp_path, "curve-6", "czo-2012.der").fault is SignatureFault.UNTRUSTED


def test_an_altered_signature_time_or_certificate_is_wrong(tmp_path: Path) -> None:
    whole = (MADE / "curve-6.p7s").read_bytes()
    signed_at = b"261130120000Z"
    assert check(tmp_path, "curve-6", "root.der", was=whole[-9:]).fault is SignatureFault.WRONG
    (tmp_path / "later").write_bytes(whole.replace(signed_at, b"270130120000Z"))
    (tmp_path / "order").write_bytes(ORDER)
    # The name of the certificate's owner, of the same length: it is named by its hash in what is signed.
    (tmp_path / "renamed").write_bytes(whole.replace("Фомічев".encode(), "Фомичев".encode()))
    for name in ("later", "renamed"):
        [one] = CmsSignatures([certificate("root.der")]).check(tmp_path / name, {"order": tmp_path / "order"})
        assert one.fault is SignatureFault.WRONG


def test_a_curve_that_nobody_has_here_is_told_with_whose_it_is(tmp_path: Path) -> None:
    whole = (MADE / "curve-6.p7s").read_bytes()
    name = bytes.fromhex("2a862402010101010301010206")
    assert name in whole
    (tmp_path / "order").write_bytes(ORDER)
    (tmp_path / "unknown").write_bytes(whole.replace(name, name[:-1] + b"\x26"))
    [one] = CmsSignatures().check(tmp_path / "unknown", {"order": tmp_path / "order"})
    assert (one.fault, one.signer) == (SignatureFault.ALGORITHM, "Фомічев Юрій Кирилович")


def test_a_polynomial_that_makes_no_field_ends_nothing_in_a_circle() -> None:
    by_t_plus_1 = BinaryField(163, (6, 3))
    for value in (0, 3):
        with pytest.raises(ValueError, match="no inverse"):
            by_t_plus_1.inverse(value)


@pytest.mark.parametrize("name", ["curve-6.p7s", "explicit.p7s"])
def test_a_point_altered_anywhere_is_another_one_or_none(name: str) -> None:
    written = signed_data((MADE / name).read_bytes()).certificates[0]
    whole = read(x509.load_der_x509_certificate(written).tbs_certificate_bytes).inside()[6].whole
    key, refused = key_of(whole), 0
    for at in range(len(whole) - 33, len(whole), 4):
        broken = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        try:
            assert key_of(broken).point != key.point
        except UnknownCurve:
            refused += 1
    assert refused
    for ends in range(0, len(whole), 9):
        with pytest.raises(NotDer):
            key_of(whole[:ends])
