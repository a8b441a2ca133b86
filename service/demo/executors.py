"""The demo city's enterprises: real names where established, contacts that nobody has, demo rules."""

from collections.abc import Sequence
from datetime import time

from hotline.appeals.routing import Rule
from hotline.city.classifier import Utility
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, ContactHours, ContactKind, Executor
from storage.store import Storage

HEAT, HOUSING, YARDS, POWER = "Тепломережі", "УЖКГ", "ЖКЦ", "Чернігівобленерго"
WATER = "Водопостачання (демо)"
_NAMES = (
    (HEAT, "КП «Славутич Тепломережі»"),
    (HOUSING, "КП «УЖКГ»"),
    (YARDS, "КП «ЖКЦ»"),
    (POWER, "АТ «Чернігівобленерго»"),
    (WATER, "Постачальник води (не встановлено, демо)"),
)
_RULES: Sequence[tuple[str, Sequence[str], Sequence[Utility], str]] = (
    (HEAT, ("heat-*",), (Utility.HEAT, Utility.HOT_WATER), ""),
    (HOUSING, ("sewer-*", "basement", "street-light", "emergency"), (), "Аварійна служба цілодобово"),
    (WATER, (), (Utility.WATER,), "Постачальника води не встановлено"),
    (POWER, (), (Utility.POWER,), ""),
    (HOUSING, ("lift-*", "roof-leak", "entrance", "facade", "repairs", "rent", "manhole-open"), (), ""),
    (YARDS, ("road-*", "tree-*", "grass", "rubbish", "dump", "playground"), (), ""),
)
"""In their order. What none of them takes, such as gas and noise, a dispatcher assigns."""
_DAY = ContactHours(since=time(8), until=time(17), days=frozenset(range(1, 6)))


async def add_demo_executors(storage: Storage) -> dict[str, Executor]:
    """Enter the enterprises and the rules; short names → enterprises."""
    made = {
        short: await storage.executors.add(name, short, _contacts(place), demo=True)
        for place, (short, name) in enumerate(_NAMES)
    }
    for order, (short, categories, utilities, note) in enumerate(_RULES, start=1):
        rule = Rule(
            order=order * 10,
            executor_id=made[short].id,
            categories=tuple(categories),
            utilities=tuple(utilities),
            note=note,
        )
        await storage.rules.add(rule)
    return made


def _contacts(place: int) -> Sequence[Contact]:
    """By day a desk, always somebody on duty, and the manager: numbers of a block that is not assigned."""
    mail = f"vykonavets{place + 1}@slavutych.example"
    return (
        Contact(
            name="Диспетчерська (демо)",
            number=f"+3804579000{60 + place}",
            email=mail,
            channels=(Channel.EMAIL,),
            hours=_DAY,
        ),
        Contact(name="Черговий (демо)", order=2, number=f"+3804579000{70 + place}", channels=(Channel.SMS,)),
        Contact(
            name="Директор (демо)",
            kind=ContactKind.MANAGER,
            number=f"+3804579000{80 + place}",
            email=f"dyrektor-{mail}",
        ),
    )
