"""The register of equipment: what is looked at, how, how often, whom it calls, and when not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, TypeVar
from urllib.parse import urlsplit

from hotline.contact.channel import Channel
from hotline.contact.mail_addresses import mail_address
from hotline.contact.numbers import e164
from hotline.equipment.states import Look, Standing
from hotline.errors import HotlineError

LONGEST_NAME, LONGEST_HOST, LONGEST_PATH, LONGEST_REASON = 120, 253, 300, 300
LONGEST_MAINTENANCE = timedelta(days=60)
SHORTEST_INTERVAL, LONGEST_INTERVAL = 15, 86_400
LONGEST_TIMEOUT, MOST_FAILURES, LONGEST_WAIT_MINUTES = 30, 20, 7 * 1440
_PORTS = 65_535


class Kind(StrEnum):
    """The kind of a piece of equipment; those of the hotline's own checks come first."""

    TRUNK = "trunk"
    ASTERISK = "asterisk"
    DATABASE = "database"
    QUEUE = "queue"
    """Notices that wait to be handed over."""
    SMS = "sms"
    MAIL = "mail"
    DISK = "disk"
    CERTIFICATE = "certificate"
    BACKUP = "backup"
    RECORDINGS = "recordings"
    SERVICE = "service"
    UPS = "ups"
    ROUTER = "router"
    PRINTER = "printer"
    CAMERA = "camera"
    CAMERA_SERVER = "camera-server"
    OTHER = "other"


OWN_KINDS = (
    Kind.UPS,
    Kind.ROUTER,
    Kind.PRINTER,
    Kind.CAMERA_SERVER,
    Kind.CAMERA,
    Kind.CERTIFICATE,
    Kind.OTHER,
)
"""Kinds that the administrator enters."""


class Way(StrEnum):
    """How an item is looked at."""

    BUILT_IN = "built-in"
    """By the hotline itself; its kind says how."""
    TCP = "tcp"
    """A connection can be made."""
    HTTP = "http"
    """An address answers with a status below 400."""
    PING = "ping"
    CERTIFICATE = "certificate"
    """The days that the certificate of a TLS port is still good for."""
    NUT = "nut"
    """An UPS by the protocol of Network UPS Tools (`upsd`)."""


