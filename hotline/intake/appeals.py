"""Lines of files on appeals: read into records, and records written as lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hotline.appeals import (
    AppealKind,
    AppealState,
    Receipt,
    ResultKind,
    Sign,
    Subject,
    Urgency,
)
from hotline.classifier import classifier
from hotline.intake.lines import Cells, Column, Fault
from hotline.intake.people import number
from hotline.intake.words import understood, written
from hotline.searching import normalised
from hotline.terms import Deadline, end_of

LONGEST_TEXT = 10_000
NO_DATE = "Write the date as 25.11.2026, with the time as 25.11.2026 14:30."
NO_APPEAL_NUMBER = "A number has only digits, 12 at most."
NO_SUCH_CATEGORY = "There is no such category: take its code or name from the classifier."
NEEDS_EXECUTOR = "In this state an appeal has an executor: name it, or write another state."
BEFORE_RECEIPT = "The term ends before the appeal was received."
NEEDS_APPLICANT = "An address or category of the applicant needs their name."
_HAVE_EXECUTOR = frozenset(
    {
        *(AppealState.ASSIGNED, AppealState.ACCEPTED, AppealState.IN_WORK, AppealState.DONE),
        *(AppealState.BEING_CHECKED, AppealState.DISPUTED),
    }
)
_MOMENT = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_LONGEST_NUMBER = 12

APPEAL_COLUMNS = (
    Column(name="number", uk="Номер", en="Number"),
    Column(name="index", uk="Індекс", en="Index", also=("Реєстраційний індекс",)),
    Column(name="registered", uk="Зареєстровано", en="Registered", needed=True, also=("Надійшло",)),
    Column(name="kind", uk="Вид", en="Kind"),
    Column(name="sign", uk="Ознака", en="Sign"),
    Column(name="subject", uk="Суб’єкт", en="Subject"),
    Column(name="receipt", uk="Форма надходження", en="Receipt"),
    Column(name="category", uk="Категорія", en="Category", also=("Тема",)),
    Column(name="urgency", uk="Терміновість", en="Urgency"),
    Column(name="summary", uk="Зміст", en="Text", needed=True, also=("Короткий зміст", "Суть", "Summary")),
    Column(name="address", uk="Адреса", en="Address"),
    Column(name="applicant", uk="Заявник", en="Applicant"),
    Column(name="home", uk="Адреса заявника", en="Applicant's address"),
    Column(name="phone", uk="Телефон", en="Telephone"),
    Column(name="executor", uk="Виконавець", en="Executor"),
    Column(name="state", uk="Стан", en="State"),
    Column(name="due", uk="Термін виконання", en="Answer by", also=("Термін", "Строк виконання", "Строк")),
    Column(name="result", uk="Результат", en="Result"),
    Column(name="answer", uk="Відповідь", en="Answer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRecord:
    """An appeal with names for what the register has as ids; without a `number` it is to be given one."""

    number: str
    index: str
    registered_at: datetime
    kind: AppealKind
    sign: Sign
    subject: Subject
    receipt: Receipt
    category: str
    urgency: Urgency
    summary: str
    address: str
    applicant: str
    home: str
    phone: str | None
    executor: str
    state: AppealState
    due: Deadline
    result: ResultKind | None
    answer: str


def read_appeal(cells: Cells, zone: ZoneInfo) -> AppealRecord:
    """Read one line, its times in the city's zone; raises Fault."""
    category = _category(cells.text("category"))
    registered_at = _moment(cells.needed("registered"), "registered", zone)
    own = classifier().categories[category].urgency if category else Urgency.ORDINARY
    urgency = understood("urgency", cells.text("urgency"), Urgency, own)
    executor, phone = cells.text("executor"), cells.text("phone")
    home, applicant = cells.text("home"), cells.text("applicant")
    if home and not applicant:
        raise Fault("applicant", NEEDS_APPLICANT)
    result = cells.text("result")
    return AppealRecord(
        number=_number(cells.text("number", 20)),
        index=cells.text("index", 40),
        registered_at=registered_at,
        kind=understood("kind", cells.text("kind"), AppealKind, AppealKind.APPLICATION),
        sign=understood("sign", cells.text("sign"), Sign, Sign.FIRST),
        subject=understood(
            "subject", cells.text("subject"), Subject, Subject.INDIVIDUAL if applicant else Subject.ANONYMOUS
        ),
        receipt=understood("receipt", cells.text("receipt"), Receipt, Receipt.PHONE),
        category=category,
        urgency=urgency,
        summary=_text(cells, "summary"),
        address=cells.text("address"),
        applicant=applicant,
        home=home,
        phone=number(phone, "phone") if phone else None,
        executor=executor,
        state=_state(cells.text("state"), executor),
        due=_due(cells.text("due"), registered_at, category, urgency, zone),
        result=understood("result", result, ResultKind, ResultKind.SATISFIED) if result else None,
        answer=cells.values.get("answer", "")[:LONGEST_TEXT],
    )


