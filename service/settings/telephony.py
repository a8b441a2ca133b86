"""The settings of telephony: Asterisk, SIP, the city's line, the waiting line, calls to the outside."""

import hashlib
import hmac
import socket
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum
from ipaddress import ip_address

from hotline.dialling.dialling_rules import DayHours
from hotline.errors import SettingsError
from service import environment as env

LOOPBACK = "127.0.0.1"
NEVER = "none"
_BETWEEN = "between Asterisk and the service, on loopback only"
_SHARED = "password between Asterisk and the service"


def _hours(name: str, given: str) -> DayHours | str:
    if given in {"", NEVER}:
        return given
    try:
        opens, closes = map(time.fromisoformat, given.split("-"))
    except ValueError:
        opens = closes = time()
    if opens >= closes:
        raise SettingsError(
            f"{name} is {given!r}: give such as 09:00-20:00, nothing for the usual hours, or "
            f"{NEVER} where dispatchers ask applicants themselves."
        )
    return DayHours(opens, closes)


class DeskTls(StrEnum):
    """Whether desk phones speak SIP by TLS and send encrypted sound (SRTP)."""

    NO = "no"
    OFFERED = "offered"
    DEMANDED = "demanded"


def is_one_address(host: str) -> bool:
    """Tell whether it is one machine's address by figures: Asterisk looks no name up here."""
    try:
        return not ip_address(host).is_unspecified
    except ValueError:
        return False


