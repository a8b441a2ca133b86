"""The certificate of SIP by TLS: whether telephones and providers would take it, and until when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from hotline.errors import SettingsError

ENDS_SOON = timedelta(days=21)
_PLAIN = Encoding.DER, PublicFormat.SubjectPublicKeyInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SipCertificate:
    """A certificate with its key. Moments are in UTC."""

    serial: int
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, certificate: Path, key: Path) -> "SipCertificate":
        """Read both PEM files. Raises SettingsError where they cannot be read or do not belong together."""
        shown, secret = _text("HOTLINE_SIP_TLS_CERTIFICATE", certificate), _text("HOTLINE_SIP_TLS_KEY", key)
        try:
            first = x509.load_pem_x509_certificates(shown)[0]
        except ValueError as error:
            raise SettingsError(
                f"HOTLINE_SIP_TLS_CERTIFICATE: {certificate} holds no certificate (PEM)."
            ) from error
        try:
            own = load_pem_private_key(secret, password=None).public_key()
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SettingsError(
                f"HOTLINE_SIP_TLS_KEY: {key} holds no key (PEM, without a password)."
            ) from error
        if own.public_bytes(*_PLAIN) != first.public_key().public_bytes(*_PLAIN):
            raise SettingsError(
                f"HOTLINE_SIP_TLS_KEY: {key} is not the key of {certificate}; the first certificate"
                " in that file has to be the hotline's own."
            )
        return cls(
            serial=first.serial_number, begins=first.not_valid_before_utc, ends=first.not_valid_after_utc
        )

    def flaw(self, now: datetime) -> str | None:
        """Tell why telephones refuse it at this moment; None: they do not, for its time."""
        if now < self.begins:
            return f"not valid before {_written(self.begins)}"
        if now >= self.ends:
            return f"over since {_written(self.ends)}"
        return None

    def told(self, now: datetime) -> str:
        """Tell its end, and what is wrong with it."""
        if flaw := self.flaw(now):
            return flaw
        soon = ": renew it" if self.ends - now < ENDS_SOON else ""
        return f"until {_written(self.ends)}{soon}"


def _text(variable: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{variable}: {path} cannot be read: {error.strerror}.") from error


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