def appeal_cells(of: AppealRecord, zone: ZoneInfo) -> Sequence[str]:
    local = of.registered_at.astimezone(zone)
    return (
        *(of.number, of.index, f"{local:%d.%m.%Y %H:%M:%S}", written(of.kind), written(of.sign)),
        *(written(of.subject), written(of.receipt), of.category, written(of.urgency), of.summary, of.address),
        *(of.applicant, of.home, of.phone or "", of.executor, written(of.state), _due_text(of.due, zone)),
        *(written(of.result), of.answer),
    )


def _text(cells: Cells, name: str) -> str:
    text = cells.values.get(name, "").strip()
    if not text:
        raise Fault(name, "This must be filled in.")
    if len(text) > LONGEST_TEXT:
        raise Fault(name, "This is too long.")
    return text


def _number(text: str) -> str:
    digits = text.replace(" ", "").lstrip("№")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise Fault("number", NO_APPEAL_NUMBER)
    return digits


def _state(text: str, executor: str) -> AppealState:
    otherwise = AppealState.ASSIGNED if executor else AppealState.REGISTERED
    state = understood("state", text, AppealState, otherwise)
    if state in _HAVE_EXECUTOR and not executor:
        raise Fault("executor", NEEDS_EXECUTOR)
    return AppealState.ASSIGNED if state is AppealState.REGISTERED and executor else state


@cache
def _categories() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, one in classifier().categories.items():
        found |= {normalised(code): code, normalised(one.uk): code, normalised(one.en): code}
    return found


def _category(text: str) -> str:
    if not text:
        return ""
    code = _categories().get(normalised(text))
    if code is None:
        raise Fault("category", NO_SUCH_CATEGORY)
    return code


def _moment(text: str, column: str, zone: ZoneInfo) -> datetime:
    """Read a moment of the city, or an ISO one; UTC."""
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        else:
            read = datetime.fromisoformat(text)
            local = read if read.tzinfo else read.replace(tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Fault(column, NO_DATE) from error


def _due(text: str, registered_at: datetime, category: str, urgency: Urgency, zone: ZoneInfo) -> Deadline:
    """Read the term: a day that it ends with, or a moment; without one it is the category's, or a month."""
    if not text:
        if category:
            return classifier().deadline(category, urgency, registered_at, zone)
        return end_of((registered_at + timedelta(days=30)).astimezone(zone).date(), zone)
    at = _moment(text, "due", zone)
    local = at.astimezone(zone)
    due = end_of(local.date(), zone) if local.time() == time() else Deadline(due_on=local.date(), due_at=at)
    if due.due_at <= registered_at:
        raise Fault("due", BEFORE_RECEIPT)
    return due


def _due_text(due: Deadline, zone: ZoneInfo) -> str:
    local = due.due_at.astimezone(zone)
    if local.time() == time():
        return f"{_day_before(local.date()):%d.%m.%Y}"
    return f"{local:%d.%m.%Y %H:%M:%S}"


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
