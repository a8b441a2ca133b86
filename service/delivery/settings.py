"""The settings of delivery, checked when the service starts."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from hotline.contact.mail_addresses import mail_address
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.errors import SettingsError
from service import environment as env
from service.delivery.gateway_plan import GatewayPlan, read_gateway
from service.delivery.mail_server import MailServer, Security

_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_SECRET = 16


def _quiet(name: str, given: str) -> tuple[time, time] | None:
    if not given:
        return None
    try:
        since, until = map(time.fromisoformat, given.split("-"))
    except ValueError:
        raise SettingsError(f"{name} is {given!r}: give such as 21:00-08:00, or nothing for none.") from None
    return None if since == until else (since, until)


def _address(name: str, given: str) -> str:
    parts = urlsplit(given)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if given and not (safe and parts.hostname and not parts.query and not parts.fragment):
        raise SettingsError(f"{name} is {given!r}: give such as https://hotline.city.example.")
    return given.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server, checked when there is one."""

    host: str = env.text("HOTLINE_SMTP_HOST", "", "the mail server that takes our letters")
    own_port: int = env.port("HOTLINE_SMTP_PORT", 0, "its port", usual="587 (465 with tls, 25 with none)")
    security: str = env.text(
        "HOTLINE_SMTP_SECURITY",
        Security.STARTTLS.value,
        "`starttls`, `tls` or `none`; with `none` no password is sent except to this machine",
    )
    user: str = env.text("HOTLINE_SMTP_USER", "", "how we sign in there")
    password: str = env.secret("HOTLINE_SMTP_PASSWORD", "the password for it")
    certificates: str = env.text(
        "HOTLINE_SMTP_CERTIFICATES", "", "PEM file of who certifies the server", usual="this machine's"
    )
    sender: str = env.text(
        "HOTLINE_MAIL_FROM",
        "",
        "`Контакт-центр <hotline@city.example>`; its domain needs SPF and DKIM at the server",
        usual="required with a server",
    )
    reply_to: str = env.mail_address("HOTLINE_MAIL_REPLY_TO", "where answers to our letters go")

    def server(self) -> MailServer | None:
        """Give the server; None where there is none. Raises SettingsError for one that cannot work."""
        if not self.host:
            return None
        if self.security not in set(Security):
            raise SettingsError(f"HOTLINE_SMTP_SECURITY is {self.security!r}: give starttls, tls or none.")
        security = Security(self.security)
        if security is Security.NONE and self.user and self.host not in _LOOPBACK:
            raise SettingsError(
                "HOTLINE_SMTP_SECURITY is none, and HOTLINE_SMTP_USER is set: the password would travel"
                " openly. Give starttls or tls."
            )
        if self.user and not self.password:
            raise SettingsError("HOTLINE_SMTP_USER is set: give HOTLINE_SMTP_PASSWORD_FILE as well.")
        if self.certificates and not Path(self.certificates).is_file():
            raise SettingsError(f"HOTLINE_SMTP_CERTIFICATES: there is no file {self.certificates}.")
        return MailServer(
            host=self.host,
            port=self.own_port or _PORTS[security],
            security=security,
            user=self.user,
            password=self.password,
            sender=_sender(self.sender),
            reply_to=self.reply_to,
            certificates=Path(self.certificates) if self.certificates else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """A gateway of short messages, checked when there is one."""

    prefixes: tuple[str, ...] = env.parsed(
        "HOTLINE_SMS_PREFIXES",
        ",".join(UKRAINIAN_MOBILES),
        "beginnings of the numbers to which short messages and codes go, by commas; no others are paid for",
        env.prefixes,
        usual="those of Ukrainian mobile operators",
    )
    gateway: str = env.text("HOTLINE_SMS_GATEWAY", "", "the gateway's description, a TOML file")
    secret: str = env.secret("HOTLINE_SMS_SECRET", "`{secret}` in it")
    sender: str = env.text("HOTLINE_SMS_SENDER", "", "`{sender}` in it")
    part_price: Decimal | None = env.price(
        "HOTLINE_SMS_PRICE", "what one part of a short message costs, in hryvnias: for the cost of an order"
    )
    report_secret: str = env.secret(
        "HOTLINE_SMS_REPORT_SECRET",
        f"the gateway reports to `/hooks/sms/SECRET` ({SHORTEST_SECRET} characters at least)",
        usual="none: no reports",
    )
    incoming_secret: str = env.secret(
        "HOTLINE_SMS_INCOMING_SECRET",
        "the gateway brings what residents send to `/hooks/sms-in/SECRET`"
        f" ({SHORTEST_SECRET} characters at least); each answer is paid for",
        usual="none: nobody writes by short message",
    )

    def described(self) -> "SmsGateway | None":
        """Give the gateway; None where there is none. Raises SettingsError for one that cannot work."""
        if not self.gateway:
            return None
        plan = read_gateway(Path(self.gateway))
        if "{secret}" in f"{plan.send}{plan.ask}" and not self.secret:
            raise SettingsError(f"{self.gateway} speaks of {{secret}}: give HOTLINE_SMS_SECRET_FILE.")
        if self.report_secret and len(self.report_secret) < SHORTEST_SECRET:
            raise SettingsError(
                f"HOTLINE_SMS_REPORT_SECRET is too short: {SHORTEST_SECRET} characters at least."
            )
        if self.report_secret and plan.report is None:
            raise SettingsError(f"HOTLINE_SMS_REPORT_SECRET is set: {self.gateway} needs a part [report].")
        if self.incoming_secret and len(self.incoming_secret) < SHORTEST_SECRET:
            raise SettingsError(
                f"HOTLINE_SMS_INCOMING_SECRET is too short: {SHORTEST_SECRET} characters at least."
            )
        if self.incoming_secret and plan.incoming is None:
            raise SettingsError(
                f"HOTLINE_SMS_INCOMING_SECRET is set: {self.gateway} needs a part [incoming]."
            )
        return SmsGateway(
            plan=plan,
            sender=self.sender,
            secret=self.secret,
            report_secret=self.report_secret,
            incoming_secret=self.incoming_secret,
            prefixes=self.prefixes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """A gateway that works; `report_secret` is what it proves itself with when it reports."""

    plan: GatewayPlan
    sender: str
    secret: str
    report_secret: str
    incoming_secret: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How notices leave the house. Without a mail server or a gateway they become files."""

    mail_settings: MailSettings = env.group(MailSettings)
    sms_settings: SmsSettings = env.group(SmsSettings)
    mails_per_minute: int = env.whole("HOTLINE_EMAIL_PER_MINUTE", 60, "no more letters than so many", least=1)
    sms_per_minute: int = env.whole(
        "HOTLINE_SMS_PER_MINUTE", 60, "no more short messages than so many", least=1
    )
    quiet: tuple[time, time] | None = env.parsed(
        "HOTLINE_SMS_QUIET_HOURS",
        "21:00-08:00",
        "when no short message goes out that can wait, in the city's time; empty: never",
        _quiet,
    )
    address: str = env.parsed(
        "HOTLINE_PUBLIC_URL",
        "",
        "where citizens reach our pages, `https://…`; the short message that a new outage brings has room"
        " for its link up to about 30 characters",
        _address,
        usual="none: no links in messages about appeals, but in the demo; for outages this machine",
    )
    answers_within: timedelta = env.whole(
        "HOTLINE_ANSWER_LINK_DAYS",
        30,
        "how long an applicant's link is valid, in days",
        least=1,
        make=lambda days: timedelta(days=days),
    )
    answer_secret: str = env.secret(
        "HOTLINE_ANSWER_SECRET",
        "signs the links and codes by which applicants answer; a new one ends all that are out",
        kept="answers",
    )
    mail: MailServer | None = field(init=False)
    sms: SmsGateway | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mail", self.mail_settings.server())
        object.__setattr__(self, "sms", self.sms_settings.described())


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