USUAL_PORTS: Mapping[Way, int] = {Way.TCP: 80, Way.CERTIFICATE: 443, Way.NUT: 3493}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Whom an item calls, and when.

    `whom` is `user:5`, `executor:7` (its contact on duty), `mail:…`, `phone:+380…`, or empty for nobody.
    """

    whom: str = ""
    after_minutes: int = 5
    """The time out of order before anybody is told."""
    urgent: bool = False
    """Told at night as well, and by telephone."""
    task_after_minutes: int | None = None
    """The time out of order before it becomes a task; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """A time in which it is worked on: nobody is called meanwhile."""

    since: datetime
    until: datetime
    reason: str

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item before it has an id. `port` 0: the usual one.

    `path` is an address (HTTP), an UPS's name, or the number of a camera of the city's register.
    """

    name: str
    kind: Kind
    way: Way
    host: str = ""
    port: int = 0
    path: str = ""
    interval_seconds: int = 60
    timeout_seconds: int = 5
    failures: int = 3
    """The number of looks in a row that count."""
    calls: Calls = Calls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(NewItem):
    """An item of the register. `name` is empty for a check of the hotline's own until somebody renames it."""

    id: int
    version: int = 1
    maintenance: Maintenance | None = None

    def maintained(self, at: datetime) -> bool:
        return self.maintenance is not None and self.maintenance.holds(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A state that has begun: all of its history there is."""

    item_id: int
    look: Look
    began_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An item out of order; `id` is the change with which that began, the same for as long as it lasts.

    It ends when the item is in order again, not when it is merely disturbed.
    """

    id: int
    item_id: int
    began_at: datetime
    ended_at: datetime | None = None


class EquipmentIncomplete(HotlineError):  # noqa: N818 - reads as what it is
    """A field of an item is missing or out of bounds; `field` names it."""

    code: ClassVar[str] = "equipment-incomplete"

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


AnItem = TypeVar("AnItem", bound=NewItem)


def checked(new: AnItem) -> AnItem:
    """Give it as it is kept; raises EquipmentIncomplete for the first field that is wrong."""
    name, host, path = " ".join(new.name.split()), new.host.strip(), new.path.strip()
    if new.way is not Way.BUILT_IN:
        _require(name, "name", "Give it a name by which people know it.")
        _require(new.kind in OWN_KINDS, "kind", "Choose what it is.")
        _check_address(new.way, host, path)
    _require(len(name) <= LONGEST_NAME, "name", "The name is too long.")
    _require(0 <= new.port <= _PORTS, "port", "A port is a number up to 65535.")
    _require(
        SHORTEST_INTERVAL <= new.interval_seconds <= LONGEST_INTERVAL,
        "interval",
        "It is looked at every 15 seconds at the most, and once a day at the least.",
    )
    _require(1 <= new.timeout_seconds <= LONGEST_TIMEOUT, "timeout", "An answer is waited for 1 to 30 s.")
    _require(1 <= new.failures <= MOST_FAILURES, "failures", "From 1 to 20 looks in a row count.")
    return replace(new, name=name, host=host, path=path, calls=_calls(new.calls))


def checked_maintenance(
    since: datetime | None, until: datetime | None, reason: str, now: datetime
) -> Maintenance:
    """Give it as it is kept; raises EquipmentIncomplete. Without a beginning it begins now."""
    why = " ".join(reason.split())
    _require(0 < len(why) <= LONGEST_REASON, "reason", "Say what is being done.")
    begins = since or now
    if until is None or not max(begins, now) < until <= begins + LONGEST_MAINTENANCE:
        raise EquipmentIncomplete("until", "It ends later than it begins and than now, within 60 days.")
    return Maintenance(since=begins, until=until, reason=why)


def _check_address(way: Way, host: str, path: str) -> None:
    if way is Way.HTTP:
        parts = urlsplit(path)
        plain = path.isascii() and path.isprintable() and " " not in path and not parts.username
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and plain
        _require(
            good and len(path) <= LONGEST_PATH, "path", "Give a whole address, such as http://10.0.0.5/."
        )
        return
    plain = (
        bool(host) and len(host) <= LONGEST_HOST and not any(one.isspace() or one in "/@?#" for one in host)
    )
    _require(plain, "host", "Give a name or address in the network, such as 10.0.0.5, without http://.")
    if way is Way.NUT:
        named = path.isascii() and path.replace("-", "").replace("_", "").replace(".", "").isalnum()
        _require(named and len(path) <= LONGEST_NAME, "path", "Give the UPS's name in upsd, such as ups.")


def _calls(calls: Calls) -> Calls:
    kind, _, given = calls.whom.partition(":")
    whom = calls.whom
    if kind == "mail":
        address = mail_address(given)
        _require(address, "whom", "This is no e-mail address.")
        whom = f"mail:{address}"
    elif kind == "phone":
        number = e164(given.strip())
        _require(number, "whom", "This is no telephone number.")
        whom = f"phone:{number}"
    waits = (calls.after_minutes, calls.task_after_minutes or 0)
    _require(all(0 <= one <= LONGEST_WAIT_MINUTES for one in waits), "after", "Wait for a week at the most.")
    return replace(calls, whom=whom)


def _require(holds: object, field: str, text: str) -> None:
    if not holds:
        raise EquipmentIncomplete(field, text)


class Equipment(Protocol):
    """The register and its history. Only changes of state are written."""

    async def all(self) -> Sequence[Item]:
        """List the items that were not taken out, the hotline's own first, in the order of their kinds."""
        ...

    async def get(self, item_id: int) -> Item:
        """Find one; raises NotFound when there is none, or it was taken out."""
        ...

    async def add(self, new: NewItem) -> Item: ...

    async def provide(self, kinds: Mapping[Kind, NewItem]) -> None:
        """Have the hotline's own checks in the register, each once, and no others of that way but cameras."""
        ...

    async def update(self, item: Item, *, seen: int) -> Item:
        """Write what was changed; raises Outdated when somebody did so since version `seen`."""
        ...

    async def remove(self, item_id: int, at: datetime) -> None:
        """Take an item out that the administrator entered; its history stays until its term."""
        ...

    async def now(self) -> Mapping[int, Change]:
        """Give the latest change of each item."""
        ...

    async def change(self, change: Change) -> Change:
        """Write that a state has begun, not before the one that it ends; with its id."""
        ...

    async def changes(self, since: datetime, item_id: int | None = None) -> Sequence[Change]:
        """List those since a moment and, of each item, the last before it, in their order."""
        ...

    async def faults(self, item_ids: Sequence[int]) -> Mapping[int, Fault]:
        """Give the faults of these items that go on."""
        ...

    async def watched(self, at: datetime) -> None:
        """Note that the board looks at this moment; a pause before it stays on record as one."""
        ...

    async def watches(self, since: datetime) -> Sequence[tuple[datetime, datetime]]:
        """List from when until when the board looked, in their order."""
        ...

    async def told(self, fault_id: int) -> Sequence[tuple[Channel, str]]:
        """List by which channel and address people were told of a fault."""
        ...

    async def measure(self, free_bytes: int, at: datetime) -> None:
        """Keep how much room the disk has, unless that was done a few hours ago."""
        ...

    async def measured_first(self, since: datetime) -> tuple[datetime, int] | None:
        """Give the first such measure since a moment."""
        ...

    async def database_bytes(self) -> int:
        """Give the room that the database takes."""
        ...


class Watching(Protocol):
    """The watch that looks at the items (`service.equipment.watch`)."""

    def standing(self, item_id: int) -> Standing:
        """Tell how an item is now."""
        ...

    def look_soon(self, item_id: int) -> None:
        """Have it looked at within seconds."""
        ...