def family_of(host: str) -> socket.AddressFamily:
    """Tell of which kind an address is; names are looked up as those of IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _desk_tls(variable: str, given: str) -> DeskTls:
    try:
        return DeskTls(given)
    except ValueError as error:
        raise SettingsError(f"{variable} is {given!r}: give {', '.join(DeskTls)}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskSettings:
    """Asterisk's addresses for the service, and their secrets. All on loopback unless set otherwise."""

    host: str = env.text("HOTLINE_ASTERISK_HOST", LOOPBACK, "where Asterisk is; its ports stay on loopback")
    ari_port: int = env.port("HOTLINE_ARI_PORT", 8088, _BETWEEN)
    ami_port: int = env.port("HOTLINE_AMI_PORT", 5038, _BETWEEN)
    agi_port: int = env.port("HOTLINE_AGI_PORT", 4573, _BETWEEN)
    ari_secret: str = env.secret("HOTLINE_ARI_SECRET", _SHARED, kept="ari", required=True)
    ami_secret: str = env.secret("HOTLINE_AMI_SECRET", _SHARED, kept="ami", required=True)

    @property
    def agi_word(self) -> str:
        """The word by which the service knows that our own Asterisk asks by AGI, which has no password."""
        return hmac.new(self.ari_secret.encode(), b"agi", hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Asterisk's addresses and ports of SIP and RTP."""

    host: str = env.text(
        "HOTLINE_SIP_HOST", LOOPBACK, "the address on which Asterisk speaks SIP, of IPv4 or IPv6"
    )
    tls_port: int = env.port("HOTLINE_SIP_TLS_PORT", 5061, "a trunk with TLS: its port here")
    external_address: str = env.text(
        "HOTLINE_SIP_EXTERNAL_ADDRESS",
        "",
        "the address that the outside world sees, behind NAT",
        usual="its own",
    )
    rtp_first: int = env.port(
        "HOTLINE_RTP_FIRST",
        10000,
        "UDP ports of sound, four a talk; each start of Asterisk uses the half that the one before did not,"
        " since telephones may still send to that",
    )
    rtp_last: int = env.port(
        "HOTLINE_RTP_LAST",
        13999,
        "the last of them: a half of 2,000 ports lets 1,000 callers listen at once",
        usual="13999 (containers: 10399)",
    )
    tls_certificate: str = env.text(
        "HOTLINE_SIP_TLS_CERTIFICATE",
        "",
        "SIP by TLS, of a trunk or of an edge: the certificate, a PEM file with all that leads to its"
        " authority",
    )
    tls_key: str = env.text("HOTLINE_SIP_TLS_KEY", "", "the key of it, a PEM file")
    desk_tls: DeskTls = env.parsed(
        "HOTLINE_DESK_TLS",
        DeskTls.NO,
        "where there is an edge: `offered`, desk phones may register by TLS and encrypt their sound (SRTP);"
        " `demanded`, all others are refused",
        _desk_tls,
    )

    @property
    def sound_address(self) -> str:
        """The one address of this machine by which telephones are spoken with; empty: any of them."""
        return self.host if is_one_address(self.host) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSettings:
    """The city's telephone line. Without a host there is none; with a user we register with the provider."""

    host: str = env.text("HOTLINE_TRUNK_HOST", "", "the provider's line, by address", usual="no line")
    own_port: int = env.port("HOTLINE_TRUNK_PORT", 0, "its port there", usual="5060 (5061 with tls)")
    number: str = env.text(
        "HOTLINE_TRUNK_NUMBER",
        "",
        "the number under which the provider sends us our calls",
        usual="the hotline's",
    )
    transport: str = env.one_of(
        ("udp", "tcp", "tls"), "HOTLINE_TRUNK_TRANSPORT", "udp", "`udp`, `tcp` or `tls`"
    )
    user: str = env.text("HOTLINE_TRUNK_USER", "", "with it Asterisk registers with the provider")
    # Compose names its file whether the line has a password or not.
    secret: str = env.secret("HOTLINE_TRUNK_SECRET", "the password for it", may_be_empty=True)
    shown: str = env.text(
        "HOTLINE_TRUNK_CALLER_ID",
        "",
        "the number that those whom we call see",
        usual="the provider's, or the hotline's",
    )

    @property
    def port(self) -> int:
        return self.own_port or (5061 if self.transport == "tls" else 5060)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutSettings:
    """Whom dispatchers may call, and what the hotline calls by itself."""

    prefixes: tuple[str, ...] = env.parsed(
        "HOTLINE_CALL_OUT_PREFIXES",
        "+380",
        "beginnings of the numbers that may be called, by commas; emergency services (101–104, 112) always"
        " may, premium numbers never",
        env.prefixes,
    )
    most: int = env.whole("HOTLINE_CALL_OUT_MOST", 30, "calls that one dispatcher may place in ten minutes")
    ring_seconds: int = env.whole("HOTLINE_CALL_OUT_RING_SECONDS", 45, "how long it rings there")
    lines: int = env.whole("HOTLINE_TRUNK_LINES", 0, "how many calls the trunk carries at once; 0: not known")
    lines_for_citizens: int = env.whole(
        "HOTLINE_LINES_FOR_CITIZENS", 1, "so many of them the hotline's own calls leave free"
    )
    automatic: int = env.whole(
        "HOTLINE_AUTOMATIC_CALLS", 2, "how many calls the hotline places by itself at once; 0: none"
    )
    automatic_per_second: float = env.whole(
        "HOTLINE_AUTOMATIC_CALLS_PER_SECOND", 2, "how many of them it begins in a second"
    )
    automatic_per_person: int = env.whole(
        "HOTLINE_AUTOMATIC_CALLS_PER_PERSON",
        3,
        "how often one number is called by itself in a day, whatever for; emergencies apart",
    )
    surveys: DayHours | str = env.parsed(
        "HOTLINE_SURVEY_HOURS",
        "",
        "when applicants are called to ask whether it was done, such as `10:00-19:00`; `none`: dispatchers"
        " ask them",
        _hours,
        usual="9–20, on days off 10–18",
    )
    minute_price: Decimal | None = env.price(
        "HOTLINE_CALL_PRICE", "what a minute of an outgoing call costs, in hryvnias: for the cost of an order"
    )
    demo_port: int = env.port(
        "HOTLINE_DEMO_CITIZEN_PORT",
        5070,
        "the demo without a trunk: where on this machine a SIP phone takes such calls",
    )

    @property
    def survey_hours(self) -> DayHours | None:
        """When applicants are asked; None: at the law's and custom's own hours."""
        return self.surveys if isinstance(self.surveys, DayHours) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How the waiting line behaves."""

    ring_seconds: int = env.whole("HOTLINE_RING_SECONDS", 20, "how long a dispatcher's phone rings")
    misses_before_pause: int = env.whole(
        "HOTLINE_MISSES_BEFORE_PAUSE", 2, "after so many calls not answered a dispatcher is paused"
    )
    announce_seconds: float = env.whole(
        "HOTLINE_ANNOUNCE_SECONDS", 30, "how often those who wait are told where they stand"
    )
    skill_wait_seconds: int = env.whole(
        "HOTLINE_SKILL_WAIT_SECONDS",
        20,
        "how long a caller who chose another language or a topic by key waits for a dispatcher who has that"
        " skill, before anybody takes them",
    )
    after_call_seconds: int = env.whole("HOTLINE_AFTER_CALL_SECONDS", 30, "work after a call")
    recording_pause_seconds: int = env.whole(
        "HOTLINE_RECORDING_PAUSE_SECONDS",
        120,
        "after which a pause of a recording, which a dispatcher has asked for, ends by itself",
        least=5,
        because="nobody says a card's number sooner",
    )
    more_time_seconds: int = env.whole("HOTLINE_MORE_TIME_SECONDS", 60, "by how much a key lengthens it")
    progressive_seconds: int = env.whole(
        "HOTLINE_PROGRESSIVE_SECONDS",
        10,
        "how long a dispatcher who calls back one after another sees the next person before the desk dials",
    )
    callback_after_seconds: int = env.whole(
        "HOTLINE_CALLBACK_AFTER_SECONDS",
        30,
        "who keeps their place in the line and hangs up is not called back before, even if it is their turn",
    )
    screen_wait_ms: int = env.whole(
        "HOTLINE_SCREEN_WAIT_MS",
        150,
        "how long a phone waits, before it rings, until the caller is on the screen",
    )
    lease_seconds: int = env.whole(
        "HOTLINE_LEASE_SECONDS",
        12,
        "how long a caller stays with a silent service before Asterisk's own queue takes them; with less"
        " than 9 a busy service loses callers for nothing",
    )
    desk_silence_seconds: int = env.whole(
        "HOTLINE_DESK_SILENCE_SECONDS",
        3,
        "a desk phone that sends no sound for so long in a talk is dead, and the caller goes to another"
        " dispatcher",
    )
    desk_hold_silence_seconds: int = env.whole(
        "HOTLINE_DESK_HOLD_SILENCE_SECONDS", 300, "the same while that phone holds the call"
    )
