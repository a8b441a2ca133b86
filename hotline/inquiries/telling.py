"""The notices of a request: by the enterprise's own roads, at once and at the moments of its term."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Recipient
from hotline.enterprises.executors import Contact, Executor
from hotline.inquiries.inquiries import Inquiry, reminder_at
from hotline.voice.speech import Language

MATTER = "inquiry-"
"""Begins what its notices are about, and the names of their texts."""
_SHORT = 160
ASKED, RETURNED = "inquiry-asked", "inquiry-returned"
REMINDER, OVERDUE = "inquiry-reminder", "inquiry-overdue"
WITHDRAWN = "inquiry-withdrawn"
AHEAD = (REMINDER, OVERDUE)
"""Owed for a moment to come: an answer takes them back."""


def matter_of(inquiry: Inquiry, about: str) -> str:
    """Name what a notice is about: each term has its own."""
    named = about.removeprefix(MATTER)
    return f"{MATTER}{inquiry.id}-{named}-{int(inquiry.due_at.timestamp())}"


def told_at_once(
    inquiry: Inquiry, executor: Executor, about: str, local: datetime, said: str = ""
) -> Sequence[NewNotice]:
    """Give the notices to the contact on duty, `local` being the city's time."""
    return list(_notices(inquiry, executor, executor.on_duty(local)[:1], about, said=said))


def told_in_time(
    inquiry: Inquiry, executor: Executor, since: datetime, zone: ZoneInfo, head_email: str
) -> Sequence[NewNotice]:
    """Give the notices of the term: a reminder, and once it is over, to the manager and the head as well."""
    remind = reminder_at(since, inquiry.due_at)
    found = list(
        _notices(inquiry, executor, executor.on_duty(remind.astimezone(zone))[:1], REMINDER, at=remind)
    )
    duty = executor.on_duty(inquiry.due_at.astimezone(zone))[:1]
    found += _notices(inquiry, executor, [*duty, *executor.managers()], OVERDUE, at=inquiry.due_at)
    if head_email:
        found.append(
            _notice(
                inquiry, executor, Recipient.HEAD, (Channel.EMAIL, head_email), OVERDUE, at=inquiry.due_at
            )
        )
    return found


def _notices(
    inquiry: Inquiry,
    executor: Executor,
    contacts: Sequence[Contact],
    about: str,
    *,
    said: str = "",
    at: datetime | None = None,
) -> Iterator[NewNotice]:
    for one in contacts:
        for way in one.written_ways():
            yield _notice(inquiry, executor, f"contact:{one.id}", way, about, said=said, at=at)


def _notice(
    inquiry: Inquiry,
    executor: Executor,
    to: str,
    way: tuple[Channel, str],
    about: str,
    *,
    said: str = "",
    at: datetime | None = None,
) -> NewNotice:
    short = inquiry.text if len(inquiry.text) <= _SHORT else inquiry.text[: _SHORT - 1] + "…"
    facts = notice_facts(
        Language.UKRAINIAN,
        texts={"inquiry": str(inquiry.id), "text": short, "said": said, "whose": executor.short},
        moments={"until": inquiry.due_at},
    )
    return NewNotice(
        matter=matter_of(inquiry, about),
        to=to,
        channel=way[0],
        address=way[1],
        about=about,
        facts=facts,
        due_at=at,
    )
