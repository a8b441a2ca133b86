"""Terms of keeping, as settings."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from hotline.retention.room import DiskThresholds
from hotline.retention.terms import Kind, Retention
from service import environment as env

_TERMS = Retention()
_USUAL = DiskThresholds()
_LEAST = {
    Kind.AUDIT: (
        731,
        "the access log is kept for a year after the year's end (order 1/02-14 of the Ombudsman)",
    )
}


def _kept(kind: Kind, name: str, about: str) -> Any:
    least, because = _LEAST.get(kind, (1, "what is of today is needed today"))
    return env.whole(
        f"HOTLINE_{name}_DAYS", _TERMS.of(kind).days, about, least=least, because=because, make=env.days
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """The terms of keeping; the fields are those of Retention."""

    recordings: timedelta = _kept(
        Kind.RECORDINGS, "KEEP_RECORDINGS", "days for which recordings of talks are kept"
    )
    messages: timedelta = _kept(Kind.MESSAGES, "KEEP_MESSAGES", "days for which voice messages are kept")
    chats: timedelta = _kept(
        Kind.CHATS, "KEEP_CHATS", "days for which what residents wrote in chats is kept, since its last line"
    )
    calls: timedelta = _kept(
        Kind.CALLS,
        "KEEP_CALLS",
        "days after which nothing in the call log tells who called; the call of an appeal stays with it",
    )
    cameras: timedelta = _kept(
        Kind.CAMERAS, "KEEP_CAMERA_LOG", "days for which it is known who watched which camera"
    )
    journeys: timedelta = _kept(Kind.JOURNEYS, "KEEP_JOURNEYS", "days in which each step of a call is known")
    appeals: timedelta = _kept(
        Kind.APPEALS,
        "KEEP_APPEALS",
        "days after its end in which an appeal is kept whole; then what is counted stays, and nobody's name",
    )
    citizens: timedelta = _kept(
        Kind.CITIZENS,
        "KEEP_CITIZENS",
        "days for which a citizen is known of whom no appeal is kept and who does not call",
    )
    orders: timedelta = _kept(
        Kind.ORDERS,
        "KEEP_INFORMED",
        "days after its end in which it is known whom a campaign called and an order informed",
    )
    notices: timedelta = _kept(
        Kind.NOTICES, "KEEP_NOTICES", "days for which notices are kept that are about no appeal"
    )
    callbacks: timedelta = _kept(
        Kind.CALLBACKS, "KEEP_CALLBACKS", "days for which call-backs and arranged calls are kept"
    )
    attempts: timedelta = _kept(
        Kind.ATTEMPTS, "KEEP_ATTEMPTS", "days for which attempts of automatic calls are kept"
    )
    drafts: timedelta = _kept(Kind.DRAFTS, "KEEP_DRAFTS", "days for which forms are kept that nobody sent")
    watchers: timedelta = _kept(
        Kind.WATCHERS,
        "OUTAGE_WATCHERS",
        "days after its end in which it is still known who wanted to be told of an outage",
    )
    reports: timedelta = _kept(
        Kind.REPORTS,
        "OUTAGE_REPORTS",
        "days in which it is still known what callers reported by keys; what belongs to an appeal stays with"
        " it",
    )
    places: timedelta = _kept(
        Kind.PLACES,
        "KEYED_PLACES",
        "days in which it is still known where a number said by keys that it is; said again, they begin anew",
    )
    unconfirmed: timedelta = _kept(
        Kind.UNCONFIRMED, "KEEP_UNCONFIRMED", "days for which subscriptions are kept that nobody confirmed"
    )
    subscriptions: timedelta = _kept(
        Kind.SUBSCRIPTIONS, "KEEP_SUBSCRIPTIONS", "days for which subscriptions are kept after their end"
    )
    audit: timedelta = _kept(Kind.AUDIT, "KEEP_AUDIT", "days for which the audit log is kept")
    sign_ins: timedelta = _kept(Kind.SIGN_INS, "KEEP_SIGN_INS", "days for which attempts to sign in are kept")
    presence: timedelta = _kept(
        Kind.PRESENCE,
        "KEEP_PRESENCE",
        "days for which it is known when a dispatcher was present, and what they wished of the roster",
    )
    equipment: timedelta = _kept(
        Kind.EQUIPMENT, "KEEP_EQUIPMENT", "days for which it is known how equipment was"
    )
    outbox: timedelta = _kept(
        Kind.OUTBOX, "KEEP_OUTBOX_FILES", "days for which notices lie in `outbox/` as files"
    )
    imports: timedelta = _kept(
        Kind.IMPORTS, "KEEP_IMPORTS", "days for which files lie in `imports/` from which registers were read"
    )
    logs: timedelta = _kept(
        Kind.LOGS, "KEEP_LOGS", "days for which Asterisk's logs are kept once they were put aside"
    )

    @property
    def retention(self) -> Retention:
        return Retention(**{one.name: getattr(self, one.name) for one in fields(self)})


def _threshold(name: str, usual: int, about: str) -> Any:
    return env.whole(name, usual // 2**20, about, least=1, make=env.megabytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSettings:
    """Thresholds of the free disk."""

    low: int = _threshold(
        "HOTLINE_DISK_LOW_MEGABYTES",
        _USUAL.low,
        "megabytes free below which listening copies, and speech made for one caller, are deleted: both can"
        " be made anew",
    )
    spent: int = _threshold(
        "HOTLINE_DISK_SPENT_MEGABYTES",
        _USUAL.spent,
        "megabytes free below which an alarm is raised: calls may soon not be recorded any more",
    )

    @property
    def thresholds(self) -> DiskThresholds:
        return DiskThresholds(low=self.low, spent=self.spent)
