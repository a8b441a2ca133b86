"""Callers of the blackout that is measured: where they live, what is off there, what they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.city.addresses import Address, Area, Side
from hotline.city.classifier import Utility
from hotline.outages.outage import By, NewOutage, Outage, OutageKind, concerning
from ivr_flows.outage_announcement import TELL_ME
from storage.store import Storage

HOURS = 4
DARK = ("Вільнюський квартал", "Київський квартал", "Поліський квартал", "Печерський квартал")
DARK_AND_COLD, LIT = "вулиця Атомників", "Ризький квартал"
PERSON = "0"
FIRST_NUMBER = 380457900000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Callers of one kind: `share` of all, each in the next of these streets. `key` is pressed once told."""

    name: str
    share: float
    streets: Sequence[str]
    key: str = ""


GROUPS = (
    Group(name="dark", share=0.5, streets=DARK),
    Group(name="dark-tell-me", share=0.1, streets=DARK, key=TELL_ME),
    Group(name="dark-person", share=0.05, streets=DARK, key=PERSON),
    Group(name="dark-and-cold", share=0.15, streets=(DARK_AND_COLD,)),
    Group(name="lit", share=0.15, streets=(LIT,)),
    Group(name="lit-person", share=0.05, streets=(LIT,), key=PERSON),
)
"""Most listen and hang up; one of ten asks for a person, as many to be told when it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A caller, and the outages at their address, in the order in which they are told."""

    number: str
    address: Address
    group: Group
    outages: Sequence[Outage]


async def enter_outages(storage: Storage, now: datetime) -> Sequence[Outage]:
    """Enter what is off, in parts of the city alone."""
    dark = NewOutage(
        utility=Utility.POWER,
        kind=OutageKind.EMERGENCY,
        starts_at=now,
        expected_end=now + timedelta(hours=HOURS),
        areas=(*(Area(street=one) for one in DARK), Area(street=DARK_AND_COLD, first=1, last=99)),
        reason="Пошкоджено кабель.",
    )
    cold = NewOutage(
        utility=Utility.HEAT,
        kind=OutageKind.REPAIR,
        starts_at=now - timedelta(hours=HOURS),
        areas=(Area(street=DARK_AND_COLD, first=1, last=99, side=Side.ODD),),
    )
    return [await storage.outages.enter(one, By()) for one in (dark, cold)]


async def settle(storage: Storage, count: int, outages: Sequence[Outage]) -> Sequence[Citizen]:
    """Enter this number of citizens into the registers."""
    citizens: list[Citizen] = []
    for group in GROUPS:
        for place in range(max(1, round(count * group.share))):
            street = group.streets[place % len(group.streets)]
            there = Address(street=street, house=str(2 * (place % 40) + 1))
            number = f"+{FIRST_NUMBER + len(citizens)}"
            await storage.citizens.add(f"Громадянин {number[-3:]}", f"{there.text}, кв. 1", [number])
            theirs = concerning([there], outages)
            citizens.append(Citizen(number=number, address=there, group=group, outages=theirs))
    return citizens
