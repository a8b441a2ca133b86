"""The kinds of records that name people, and how long each is kept (law 2297-VI, articles 6 and 15)."""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of records and files; each has one term, and is a field of Retention."""

    WATCHERS = "watchers"
    CAMERAS = "cameras"
    REPORTS = "reports"
    PLACES = "places"
    ATTEMPTS = "attempts"
    UNCONFIRMED = "unconfirmed"
    SUBSCRIPTIONS = "subscriptions"
    RECORDINGS = "recordings"
    MESSAGES = "messages"
    CHATS = "chats"
    JOURNEYS = "journeys"
    DRAFTS = "drafts"
    CALLBACKS = "callbacks"
    NOTICES = "notices"
    ORDERS = "orders"
    APPEALS = "appeals"
    CALLS = "calls"
    CITIZENS = "citizens"
    SIGN_INS = "sign_ins"
    PRESENCE = "presence"
    EQUIPMENT = "equipment"
    AUDIT = "audit"
    OUTBOX = "outbox"
    IMPORTS = "imports"
    LOGS = "logs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The term of keeping of each kind. The reasons stand in docs/design/keeping.md."""

    watchers: timedelta = timedelta(days=30)
    """Watchers, after the outage ended."""
    cameras: timedelta = timedelta(days=365)
    """The log of who watched which camera."""
    reports: timedelta = timedelta(days=365)
    """Reports that callers made by keys; those of an appeal stay with it."""
    places: timedelta = timedelta(days=365)
    """Addresses that callers keyed in, since the last time."""
    attempts: timedelta = timedelta(days=90)
    """Jobs and attempts of automatic calls, and trials of surveys: the calls are on record elsewhere."""
    unconfirmed: timedelta = timedelta(days=7)
    """Subscriptions that nobody confirmed."""
    subscriptions: timedelta = timedelta(days=30)
    """Subscriptions, after they ended."""
    recordings: timedelta = timedelta(days=365)
    """Recordings of talks with their listening copies."""
    messages: timedelta = timedelta(days=365)
    """Voice messages."""
    chats: timedelta = timedelta(days=365)
    """Chats, since the last line of each."""
    journeys: timedelta = timedelta(days=365)
    """Steps of calls: which keys were pressed when."""
    drafts: timedelta = timedelta(days=90)
    """Half-filled forms and texts that nobody sent."""
    callbacks: timedelta = timedelta(days=365)
    """Call-backs, arranged calls, and who claimed them."""
    notices: timedelta = timedelta(days=365)
    """Notices about no appeal, once nobody owes them any more; those of an appeal stay with it."""
    orders: timedelta = timedelta(days=1095)
    """People of campaigns and of orders of informing, after its end."""
    appeals: timedelta = timedelta(days=1825)
    """Appeals, after their end."""
    calls: timedelta = timedelta(days=1095)
    """Calls; that of an appeal as long as the appeal."""
    citizens: timedelta = timedelta(days=1095)
    """Citizens with no appeal, since they were last heard of."""
    sign_ins: timedelta = timedelta(days=90)
    """Attempts to sign in."""
    presence: timedelta = timedelta(days=1095)
    """Presence of dispatchers."""
    equipment: timedelta = timedelta(days=1095)
    """States of equipment, after they ended."""
    audit: timedelta = timedelta(days=1095)
    """The audit log."""
    outbox: timedelta = timedelta(days=30)
    """Notices as files, where there is no gateway."""
    imports: timedelta = timedelta(days=30)
    """Files from which registers were read."""
    logs: timedelta = timedelta(days=365)
    """Asterisk's logs and its account of calls (CEL), once they were put aside."""

    def of(self, kind: Kind) -> timedelta:
        term: timedelta = getattr(self, kind.value)
        return term


if {one.name for one in fields(Retention)} != {kind.value for kind in Kind}:
    raise TypeError("Each kind has one term.")
