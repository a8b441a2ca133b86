"""Notices about specialists: to the manager at once and in time, to the specialist, late to the head."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from hotline.appeals.escalation_steps import Clocks, reminders
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Recipient
from hotline.enterprises.executors import Contact, ContactKind, Executor
from hotline.specialists.involvements import Involvement
from hotline.voice.speech import Language

MANAGER, SPECIALIST = "consent", "specialist"
"""The recipients `consent:12` and `specialist:12`; the link in the notice is theirs."""
ASKED, REMINDER, OVERDUE = "specialist-asked", "specialist-reminder", "specialist-overdue"
DRAWN_IN, ENDED = "specialist-drawn-in", "specialist-ended"
_CLOCKS = Clocks()


def manager_of(one: Involvement, executor: Executor) -> Contact | None:
    """Find the contact who consents; None once they are no manager of an open enterprise."""
    found = executor.contact(one.manager_id) if executor.active else None
    return found if found is not None and found.kind is ContactKind.MANAGER else None


def matters_ahead(one: Involvement) -> Sequence[str]:
    """Name what is owed for a moment to come: an answer takes it back."""
    return [_matter(one, REMINDER, at) for at in _reminders(one)] + [_matter(one, OVERDUE, one.answer_by)]


def told_asked(one: Involvement, executor: Executor, head_email: str) -> Sequence[NewNotice]:
    """Give the notices of an asking: at once, before the term ends, and when it has ended."""
    manager = manager_of(one, executor)
    if manager is None:
        return ()
    found = list(_to_manager(one, executor, manager, ASKED))
    for at in _reminders(one):
        found += _to_manager(one, executor, manager, REMINDER, at=at)
    found += _to_manager(one, executor, manager, OVERDUE, at=one.answer_by)
    if head_email:
        way = (Channel.EMAIL, head_email)
        found.append(_notice(one, executor, Recipient.HEAD.value, way, OVERDUE, at=one.answer_by))
    return found


def told_manager(one: Involvement, executor: Executor, about: str, said: str = "") -> Sequence[NewNotice]:
    """Give the notices to the manager, while there is one."""
    manager = manager_of(one, executor)
    return () if manager is None else list(_to_manager(one, executor, manager, about, said=said))


def told_specialist(one: Involvement, executor: Executor, about: str, said: str = "") -> Sequence[NewNotice]:
    """Give the notice by the specialist's mail address, or their telephone where there is none."""
    way = (Channel.EMAIL, one.email) if one.email else (Channel.SMS, one.number)
    to = f"{SPECIALIST}:{one.id}" if one.user_id is None else f"user:{one.user_id}"
    return [_notice(one, executor, to, way, about, said=said)] if way[1] else []


def _reminders(one: Involvement) -> Sequence[datetime]:
    return list(reminders(one.asked_at, one.answer_by, _CLOCKS))


def _matter(one: Involvement, about: str, at: datetime | None) -> str:
    named = "" if at is None else f"-{int(at.timestamp())}"
    return f"involvement-{one.id}-{about}{named}"


def _to_manager(
    one: Involvement,
    executor: Executor,
    manager: Contact,
    about: str,
    *,
    said: str = "",
    at: datetime | None = None,
) -> Iterator[NewNotice]:
    for way in manager.written_ways():
        yield _notice(one, executor, f"{MANAGER}:{one.id}", way, about, said=said, at=at)


def _notice(
    one: Involvement,
    executor: Executor,
    to: str,
    way: tuple[Channel, str],
    about: str,
    *,
    said: str = "",
    at: datetime | None = None,
) -> NewNotice:
    facts = notice_facts(
        Language.UKRAINIAN,
        texts={
            "matter": one.matter,
            "name": one.name,
            "why": one.why,
            "what": one.what,
            "said": said,
            "whose": executor.short,
        },
        words={"kind": f"matter-{one.kind}"},
        moments={"until": one.until, "answer": one.answer_by},
    )
    return NewNotice(
        matter=_matter(one, about, at),
        to=to,
        channel=way[0],
        address=way[1],
        about=about,
        facts=facts,
        due_at=at,
    )
