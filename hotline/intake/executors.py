"""Lines of files on enterprises, read and written: one line for each contact."""

import re
from collections.abc import Sequence
from datetime import time

from hotline.city.search_terms import normalised
from hotline.contact.channel import TO_PEOPLE, Channel
from hotline.enterprises.executors import ALWAYS, Contact, ContactHours, ContactKind, Executor
from hotline.intake.lines import Cells, Column, LineFault
from hotline.intake.numbers import read_count, read_number
from hotline.intake.words import YesNo, understood, written

NO_HOURS = "Write hours as 08:00-17:00."
NO_DAYS = "Write days of the week as 1-5 or 1,3,5: 1 is Monday."
NO_EMAIL = "This is no e-mail address."
NO_EXECUTOR = "There is no such executor: bring in the enterprises first, or mend the name."
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_DAYS = re.compile(r"[1-7](?:\s*[-,]\s*[1-7])*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ALL_DAYS = "1-7"

EXECUTOR_COLUMNS = (
    Column(name="name", uk="Назва", en="Name", needed=True, also=("Підприємство", "Виконавець")),
    Column(name="short", uk="Скорочена назва", en="Short name"),
    Column(name="contact", uk="Контактна особа", en="Contact", also=("Контакт",)),
    Column(name="kind", uk="Роль", en="Role"),
    Column(name="order", uk="Черговість", en="Order"),
    Column(name="number", uk="Телефон", en="Telephone", also=("Phone",)),
    Column(name="email", uk="Електронна пошта", en="E-mail", also=("Email", "Пошта")),
    Column(name="hours", uk="Години", en="Hours"),
    Column(name="days", uk="Дні тижня", en="Days"),
    Column(name="channels", uk="Як повідомляти", en="Told by"),
    Column(name="active", uk="Приймає звернення", en="Takes appeals"),
)


class Enterprises:
    """The register's enterprises by their names, whole and short, as files name them."""

    def __init__(self, known: Sequence[Executor]) -> None:
        self._by_name = {normalised(name): one for one in reversed(known) for name in (one.short, one.name)}

    def named_in(self, cells: Cells) -> Executor | None:
        """Find the one in the column of the executor; None where it is empty; raises Fault."""
        name = cells.text("executor")
        if name and normalised(name) not in self._by_name:
            raise LineFault("executor", NO_EXECUTOR)
        return self._by_name[normalised(name)] if name else None


def read_executor(cells: Cells) -> Executor:
    """Read one line: an enterprise with one contact, or without; raises Fault.

    Several lines of one name are one enterprise.
    """
    name, contact = cells.needed("name"), _contact(cells)
    return Executor(
        id=0,
        name=name,
        short=cells.text("short", 60) or name[:60],
        contacts=(contact,) if contact else (),
        active=understood("active", cells.text("active"), YesNo, YesNo.YES) is YesNo.YES,
    )


def executor_cells(of: Executor) -> Sequence[Sequence[str]]:
    """Write an enterprise's lines."""
    active = "" if of.active else written(YesNo.NO)
    contacts = [_contact_cells(one) for one in of.contacts] or [[""] * (len(EXECUTOR_COLUMNS) - 3)]
    return [(of.name, of.short, *cells, active) for cells in contacts]


def _contact_cells(one: Contact) -> Sequence[str]:
    days = ",".join(map(str, sorted(one.hours.days)))
    return (
        *(one.name, written(one.kind), str(one.order), one.number or "", one.email or ""),
        f"{one.hours.since:%H:%M}-{one.hours.until:%H:%M}",
        _ALL_DAYS if one.hours.days == ALWAYS.days else days,
        "; ".join(map(written, one.channels)),
    )


def _contact(cells: Cells) -> Contact | None:
    name = cells.text("contact")
    email, order = cells.text("email"), read_count(cells.text("order", 3), "order", 1)
    if email and not _EMAIL.fullmatch(email):
        raise LineFault("email", NO_EMAIL)
    typed = cells.text("number")
    if not name:
        return None
    return Contact(
        name=name,
        kind=understood("kind", cells.text("kind"), ContactKind, ContactKind.DUTY),
        order=order,
        number=read_number(typed, "number") if typed else None,
        email=email or None,
        hours=_hours(cells.text("hours"), cells.text("days")),
        channels=_channels(cells, has_email=bool(email), has_number=bool(typed)),
    )


def _channels(cells: Cells, *, has_email: bool, has_number: bool) -> tuple[Channel, ...]:
    """Read how they want to be told; by what there is where nothing is said."""
    if said := cells.several("channels"):
        return tuple(understood("channels", one, TO_PEOPLE, Channel.PAGE) for one in said)
    return (Channel.EMAIL,) if has_email else (Channel.SMS,) if has_number else (Channel.PAGE,)


def _hours(hours: str, days: str) -> ContactHours:
    since, until = ALWAYS.since, ALWAYS.until
    if hours:
        found = _HOURS.fullmatch(hours)
        if not found:
            raise LineFault("hours", NO_HOURS)
        since, until = _time(found[1], found[2]), _time(found[3], found[4])
    return ContactHours(since=since, until=until, days=_days(days) if days else ALWAYS.days)


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour) % 24 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError as error:
        raise LineFault("hours", NO_HOURS) from error


def _days(text: str) -> frozenset[int]:
    if not _DAYS.fullmatch(text):
        raise LineFault("days", NO_DAYS)
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if "-" in last:
            raise LineFault("days", NO_DAYS)
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
