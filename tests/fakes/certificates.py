"""An authority of a test, and the certificates that it gives to servers on this machine."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_VALID = timedelta(days=90)
_PEM, _PLAIN = Encoding.PEM, NoEncryption()


@dataclass(frozen=True, kw_only=True)
class Given:
    """A server's certificate and its key, two PEM files."""

    certificate: Path
    key: Path
    der: bytes


class Authority:
    """Signs certificates for 127.0.0.1; who trusts `file` trusts them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.file = folder / "authority.pem"
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority of {folder.name}")])
        now = datetime.now(UTC)
        own = _certificate(self._name, self._name, self._key.public_key(), now, _VALID).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.file.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(_PEM))

    def gives(self, name: str, *, valid: timedelta = _VALID, began: timedelta = timedelta()) -> Given:
        """Make a certificate in files of this name, in place of what was there; `began`: so long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = _certificate(subject, self._name, key.public_key(), datetime.now(UTC) - began, valid)
        made = made.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        signed = made.sign(self._key, hashes.SHA256())
        given = Given(
            certificate=self._folder / f"{name}.pem",
            key=self._folder / f"{name}.key",
            der=signed.public_bytes(Encoding.DER),
        )
        given.key.write_bytes(key.private_bytes(_PEM, PrivateFormat.PKCS8, _PLAIN))
        given.certificate.write_bytes(signed.public_bytes(_PEM))
        return given


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + valid)
    )
