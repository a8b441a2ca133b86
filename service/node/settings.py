"""Every setting of the hotline, read once from the environment; constructors get only their part.

`NAME_FILE` may name a file that holds the value of a secret (Docker secrets, `var/secrets/…`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.appeals.attachments import FileLimits
from hotline.city.city_rules import CityRules
from hotline.dialling.dialling_rules import DayHours
from hotline.errors import SettingsError
from hotline.outages.retention import Retention
from service.delivery.settings import DeliverySettings, read_delivery
from service.node.environment import mail_address as _mail_address
from service.node.environment import port as _port
from service.node.environment import required_secret as _required_secret
from service.node.environment import secret as _secret
from service.node.environment import whole as _whole

DEMO_NUMBER = "1580"
_NEVER = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskSettings:
    """Where Asterisk listens for us, and with which secrets. All on loopback unless told otherwise."""

    host: str
    ari_port: int
    ami_port: int
    agi_port: int
    ari_secret: str
    ami_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Where Asterisk speaks SIP and RTP."""

    host: str
    tls_port: int
    external_address: str
    """The address that the outside world sees, when this machine stands behind NAT; empty: its own."""
    rtp_first: int
    rtp_last: int
    tls_certificate: str
    """PEM files of the TLS transport; needed only with a TLS trunk."""
    tls_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSettings:
    """The city's telephone line. Without a host there is none; with a user we register with the provider."""

    host: str
    port: int
    number: str
    """The number under which the provider sends us our calls; empty: the hotline's own."""
    transport: str
    user: str
    secret: str
    shown: str
    """The number that those whom we call see; empty: the provider's, or the hotline's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutSettings:
    """Whom dispatchers may call."""

    prefixes: tuple[str, ...]
    """Beginnings of numbers in E.164, such as `+380`; emergency services can always be called."""
    most: int
    """How many calls one dispatcher may place in ten minutes."""
    ring_seconds: int
    lines: int
    """How many calls the trunk carries at once; 0: not known."""
    lines_for_citizens: int
    """So many of them the hotline's own calls leave free."""
    automatic: int
    """How many calls the hotline places by itself at once; 0: none."""
    automatic_per_second: float
    """How many it places in a second."""
    automatic_per_person: int
    """How often it calls one number in a day, emergencies apart."""
    survey_hours: DayHours | None
    """When applicants are called to ask whether it was done; None: at the law's and custom's own hours."""
    demo_port: int
    """Without a trunk, in the demo: where on this machine the citizen's phone is that is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How the waiting line behaves; in seconds where the name says nothing else."""

    ring_seconds: int
    misses_before_pause: int
    announce_seconds: float
    after_call_seconds: int
    progressive_seconds: int
    """How long a dispatcher sees whom their desk dials by itself."""
    callback_after_seconds: int
    """Whoever keeps their place and hangs up is not called before, even if it is their turn."""
    more_time_seconds: int
    """By how much a dispatcher's key lengthens the work after a call."""
    screen_wait_ms: int
    """How long a desk's telephone waits, before it rings, until the caller is on the screen."""
    lease_seconds: int
    """How long a caller stays with a silent service before Asterisk's own queue takes them."""
    desk_silence_seconds: int
    """A desk phone that sends no sound for so long is dead, and the caller goes to another dispatcher."""
    desk_hold_silence_seconds: int
    """The same while that phone holds the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where state lives. Everything is below `var`."""

    var: Path
    private_root: Path
    """A Debian root with Asterisk and RHVoice for machines that have none (`./start` makes it)."""

    @property
    def prompts(self) -> Path:
        return self.var / "prompts"

    @property
    def voices(self) -> Path:
        """What people recorded in the place of synthesised prompts; Asterisk plays it from there."""
        return self.var / "voices"

    @property
    def recordings(self) -> Path:
        return self.var / "recordings"

    @property
    def messages(self) -> Path:
        """Voice messages; also Asterisk's own folder for ARI recordings."""
        return self.var / "asterisk" / "spool" / "recording"

    @property
    def asterisk(self) -> Path:
        """Rendered configuration (`etc/`), logs (`log/`), spool (`spool/`) and run folder (`run/`)."""
        return self.var / "asterisk"

    @property
    def cel(self) -> Path:
        return self.asterisk / "log" / "cel-custom" / "hotline.csv"

    @property
    def evidence(self) -> Path:
        """Photos and papers of appeals, under names of ours."""
        return self.var / "evidence"

    @property
    def imports(self) -> Path:
        """Files that were brought to be taken in, by the ids of their imports."""
        return self.var / "imports"

    @property
    def service_lock(self) -> Path:
        """Held by the one service of this state, as `supervisor_lock` by the one supervisor."""
        return self.var / "service.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def spill(self) -> Path:
        """What calls wrote while the database was away; the service writes it when the database is back."""
        return self.var / "journal.spill"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole tree."""

    number: str
    http_host: str
    http_port: int
    http_published: str
    """Where the pages can be reached from outside; differs from `http_host` in a container."""
    https: bool
    """People reach the pages over HTTPS: a proxy before us ends TLS."""
    sip_port: int
    database_url: str
    timezone: ZoneInfo
    city: CityRules
    api_per_second: float
    """Requests that one token of another system may make in a second."""
    desk_proxy: str
    """SIP URI of the proxy through which dispatchers' phones are reached; empty: directly."""
    demo: bool
    asterisk: AsteriskSettings
    sip: SipSettings
    trunk: TrunkSettings
    call_out: CallOutSettings
    files: FileLimits
    line: LineSettings
    outages_settle: timedelta
    """An outage left alone for so long is told to who asked; of what changed twice within it, the latest."""
    outages_called_percent: int
    """How many of those told by short message are called when it is over, so that some of them are asked."""
    outages_asked_percent: int
    """How many of those who are called when an outage is over are asked whether it is so with them."""
    retention: Retention
    delivery: DeliverySettings
    folders: Folders


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the environment; raises SettingsError with the name of the variable and the mend."""
    var = Path(environ.get("HOTLINE_VAR", "var")).absolute()
    folders = Folders(
        var=var, private_root=Path(environ.get("HOTLINE_PRIVATE_ROOT", var / "root")).absolute()
    )
    timezone = ZoneInfo(environ.get("HOTLINE_TIMEZONE", "Europe/Kyiv"))
    return Settings(
        number=environ.get("HOTLINE_NUMBER", DEMO_NUMBER),
        http_host=environ.get("HOTLINE_HTTP_HOST", "127.0.0.1"),
        http_port=_port(environ, "HOTLINE_HTTP_PORT", 8080),
        http_published=environ.get("HOTLINE_HTTP_PUBLISHED") or environ.get("HOTLINE_HTTP_HOST", "127.0.0.1"),
        https=environ.get("HOTLINE_HTTPS", "0") == "1",
        sip_port=_port(environ, "HOTLINE_SIP_PORT", 5060),
        database_url=_secret(environ, "HOTLINE_DATABASE_URL") or f"sqlite+aiosqlite:///{var}/hotline.db",
        timezone=timezone,
        city=_city(environ, timezone),
        api_per_second=_whole(environ, "HOTLINE_API_PER_SECOND", 20),
        desk_proxy=environ.get("HOTLINE_DESK_PROXY", ""),
        demo=environ.get("HOTLINE_DEMO", "1") == "1",
        asterisk=AsteriskSettings(
            host=environ.get("HOTLINE_ASTERISK_HOST", "127.0.0.1"),
            ari_port=_port(environ, "HOTLINE_ARI_PORT", 8088),
            ami_port=_port(environ, "HOTLINE_AMI_PORT", 5038),
            agi_port=_port(environ, "HOTLINE_AGI_PORT", 4573),
            ari_secret=_required_secret(environ, "HOTLINE_ARI_SECRET", folders.secrets / "ari"),
            ami_secret=_required_secret(environ, "HOTLINE_AMI_SECRET", folders.secrets / "ami"),
        ),
        sip=_sip(environ),
        trunk=_trunk(environ),
        call_out=_call_out(environ),
        files=FileLimits(
            most_bytes=_whole(environ, "HOTLINE_FILE_MEGABYTES", 25) * 2**20,
            most_files=_whole(environ, "HOTLINE_FILES_PER_APPEAL", 30),
        ),
        line=LineSettings(
            ring_seconds=_whole(environ, "HOTLINE_RING_SECONDS", 20),
            misses_before_pause=_whole(environ, "HOTLINE_MISSES_BEFORE_PAUSE", 2),
            announce_seconds=_whole(environ, "HOTLINE_ANNOUNCE_SECONDS", 30),
            progressive_seconds=_whole(environ, "HOTLINE_PROGRESSIVE_SECONDS", 10),
            callback_after_seconds=_whole(environ, "HOTLINE_CALLBACK_AFTER_SECONDS", 30),
            after_call_seconds=_whole(environ, "HOTLINE_AFTER_CALL_SECONDS", 30),
            more_time_seconds=_whole(environ, "HOTLINE_MORE_TIME_SECONDS", 60),
            screen_wait_ms=_whole(environ, "HOTLINE_SCREEN_WAIT_MS", 150),
            lease_seconds=_whole(environ, "HOTLINE_LEASE_SECONDS", 12),
            desk_silence_seconds=_whole(environ, "HOTLINE_DESK_SILENCE_SECONDS", 3),
            desk_hold_silence_seconds=_whole(environ, "HOTLINE_DESK_HOLD_SILENCE_SECONDS", 300),
        ),
        outages_settle=timedelta(seconds=_whole(environ, "HOTLINE_OUTAGE_SETTLE_SECONDS", 120)),
        outages_called_percent=_whole(environ, "HOTLINE_OUTAGE_CALLED_PERCENT", 10),
        outages_asked_percent=_whole(environ, "HOTLINE_OUTAGE_ASKED_PERCENT", 100),
        retention=_retention(environ),
        delivery=read_delivery(environ, var),
        folders=folders,
    )


def _sip(environ: Mapping[str, str]) -> SipSettings:
    return SipSettings(
        host=environ.get("HOTLINE_SIP_HOST", "127.0.0.1"),
        tls_port=_port(environ, "HOTLINE_SIP_TLS_PORT", 5061),
        external_address=environ.get("HOTLINE_SIP_EXTERNAL_ADDRESS", ""),
        rtp_first=_port(environ, "HOTLINE_RTP_FIRST", 10000),
        rtp_last=_port(environ, "HOTLINE_RTP_LAST", 11999),
        tls_certificate=environ.get("HOTLINE_SIP_TLS_CERTIFICATE", ""),
        tls_key=environ.get("HOTLINE_SIP_TLS_KEY", ""),
    )


def _trunk(environ: Mapping[str, str]) -> TrunkSettings:
    transport = environ.get("HOTLINE_TRUNK_TRANSPORT", "udp")
    if transport not in ("udp", "tcp", "tls"):
        message = f"HOTLINE_TRUNK_TRANSPORT is {transport!r}: give udp, tcp or tls."
        raise SettingsError(message)
    return TrunkSettings(
        host=environ.get("HOTLINE_TRUNK_HOST", ""),
        port=_port(environ, "HOTLINE_TRUNK_PORT", 5061 if transport == "tls" else 5060),
        number=environ.get("HOTLINE_TRUNK_NUMBER", ""),
        transport=transport,
        user=environ.get("HOTLINE_TRUNK_USER", ""),
        secret=_secret(environ, "HOTLINE_TRUNK_SECRET") or "",
        shown=environ.get("HOTLINE_TRUNK_CALLER_ID", ""),
    )


def _reports_for_alert(environ: Mapping[str, str]) -> int:
    wanted = _whole(environ, "HOTLINE_REPORTS_FOR_ALERT", 3)
    if wanted < 2:  # noqa: PLR2004 - said below
        message = f"HOTLINE_REPORTS_FOR_ALERT is {wanted}: give 2 or more, nobody raises an alert alone."
        raise SettingsError(message)
    return wanted


def _retention(environ: Mapping[str, str]) -> Retention:
    def days(name: str, usual: timedelta) -> timedelta:
        given = _whole(environ, name, usual.days)
        if not given:
            raise SettingsError(f"{name} is 0: give 1 or more, what is of today is needed today.")
        return timedelta(days=given)

    usual = Retention()
    return Retention(
        watchers=days("HOTLINE_OUTAGE_WATCHERS_DAYS", usual.watchers),
        reports=days("HOTLINE_OUTAGE_REPORTS_DAYS", usual.reports),
        places=days("HOTLINE_KEYED_PLACES_DAYS", usual.places),
    )


def _city(environ: Mapping[str, str], timezone: ZoneInfo) -> CityRules:
    """Read what the city decides about its appeals."""
    return CityRules(
        timezone=timezone,
        check_attempts=_whole(environ, "HOTLINE_CHECK_ATTEMPTS", 3),
        survey_calls=environ.get("HOTLINE_SURVEY_HOURS", "") != _NEVER,
        dispute_within=timedelta(days=_whole(environ, "HOTLINE_DISPUTE_DAYS", 30)),
        ends_on_working_days=environ.get("HOTLINE_TERMS_END_ON_WORKING_DAYS", "0") == "1",
        reports_for_alert=_reports_for_alert(environ),
        reports_within=timedelta(minutes=_whole(environ, "HOTLINE_REPORTS_WITHIN_MINUTES", 30)),
        head_email=_mail_address(environ, "HOTLINE_HEAD_EMAIL"),
        department_email=_mail_address(environ, "HOTLINE_DEPARTMENT_EMAIL"),
    )


def _survey_hours(environ: Mapping[str, str]) -> DayHours | None:
    given = environ.get("HOTLINE_SURVEY_HOURS", "")
    if given in {"", _NEVER}:
        return None
    try:
        opens, closes = map(time.fromisoformat, given.split("-"))
    except ValueError:
        opens = closes = time()
    if opens >= closes:
        raise SettingsError(
            f"HOTLINE_SURVEY_HOURS is {given!r}: give such as 09:00-20:00, nothing for the usual hours, or "
            f"{_NEVER} where dispatchers ask applicants themselves."
        )
    return DayHours(opens, closes)


def _call_out(environ: Mapping[str, str]) -> CallOutSettings:
    prefixes = environ.get("HOTLINE_CALL_OUT_PREFIXES", "+380").replace(",", " ").split()
    for prefix in prefixes:
        if not (prefix.startswith("+") and prefix[1:].isdigit()):
            message = f"HOTLINE_CALL_OUT_PREFIXES holds {prefix!r}: give beginnings such as +380,+48."
            raise SettingsError(message)
    return CallOutSettings(
        prefixes=tuple(prefixes),
        most=_whole(environ, "HOTLINE_CALL_OUT_MOST", 30),
        ring_seconds=_whole(environ, "HOTLINE_CALL_OUT_RING_SECONDS", 45),
        lines=_whole(environ, "HOTLINE_TRUNK_LINES", 0),
        lines_for_citizens=_whole(environ, "HOTLINE_LINES_FOR_CITIZENS", 1),
        automatic=_whole(environ, "HOTLINE_AUTOMATIC_CALLS", 2),
        automatic_per_second=_whole(environ, "HOTLINE_AUTOMATIC_CALLS_PER_SECOND", 2),
        automatic_per_person=_whole(environ, "HOTLINE_AUTOMATIC_CALLS_PER_PERSON", 3),
        survey_hours=_survey_hours(environ),
        demo_port=_port(environ, "HOTLINE_DEMO_CITIZEN_PORT", 5070),
    )
