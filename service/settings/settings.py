"""Every setting of the hotline, read once from the environment; constructors get only their part."""

import hashlib
import hmac
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotline.access.networks import OUR_BUILDINGS, THIS_MACHINE, Networks
from hotline.appeals.attachments import FileLimits
from hotline.calls.web_calls import WebCallRules
from hotline.city.city_rules import CityRules
from hotline.errors import SettingsError
from service import environment as env
from service.delivery.settings import DeliverySettings
from service.folders import Folders
from service.retention.settings import DiskSettings, RetentionSettings
from service.settings.database import DatabaseMachineSettings
from service.settings.edge import EdgeSettings
from service.settings.kept import with_kept
from service.settings.neighbours import NeighbourSettings
from service.settings.recordings import RecordingSettings
from service.settings.sign_language import SignLanguageSettings
from service.settings.speech import SpeechSettings
from service.settings.telephony import (
    LOOPBACK,
    NEVER,
    AsteriskSettings,
    CallOutSettings,
    LineSettings,
    SipSettings,
    TrunkSettings,
)
from service.webhooks.settings import WebhookSettings

DEMO_NUMBER = "1580"
POLLING, WEBHOOK = "polling", "webhook"
_LONGEST_VIBER_NAME = 28
_BOT_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{20,}")
_DELIVERS = frozenset({"HOTLINE_SMTP_HOST", "HOTLINE_SMS_GATEWAY"})
"""The mail server and the gateway of short messages: a user or a plan without its password is refused."""


def _seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


def _hours(number: int) -> timedelta:
    return timedelta(hours=number)


def _survey_hours(number: int) -> timedelta:
    return timedelta(hours=min(number, 23))


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def _zone(name: str, given: str) -> ZoneInfo:
    try:
        return ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"{name} is {given!r}: give such as Europe/Kyiv.") from error


def _file(_name: str, given: str) -> Path | None:
    return Path(given) if given else None


