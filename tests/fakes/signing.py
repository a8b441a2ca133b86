"""Certificates and signatures made on the spot: a root, what it has issued, and the mayor's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
KEYS: dict[str, Callable[[], Key]] = {
    "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
}


@dataclass
class Signing:
    """A certificate with its key, and who issued it."""

    key: Key
    certificate: x509.Certificate


def issue(
    name: str, key: Key, by: Signing | None = None, *, ca: bool = False, since: timedelta = -DAY
) -> Signing:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Славутицька міська рада"),
        ]
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since)
        .not_valid_after(now + since + 2 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return Signing(key, builder.sign(by.key if by else key, hashes.SHA256()))


ROOT = issue("Центральний засвідчувальний орган", KEYS["ecdsa"](), ca=True)
MIDDLE = issue("АЦСК", KEYS["ecdsa"](), ROOT, ca=True)
MAYOR = issue("Фомічев Юрій Кирилович", KEYS["ecdsa"](), MIDDLE)


def signed(content: bytes, by: Signing, *options: pkcs7.PKCS7Options, between: Signing = MIDDLE) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(by.certificate, by.key, hashes.SHA256())
    builder = builder.add_certificate(between.certificate)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])
