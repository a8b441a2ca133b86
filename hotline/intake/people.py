"""Lines of files on citizens, addresses and executors: read into records, and records written as lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from hotline.city.searching import normalised
from hotline.contact.channel import Channel
from hotline.contact.numbers import e164
from hotline.enterprises.executors import ALWAYS, ContactKind, Hours
from hotline.intake.lines import Cells, Column, Fault
from hotline.intake.words import YesNo, understood, written
from hotline.people.benefits import benefits

NO_NUMBER = "This is no whole telephone number: write it as 0457900001 or +380457900001."
NO_CATEGORY = "There is no such category of applicants: take its number, such as 7.14, or its name."
NO_HOURS = "Write hours as 08:00-17:00."
NO_DAYS = "Write days of the week as 1-5 or 1,3,5: 1 is Monday."
NO_WHOLE_NUMBER = "Write a whole number."
NO_EMAIL = "This is no e-mail address."
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_DAYS = re.compile(r"[1-7](?:\s*[-,]\s*[1-7])*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ALL_DAYS = "1-7"

CITIZEN_COLUMNS = (
    Column(
        name="name", uk="Прізвище, ім’я, по батькові", en="Name", needed=True, also=("ПІБ", "ПІП", "Заявник")
    ),
    Column(name="address", uk="Адреса", en="Address"),
    Column(name="numbers", uk="Телефони", en="Telephones", also=("Телефон", "Telephone", "Phone")),
    Column(name="benefits", uk="Категорії (пільги)", en="Categories", also=("Пільги", "Benefits")),
)
ADDRESS_COLUMNS = (
    Column(
        name="street",
        uk="Вулиця або квартал",
        en="Street",
        needed=True,
        also=("Вулиця", "Квартал або вулиця"),
    ),
    Column(name="former", uk="Колишні назви", en="Former names", also=("Стара назва",)),
    Column(name="house", uk="Будинок", en="House", also=("Номер будинку",)),
    Column(name="quarter", uk="Квартал", en="Quarter"),
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenRecord:
    """A person. Who has the same name and address is the same person. `benefits` are codes."""

    name: str
    address: str
    numbers: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord:
    """A street or quarter with the names it had, and one house of it, if the line has one."""

    street: str
    former: tuple[str, ...] = ()
    house: str = ""
    quarter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """Somebody to reach at an enterprise."""

    name: str
    kind: ContactKind
    order: int
    number: str | None
    email: str | None
    hours: Hours = ALWAYS
    channels: tuple[Channel, ...] = ()
    """How to tell them what is not urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorRecord:
    """An enterprise and one of its contacts; several lines of one name are one enterprise."""

    name: str
    short: str
    contact: ContactRecord | None = None
    active: bool = True


def read_citizen(cells: Cells) -> CitizenRecord:
    """Read one line; raises Fault."""
    return CitizenRecord(
        name=cells.needed("name"),
        address=cells.text("address"),
        numbers=tuple(
            dict.fromkeys(number(one, "numbers") for one in _numbers(cells.values.get("numbers", "")))
        ),
        benefits=tuple(dict.fromkeys(_benefit(one) for one in cells.several("benefits"))),
    )


def citizen_cells(of: CitizenRecord) -> Sequence[str]:
    return of.name, of.address, "; ".join(of.numbers), "; ".join(of.benefits)


def read_address(cells: Cells) -> AddressRecord:
    """Read one line; raises Fault."""
    return AddressRecord(
        street=cells.needed("street"),
        former=cells.several("former"),
        house=cells.text("house", 20),
        quarter=cells.text("quarter"),
    )


def address_cells(of: AddressRecord) -> Sequence[str]:
    return of.street, "; ".join(of.former), of.house, of.quarter


def read_executor(cells: Cells) -> ExecutorRecord:
    """Read one line; raises Fault. Without a contact's name the line is of the enterprise alone."""
    name = cells.needed("name")
    return ExecutorRecord(
        name=name,
        short=cells.text("short", 60) or name[:60],
        contact=_contact(cells),
        active=understood("active", cells.text("active"), YesNo, YesNo.YES) is YesNo.YES,
    )


def executor_cells(of: ExecutorRecord) -> Sequence[str]:
    one, active = of.contact, "" if of.active else written(YesNo.NO)
    if one is None:
        return of.name, of.short, "", "", "", "", "", "", "", "", active
    days = ",".join(map(str, sorted(one.hours.days)))
    return (
        *(of.name, of.short, one.name, written(one.kind), str(one.order), one.number or "", one.email or ""),
        *(
            f"{one.hours.since:%H:%M}-{one.hours.until:%H:%M}",
            _ALL_DAYS if one.hours.days == ALWAYS.days else days,
        ),
        *("; ".join(map(written, one.channels)), active),
    )


def number(text: str, column: str) -> str:
    """Write a telephone number in E.164; raises Fault."""
    found = e164(text)
    if found is None:
        raise Fault(column, NO_NUMBER)
    return found


def _numbers(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def _benefit(text: str) -> str:
    wanted = normalised(text)
    for code, one in benefits().items():
        if wanted in (normalised(code), normalised(one.uk), normalised(one.en)):
            return code
    raise Fault("benefits", NO_CATEGORY)


def _contact(cells: Cells) -> ContactRecord | None:
    name = cells.text("contact")
    email, order = cells.text("email"), cells.text("order", 3)
    if email and not _EMAIL.fullmatch(email):
        raise Fault("email", NO_EMAIL)
    if order and not (order.isascii() and order.isdigit()):
        raise Fault("order", NO_WHOLE_NUMBER)
    typed = cells.text("number")
    if not name:
        return None
    return ContactRecord(
        name=name,
        kind=understood("kind", cells.text("kind"), ContactKind, ContactKind.DUTY),
        order=int(order or 1),
        number=number(typed, "number") if typed else None,
        email=email or None,
        hours=_hours(cells.text("hours"), cells.text("days")),
        channels=_channels(cells, has_email=bool(email), has_number=bool(typed)),
    )


def _channels(cells: Cells, *, has_email: bool, has_number: bool) -> tuple[Channel, ...]:
    """Read how they want to be told; by what there is where nothing is said."""
    if said := cells.several("channels"):
        return tuple(understood("channels", one, Channel, Channel.PAGE) for one in said)
    return (Channel.EMAIL,) if has_email else (Channel.SMS,) if has_number else (Channel.PAGE,)


def _hours(hours: str, days: str) -> Hours:
    since, until = ALWAYS.since, ALWAYS.until
    if hours:
        found = _HOURS.fullmatch(hours)
        if not found:
            raise Fault("hours", NO_HOURS)
        since, until = _time(found[1], found[2]), _time(found[3], found[4])
    return Hours(since=since, until=until, days=_days(days) if days else ALWAYS.days)


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour) % 24 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError as error:
        raise Fault("hours", NO_HOURS) from error


def _days(text: str) -> frozenset[int]:
    if not _DAYS.fullmatch(text):
        raise Fault("days", NO_DAYS)
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if "-" in last:
            raise Fault("days", NO_DAYS)
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
