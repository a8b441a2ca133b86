"""Lines of files on appeals: read into records, and records written as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.city.classifier import Urgency, classifier
from hotline.city.searching import normalised
from hotline.city.terms import Deadline, end_of
from hotline.contact.channel import Channel
from hotline.intake.lines import Cells, Column, Fault
from hotline.intake.moments import moment_text, read_day, read_moment
from hotline.intake.people import NO_WHOLE_NUMBER, number
from hotline.intake.words import YesNo, understood, written

LONGEST_TEXT = 10_000
DAY = "%d.%m.%Y"
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
    Column(name="earlier", uk="Попереднє звернення", en="Earlier appeal"),
    Column(name="parent", uk="Головне звернення", en="Goes along with"),
    Column(name="consent", uk="Згода на обробку даних", en="Consent"),
    Column(name="controlled", uk="На контролі", en="Under control"),
    Column(name="extended", uk="Термін продовжено", en="Extended"),
    Column(name="wanted", uk="Просять продовжити до", en="Extension asked until"),
    Column(name="attempts", uk="Марних спроб запитати", en="Attempts in vain"),
    Column(name="since", uk="Стан змінено", en="State since"),
    Column(name="reply_by", uk="Як повідомляти", en="Told by"),
    Column(name="reply_to", uk="Куди повідомляти", en="Told at"),
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
    earlier: str
    parent: str
    consent: bool
    controlled: bool
    extended: bool
    wanted: date | None
    """The day until which the executor asks for more time."""
    attempts: int
    since: datetime
    """When the state last changed."""
    reply_by: Channel | None
    reply_to: str


def read_appeal(cells: Cells, zone: ZoneInfo) -> AppealRecord:
    """Read one line, its times in the city's zone; raises Fault."""
    category = _category(cells.text("category"))
    registered_at = read_moment(cells.needed("registered"), "registered", zone)
    own = classifier().categories[category].urgency if category else Urgency.ORDINARY
    urgency = understood("urgency", cells.text("urgency"), Urgency, own)
    executor, phone = cells.text("executor"), cells.text("phone")
    home, applicant = cells.text("home"), cells.text("applicant")
    if home and not applicant:
        raise Fault("applicant", NEEDS_APPLICANT)
    result, since, reply_by = cells.text("result"), cells.text("since"), cells.text("reply_by")
    return AppealRecord(
        number=_number(cells.text("number", 20), "number"),
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
        summary=cells.needed_whole("summary", LONGEST_TEXT),
        address=cells.text("address"),
        applicant=applicant,
        home=home,
        phone=number(phone, "phone") if phone else None,
        executor=executor,
        state=_state(cells.text("state"), executor),
        due=_due(cells.text("due"), registered_at, category, urgency, zone),
        result=understood("result", result, ResultKind, ResultKind.SATISFIED) if result else None,
        answer=cells.whole("answer", LONGEST_TEXT),
        earlier=_number(cells.text("earlier", 20), "earlier"),
        parent=_number(cells.text("parent", 20), "parent"),
        consent=_yes(cells, "consent"),
        controlled=_yes(cells, "controlled"),
        extended=_yes(cells, "extended"),
        wanted=read_day(cells.text("wanted"), "wanted") if cells.text("wanted") else None,
        attempts=_count(cells.text("attempts", 4), "attempts"),
        since=read_moment(since, "since", zone) if since else registered_at,
        reply_by=understood("reply_by", reply_by, Channel, Channel.PAGE) if reply_by else None,
        reply_to=cells.text("reply_to"),
    )


def appeal_cells(of: AppealRecord, zone: ZoneInfo) -> Sequence[str]:
    return (
        *(of.number, of.index, moment_text(of.registered_at, zone), written(of.kind), written(of.sign)),
        *(written(of.subject), written(of.receipt), of.category, written(of.urgency), of.summary, of.address),
        *(of.applicant, of.home, of.phone or "", of.executor, written(of.state), _due_text(of.due, zone)),
        *(written(of.result), of.answer, of.earlier, of.parent, _said(of.consent), _said(of.controlled)),
        *(_said(of.extended), of.wanted.strftime(DAY) if of.wanted else "", str(of.attempts or "")),
        *(
            "" if of.since == of.registered_at else moment_text(of.since, zone),
            written(of.reply_by),
            of.reply_to,
        ),
    )


def _number(text: str, column: str) -> str:
    digits = text.replace(" ", "").lstrip("№")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise Fault(column, NO_APPEAL_NUMBER)
    return digits


def _count(text: str, column: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise Fault(column, NO_WHOLE_NUMBER)
    return int(text or 0)


def _yes(cells: Cells, column: str) -> bool:
    return understood(column, cells.text(column), YesNo, YesNo.NO) is YesNo.YES


def _said(yes: bool) -> str:  # noqa: FBT001 - a cell of a line
    return written(YesNo.YES) if yes else ""


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


def _due(text: str, registered_at: datetime, category: str, urgency: Urgency, zone: ZoneInfo) -> Deadline:
    """Read the term: a day that it ends with, or a moment; without one it is the category's, or a month."""
    if not text:
        if category:
            return classifier().deadline(category, urgency, registered_at, zone)
        return end_of((registered_at + timedelta(days=30)).astimezone(zone).date(), zone)
    at = read_moment(text, "due", zone)
    local = at.astimezone(zone)
    due = end_of(local.date(), zone) if local.time() == time() else Deadline(due_on=local.date(), due_at=at)
    if due.due_at <= registered_at:
        raise Fault("due", BEFORE_RECEIPT)
    return due


def _due_text(due: Deadline, zone: ZoneInfo) -> str:
    local = due.due_at.astimezone(zone)
    if local.time() == time():
        return f"{_day_before(local.date()):%d.%m.%Y}"
    return moment_text(due.due_at, zone)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