def _words(_name: str, given: str) -> Sequence[str]:
    return given.lower().replace(",", " ").split()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealSettings:
    """What the city decides about its appeals."""

    check_attempts: int = env.whole(
        "HOTLINE_CHECK_ATTEMPTS",
        3,
        "vain attempts to ask the applicant before a dispatcher may close without their word",
    )
    dispute_within: timedelta = env.whole(
        "HOTLINE_DISPUTE_DAYS",
        30,
        "days within which an applicant may still dispute what they confirmed",
        make=env.days,
    )
    no_back_within: timedelta = env.whole(
        "HOTLINE_NO_BACK_HOURS",
        24,
        "hours within which an applicant may take back that it is not done, while nobody works on it again",
        make=_hours,
    )
    most_bytes: int = env.whole(
        "HOTLINE_FILE_MEGABYTES", 25, "how large one photo or paper may be", make=env.megabytes
    )
    most_files: int = env.whole("HOTLINE_FILES_PER_APPEAL", 30, "how many one appeal may have")
    reports_for_alert: int = env.whole(
        "HOTLINE_REPORTS_FOR_ALERT",
        3,
        "so many different people who report one thing from one street or quarter raise an alert",
        least=2,
        because="nobody raises an alert alone",
    )
    reports_within: timedelta = env.whole(
        "HOTLINE_REPORTS_WITHIN_MINUTES", 30, "within so many minutes", make=_minutes
    )
    ends_on_working_days: bool = env.yes(
        "HOTLINE_TERMS_END_ON_WORKING_DAYS",
        "0",
        "1: a term in days that ends on a day off ends with the next working day",
    )
    head_email: str = env.mail_address(
        "HOTLINE_HEAD_EMAIL", "where the head of the centre is told as well as on their pages"
    )
    department_email: str = env.mail_address(
        "HOTLINE_DEPARTMENT_EMAIL", "the same for the head of the department"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageSettings:
    """The telling of outages: whom, how soon, by call or message."""

    settle: timedelta = env.whole(
        "HOTLINE_OUTAGE_SETTLE_SECONDS",
        120,
        "an outage is told to who asked once it was left alone for so long: of what changes twice within it,"
        " only the latest",
        make=_seconds,
    )
    called_percent: int = env.whole(
        "HOTLINE_OUTAGE_CALLED_PERCENT",
        10,
        "how many of those told by short message are called instead when it is over, to be asked whether it"
        " is restored with them; the message follows where nobody answers",
    )
    asked_percent: int = env.whole(
        "HOTLINE_OUTAGE_ASKED_PERCENT",
        100,
        "how many of those called when an outage is over are asked whether it is restored with them",
    )


_HOURS = re.compile(r"(1?\d|2[0-3])-(1?\d|2[0-3])")


def _whole_hours(name: str, given: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(given)
    if found is None or found[1] == found[2]:  # people are told that nights are quiet
        raise SettingsError(f"{name} is {given!r}: give two whole hours such as 22-7.")
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSettings:
    """Where the day schedules of power come from."""

    url: str = env.text(
        "HOTLINE_POWER_URL",
        "",
        "an address from which the supplier's day schedules of power (JSON) are fetched every five minutes",
        usual="none: they come by file",
    )
    quiet: tuple[int, int] = env.parsed(
        "HOTLINE_POWER_QUIET_HOURS",
        "22-7",
        "between which whole hours nobody is told ahead of the power who chose no others on `/power`: in"
        " chats and by telephone none are chosen",
        _whole_hours,
    )


def _some_or_none(name: str, given: str) -> int | None:
    if given and not given.isdecimal():
        raise SettingsError(f"{name} is {given!r}: give a whole number, 0 for none.")
    return int(given) if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCallSettings:
    """Calls of residents by the browser."""

    at_once: int | None = env.parsed(
        "HOTLINE_WEB_CALLS",
        "",
        "calls by the browser that may go on together; 0: the public pages have no such button. Residents'"
        " browsers have to reach the UDP ports of sound; where there are several nodes, they and the pages"
        " have to be told the same",
        _some_or_none,
        usual="10 in the demo city, else 0",
    )
    from_network: int = env.whole(
        "HOTLINE_WEB_CALLS_FROM_NETWORK", 3, "how many of them may come from one network"
    )
    longest: timedelta = env.whole(
        "HOTLINE_WEB_CALL_MINUTES", 60, "how long one may last", least=1, make=_minutes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AirRaidSettings:
    """The source of air-raid alerts."""

    token: str = env.secret(
        "HOTLINE_AIR_RAID_TOKEN",
        "the token of alerts.in.ua; without it nobody is asked for air-raid alerts",
        usual="none",
    )
    url: str = env.text(
        "HOTLINE_AIR_RAID_URL", "https://api.alerts.in.ua", "another address of the same interface"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Conversations in writing."""

    by_phone_within: timedelta = env.whole(
        "HOTLINE_CHAT_BY_PHONE_MINUTES",
        30,
        "who calls so long after their last message in a chat that is under way may go on with it by a key;"
        " `0`: nobody is offered to",
        make=_minutes,
    )
    survey_for: timedelta = env.whole(
        "HOTLINE_CHAT_SURVEY_HOURS",
        20,
        "so many hours who reported in a chat has to answer there whether it was done, before they are"
        " called; more than 23 are 23, as a silent chat is over after a day; `0`: they are called at once",
        make=_survey_hours,
    )
    surveys_a_day: int = env.whole(
        "HOTLINE_CHAT_SURVEYS_A_DAY",
        200,
        "so many times a day at most that question is asked by short message, Viber and WhatsApp, which cost"
        " money; who is beyond is called",
    )
    links_a_day: int = env.whole(
        "HOTLINE_CHAT_LINKS_A_DAY",
        0,
        "so many callers a day at most are sent, by short message, a link with which their call goes on in a"
        " chat; `0`: none, and nobody is offered it",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The bot by which residents write."""

    token: str = env.secret(
        "HOTLINE_TELEGRAM_TOKEN",
        "the token of the hotline's bot, from @BotFather; it takes 130 MB more of memory",
        usual="none: nobody writes by Telegram",
    )
    way: str = env.one_of(
        (POLLING, WEBHOOK),
        "HOTLINE_TELEGRAM_BY",
        POLLING,
        "`polling`: we ask Telegram for news; `webhook`: it brings them to `HOTLINE_PUBLIC_URL`",
    )
    name: str = env.text(
        "HOTLINE_TELEGRAM_NAME",
        "",
        "the bot's name, such as `slavutych_hotline_bot`: a call goes on there as well",
        usual="none: links lead to the page alone",
    )
    url: str = env.text(
        "HOTLINE_TELEGRAM_URL", "https://api.telegram.org", "another address of the same interface"
    )

    def __post_init__(self) -> None:
        if self.token and not _BOT_TOKEN.fullmatch(self.token):
            raise SettingsError("HOTLINE_TELEGRAM_TOKEN is none of Telegram's: ask @BotFather for one.")

    @property
    def secret(self) -> str:
        """What proves that the webhook is called by Telegram: nobody makes it without the token."""
        return hmac.new(self.token.encode(), b"webhook", hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberSettings:
    """The bot by which residents write in Viber."""

    token: str = env.secret(
        "HOTLINE_VIBER_TOKEN",
        "the token of the hotline's bot in Viber; Viber brings its news to `HOTLINE_PUBLIC_URL`",
        usual="none: nobody writes by Viber",
    )
    name: str = env.text(
        "HOTLINE_VIBER_NAME", "Гаряча лінія", "the name by which the bot writes, 28 letters at most"
    )
    url: str = env.text(
        "HOTLINE_VIBER_URL", "https://chatapi.viber.com", "another address of the same interface"
    )

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= _LONGEST_VIBER_NAME:
            raise SettingsError("HOTLINE_VIBER_NAME is empty or too long: give 28 letters at most.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppSettings:
    """The number at which residents write in WhatsApp (Cloud API)."""

    token: str = env.secret(
        "HOTLINE_WHATSAPP_TOKEN",
        "the permanent token of a system user of the app, which may send by our number",
        usual="none: nobody writes by WhatsApp",
    )
    app_secret: str = env.secret(
        "HOTLINE_WHATSAPP_APP_SECRET", "the secret of the app, by which Meta signs what it brings"
    )
    verify: str = env.secret(
        "HOTLINE_WHATSAPP_VERIFY", "a word of our own that Meta is given with the address `/hooks/whatsapp`"
    )
    number_id: str = env.text("HOTLINE_WHATSAPP_NUMBER_ID", "", "the id of our number there, in figures")
    url: str = env.text(
        "HOTLINE_WHATSAPP_URL", "https://graph.facebook.com/v23.0", "another address or version of it"
    )

    def __post_init__(self) -> None:
        whole = self.app_secret and self.verify and self.number_id.isdecimal()
        if self.token and not whole:
            raise SettingsError(
                "HOTLINE_WHATSAPP_TOKEN is set: give HOTLINE_WHATSAPP_APP_SECRET, HOTLINE_WHATSAPP_VERIFY and"
                " HOTLINE_WHATSAPP_NUMBER_ID as well."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSettings:
    """What cameras may take of the machine that carries the calls."""

    at_once: int = env.whole(
        "HOTLINE_CAMERAS_AT_ONCE", 12, "streams that are open at once, each a process, however many watch it"
    )
    a_second: int = env.whole("HOTLINE_CAMERA_PICTURES", 4, "pictures of each a second at most")
    width: int = env.whole("HOTLINE_CAMERA_WIDTH", 960, "how wide they are at most, in dots")
    awake: timedelta = env.whole(
        "HOTLINE_CAMERA_WATCH_MINUTES",
        30,
        "a page on which nobody did anything for so long watches no longer, and says so",
        make=_minutes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole tree."""

    number: str = env.text("HOTLINE_NUMBER", DEMO_NUMBER, "the hotline's number")
    city_name: str = env.text(
        "HOTLINE_CITY_NAME", "", "the city's name beside that of the line, such as Славутич"
    )
    crest: str = env.text(
        "HOTLINE_CREST", "", "the city's crest before the menu: a file, SVG or PNG, of 200 kB at most"
    )
    http_port: int = env.port("HOTLINE_HTTP_PORT", 8080, "where the pages are")
    http_host: str = env.text("HOTLINE_HTTP_HOST", LOOPBACK, "the address that they listen on")
    published: str = env.text(
        "HOTLINE_HTTP_PUBLISHED",
        "",
        "where the pages are reached from outside a container",
        usual="as `HOTLINE_HTTP_HOST`",
    )
    https: bool = env.yes(
        "HOTLINE_HTTPS",
        "0",
        "1: people come over HTTPS, through a proxy (cookies, HSTS, the origin of forms)",
    )
    trusted_proxies: Networks = env.parsed(
        "HOTLINE_TRUSTED_PROXIES",
        ",".join(map(str, THIS_MACHINE)),
        "networks of the proxies before us, by commas: only what they say in `X-Forwarded-For` is believed",
        env.networks,
    )
    more_hosts: Sequence[str] = env.parsed(
        "HOTLINE_HOSTS",
        "",
        "further names of the pages, by commas, where staff use others than that of `HOTLINE_PUBLIC_URL`; in"
        " production requests for any other name are refused",
        _words,
        usual="that of `HOTLINE_PUBLIC_URL`; without it any",
    )
    sip_port: int = env.port("HOTLINE_SIP_PORT", 5060, "the port of SIP over UDP and TCP")
    database: str = env.secret(
        "HOTLINE_DATABASE_URL", "another database: `postgresql+asyncpg://…`", usual="SQLite in `var`"
    )
    database_pool: str = env.secret(
        "HOTLINE_DATABASE_POOL_URL",
        "the same database by pgbouncer (`pool_mode = transaction`), for processes of which there are many",
        usual="none: all connections go straight",
    )
    prove_backup: timedelta = env.whole(
        "HOTLINE_PROVE_BACKUP_DAYS",
        7,
        "every so many days the last backup is brought back as a trial, at night; 0: never",
        make=env.days,
    )
    traces_to: str = env.text(
        "HOTLINE_OTLP_ENDPOINT",
        "",
        "the address of an OpenTelemetry collector (OTLP over HTTP) that gets traces of calls, such as"
        " `http://127.0.0.1:4318`",
        usual="none: nobody traces calls",
    )
    timezone: ZoneInfo = env.parsed("HOTLINE_TIMEZONE", "Europe/Kyiv", "the city's clock", _zone)
    demo: bool = env.yes(
        "HOTLINE_DEMO", "1", "demo city, and calls from this machine need no account; 0 in production"
    )
    calls_from_here: bool = env.yes(
        "HOTLINE_CALLS_FROM_HERE",
        "0",
        "1: where there is no trunk yet, calls from this machine need no account, so that the number can be"
        " tried; the set-up of a new city writes it",
    )
    api_per_second: float = env.whole(
        "HOTLINE_API_PER_SECOND", 20, "requests that one token of another system may make in a second"
    )
    desk_proxy: str = env.text(
        "HOTLINE_DESK_PROXY", "", "SIP URI of the proxy through which desk phones are reached"
    )
    desk_networks: Networks = env.parsed(
        "HOTLINE_DESK_NETWORKS",
        ",".join(map(str, OUR_BUILDINGS)),
        "networks of desk phones (or of their proxy), by commas: elsewhere their passwords open nothing",
        env.networks,
    )
    signatures_trusted: Path | None = env.parsed(
        "HOTLINE_SIGNATURES_TRUSTED",
        "",
        "a file of certificates (PEM), such as the state's trusted list, to which those of papers' signatures"
        " have to lead",
        _file,
        usual="none: no signature is called valid",
    )
    folders: Folders = env.group(Folders)
    asterisk: AsteriskSettings = env.group(AsteriskSettings)
    sip: SipSettings = env.group(SipSettings)
    edge: EdgeSettings = env.group(EdgeSettings)
    database_machines: DatabaseMachineSettings = env.group(DatabaseMachineSettings)
    trunk: TrunkSettings = env.group(TrunkSettings)
    call_out: CallOutSettings = env.group(CallOutSettings)
    line: LineSettings = env.group(LineSettings)
    appeals: AppealSettings = env.group(AppealSettings)
    outages: OutageSettings = env.group(OutageSettings)
    power: PowerSettings = env.group(PowerSettings)
    air_raid: AirRaidSettings = env.group(AirRaidSettings)
    sign_language: SignLanguageSettings = env.group(SignLanguageSettings)
    neighbours: NeighbourSettings = env.group(NeighbourSettings)
    chats: ChatSettings = env.group(ChatSettings)
    telegram: TelegramSettings = env.group(TelegramSettings)
    viber: ViberSettings = env.group(ViberSettings)
    whatsapp: WhatsAppSettings = env.group(WhatsAppSettings)
    web_calls: WebCallSettings = env.group(WebCallSettings)
    cameras: CameraSettings = env.group(CameraSettings)
    delivery: DeliverySettings = env.group(DeliverySettings)
    webhooks: WebhookSettings = env.group(WebhookSettings)
    keeping: RetentionSettings = env.group(RetentionSettings)
    disk: DiskSettings = env.group(DiskSettings)
    recordings: RecordingSettings = env.group(RecordingSettings)
    speech: SpeechSettings = env.group(SpeechSettings)

    @property
    def http_published(self) -> str:
        """Where the pages can be reached from outside; differs from `http_host` in a container."""
        return self.published or self.http_host

    @property
    def hosts(self) -> Collection[str]:
        """Names of the pages, without ports; none: any."""
        public = urlsplit(self.delivery.address).hostname
        return () if self.demo or not public else (public, *self.more_hosts)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite+aiosqlite:///{self.folders.var}/hotline.db"

    @property
    def city(self) -> CityRules:
        return CityRules(
            timezone=self.timezone,
            check_attempts=self.appeals.check_attempts,
            survey_calls=self.call_out.surveys != NEVER,
            survey_written_for=self.chats.survey_for,
            power_quiet=self.power.quiet,
            dispute_within=self.appeals.dispute_within,
            no_back_within=self.appeals.no_back_within,
            ends_on_working_days=self.appeals.ends_on_working_days,
            reports_for_alert=self.appeals.reports_for_alert,
            reports_within=self.appeals.reports_within,
            head_email=self.appeals.head_email,
            department_email=self.appeals.department_email,
        )

    @property
    def web_call_rules(self) -> WebCallRules:
        given, usual = self.web_calls.at_once, WebCallRules().at_once if self.demo else 0
        return WebCallRules(
            at_once=usual if given is None else given,
            from_network=self.web_calls.from_network,
            longest=self.web_calls.longest,
        )

    @property
    def files(self) -> FileLimits:
        return FileLimits(most_bytes=self.appeals.most_bytes, most_files=self.appeals.most_files)


def read_settings(
    environ: Mapping[str, str] = os.environ, *, secrets: Collection[str] | None = None
) -> Settings:
    """Read and check the environment, and what is kept with the state for whatever that does not say.

    `secrets`: those that a program needs which is to see no others; None: all. Such a program sends nothing.
    Raises SettingsError with the name of the variable and the mend.
    """
    given = with_kept(environ)
    if secrets is not None:
        given = {name: value for name, value in given.items() if name not in _DELIVERS}
    return env.read(Settings, given, secrets)
