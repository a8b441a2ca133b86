"""Notices of equipment that is out of order: who gets them, when, and that it is over.

A fault is told of once, by every way that there is: its id is in the notice's matter, which the outbox keeps
once. A short message that may wait stays away from the quiet hours; an urgent one does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.access.users import User
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.contact.numbers import takes_sms
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice, Notice
from hotline.enterprises.executors import Executor
from hotline.equipment.catalogue import name_of
from hotline.equipment.items import Fault, Item
from hotline.voice.speech import Language

RECIPIENT = "equipment"
"""Begins the recipients of these notices; the item's id and the address follow."""
FAULT, OVER = "equipment-fault", "equipment-over"


def matter_of(fault_id: int) -> str:
    """Name the fault in the outbox."""
    return f"equipment-{fault_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Those whom items may call, by their ids."""

    users: Mapping[int, User]
    executors: Mapping[int, Executor]


def due(item: Item, fault: Fault, now: datetime) -> bool:
    """Tell that it has been out of order for long enough to tell of, and is not being worked on."""
    return _lasts(item, fault, now, item.calls.after_minutes)


def due_as_task(item: Item, fault: Fault, now: datetime) -> bool:
    """Tell that it has been out of order for longer than it may be before it is a person's task."""
    after = item.calls.task_after_minutes
    return after is not None and _lasts(item, fault, now, after)


def _lasts(item: Item, fault: Fault, now: datetime, minutes: int) -> bool:
    """A fault that outlasts its maintenance counts from the end of that."""
    if item.maintained(now):
        return False
    since, works = fault.began_at, item.maintenance
    if works is not None and works.since <= now:
        since = max(since, works.until)
    return now - since >= timedelta(minutes=minutes)


def notices(item: Item, fault: Fault, people: People, local: datetime) -> Sequence[NewNotice]:
    """Tell whom the item calls that it is out of order; `local` is the city's time."""
    ways = _ways(item, people, local)
    return [_notice(item, fault, FAULT, matter_of(fault.id), one) for one in ways]


def over(item: Item, fault: Fault, told: Sequence[tuple[Channel, str]]) -> Sequence[NewNotice]:
    """Tell those who were told of the fault in writing that it is over."""
    return [
        _notice(item, fault, OVER, f"{matter_of(fault.id)}-over", one)
        for one in told
        if one[0] is not Channel.CALL
    ]


def _notice(item: Item, fault: Fault, about: str, matter: str, way: tuple[Channel, str]) -> NewNotice:
    channel, address = way
    facts = notice_facts(
        Language.UKRAINIAN,
        urgency=Urgency.EMERGENCY if item.calls.urgent else Urgency.ORDINARY,
        texts={"what": name_of(item, Language.UKRAINIAN), "item": str(item.id), "fault": str(fault.id)},
        moments={"since": fault.began_at, "until": fault.ended_at},
    )
    to = f"{RECIPIENT}:{item.id}:{address}"
    return NewNotice(matter=matter, to=to, channel=channel, address=address, about=about, facts=facts)


def fault_of(notice: Notice) -> tuple[int, int, str]:
    """Give the ids of the item and its fault that a notice tells of, and the item's name."""
    texts = notice.facts["texts"]
    return int(texts["item"]), int(texts["fault"]), texts["what"]


def _ways(item: Item, people: People, local: datetime) -> Sequence[tuple[Channel, str]]:
    kind, _, given = item.calls.whom.partition(":")
    match kind:
        case "mail":
            found = [(Channel.EMAIL, given)]
        case "phone":
            found = _by_number(given)
        case "user":
            user = people.users.get(int(given))
            found = [] if user is None or not user.active else _of_user(user)
        case "executor":
            executor = people.executors.get(int(given))
            contacts = [] if executor is None else executor.on_duty(local)[:1]
            found = [way for one in contacts for way in one.ways(urgent=item.calls.urgent)]
        case _:
            found = []
    return [one for one in found if one[0] is not Channel.CALL or item.calls.urgent]


def _of_user(user: User) -> list[tuple[Channel, str]]:
    mail = [(Channel.EMAIL, user.email)] if user.email else []
    return [*mail, *(_by_number(user.telephone) if user.telephone else [])]


def _by_number(number: str) -> list[tuple[Channel, str]]:
    sms = [(Channel.SMS, number)] if takes_sms(number) else []
    return [*sms, (Channel.CALL, number)]
