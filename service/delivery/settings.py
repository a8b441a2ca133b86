"""The settings of delivery, checked when the service starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from hotline.contact.mail_addresses import mail_address
from hotline.errors import SettingsError
from service.delivery.gateway_plan import GatewayPlan, read_gateway
from service.delivery.mail_server import MailServer, Security
from service.node.environment import mail_address as given_address
from service.node.environment import port, secret, whole

_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """A gateway of short messages; `report_secret` is what it proves itself with when it reports."""

    plan: GatewayPlan
    sender: str
    secret: str
    report_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How notices leave the house. Without a mail server or a gateway they become files in `folder`."""

    folder: Path
    mail: MailServer | None
    sms: SmsSettings | None
    mails_per_minute: int
    sms_per_minute: int
    quiet: tuple[time, time] | None
    """When no short message goes out that can wait, in the city's time."""
    address: str
    """Where citizens reach our pages from outside, such as https://hotline.example; empty: nowhere."""
    answer_secret: str
    """Signs the links by which applicants answer."""
    answers_within: timedelta


def read_delivery(environ: Mapping[str, str], var: Path) -> DeliverySettings:
    """Read and check; raises SettingsError with the name of the variable and the mend."""
    return DeliverySettings(
        folder=var / "outbox",
        mail=_mail(environ),
        sms=_sms(environ),
        mails_per_minute=_at_least_one(environ, "HOTLINE_EMAIL_PER_MINUTE", 60),
        sms_per_minute=_at_least_one(environ, "HOTLINE_SMS_PER_MINUTE", 60),
        quiet=_quiet(environ.get("HOTLINE_SMS_QUIET_HOURS", "21:00-08:00")),
        address=_address(environ.get("HOTLINE_PUBLIC_URL", "")),
        answer_secret=secret(environ, "HOTLINE_ANSWER_SECRET", var / "secrets" / "answers") or "",
        answers_within=timedelta(days=_at_least_one(environ, "HOTLINE_ANSWER_LINK_DAYS", 30)),
    )


def _mail(environ: Mapping[str, str]) -> MailServer | None:
    host = environ.get("HOTLINE_SMTP_HOST", "")
    if not host:
        return None
    given = environ.get("HOTLINE_SMTP_SECURITY", Security.STARTTLS.value)
    if given not in set(Security):
        raise SettingsError(f"HOTLINE_SMTP_SECURITY is {given!r}: give starttls, tls or none.")
    security, user = Security(given), environ.get("HOTLINE_SMTP_USER", "")
    if security is Security.NONE and user and host not in _LOOPBACK:
        raise SettingsError(
            "HOTLINE_SMTP_SECURITY is none, and HOTLINE_SMTP_USER is set: the password would travel openly. "
            "Give starttls or tls."
        )
    password = secret(environ, "HOTLINE_SMTP_PASSWORD") or ""
    if user and not password:
        raise SettingsError("HOTLINE_SMTP_USER is set: give HOTLINE_SMTP_PASSWORD_FILE as well.")
    certificates = environ.get("HOTLINE_SMTP_CERTIFICATES", "")
    if certificates and not Path(certificates).is_file():
        raise SettingsError(f"HOTLINE_SMTP_CERTIFICATES: there is no file {certificates}.")
    return MailServer(
        host=host,
        port=port(environ, "HOTLINE_SMTP_PORT", _PORTS[security]),
        security=security,
        user=user,
        password=password,
        sender=_sender(environ.get("HOTLINE_MAIL_FROM", "")),
        reply_to=given_address(environ, "HOTLINE_MAIL_REPLY_TO"),
        certificates=Path(certificates) if certificates else None,
    )


def _sender(given: str) -> Address:
    try:
        letter = EmailMessage()
        letter["From"] = given
        parsed = letter["From"].addresses
    except (MessageError, ValueError, IndexError):
        parsed = ()
    if len(parsed) != 1 or mail_address(parsed[0].addr_spec) is None:
        raise SettingsError(
            f"HOTLINE_MAIL_FROM is {given!r}: give one address, such as "
            "'Контакт-центр <hotline@city.example>'."
        )
    return Address(parsed[0].display_name, addr_spec=parsed[0].addr_spec)


def _sms(environ: Mapping[str, str]) -> SmsSettings | None:
    file = environ.get("HOTLINE_SMS_GATEWAY", "")
    if not file:
        return None
    plan = read_gateway(Path(file))
    own = secret(environ, "HOTLINE_SMS_SECRET") or ""
    if "{secret}" in f"{plan.send}{plan.ask}" and not own:
        raise SettingsError(f"{file} speaks of {{secret}}: give HOTLINE_SMS_SECRET_FILE.")
    reports = secret(environ, "HOTLINE_SMS_REPORT_SECRET") or ""
    if reports and len(reports) < SHORTEST_SECRET:
        raise SettingsError(f"HOTLINE_SMS_REPORT_SECRET is too short: {SHORTEST_SECRET} characters at least.")
    if reports and plan.report is None:
        raise SettingsError(f"HOTLINE_SMS_REPORT_SECRET is set: {file} needs a part [report].")
    return SmsSettings(
        plan=plan, sender=environ.get("HOTLINE_SMS_SENDER", ""), secret=own, report_secret=reports
    )


def _quiet(given: str) -> tuple[time, time] | None:
    if not given:
        return None
    try:
        since, until = map(time.fromisoformat, given.split("-"))
    except ValueError:
        raise SettingsError(
            f"HOTLINE_SMS_QUIET_HOURS is {given!r}: give such as 21:00-08:00, or nothing for none."
        ) from None
    return None if since == until else (since, until)


def _address(given: str) -> str:
    parts = urlsplit(given)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if given and not (safe and parts.hostname and not parts.query and not parts.fragment):
        raise SettingsError(f"HOTLINE_PUBLIC_URL is {given!r}: give such as https://hotline.city.example.")
    return given.rstrip("/")


def _at_least_one(environ: Mapping[str, str], name: str, default: int) -> int:
    number = whole(environ, name, default)
    if number < 1:
        raise SettingsError(f"{name} is {number}: give 1 or more.")
    return number
