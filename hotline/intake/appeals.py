"""Lines of files on appeals, read and written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import (
    PENDING,
    Appeal,
    AppealKind,
    AppealState,
    Receipt,
    ResultKind,
    Sign,
    Subject,
)
from hotline.appeals.registering import NewPerson
from hotline.appeals.statute import first_term
from hotline.city.classifier import Urgency, classifier
from hotline.city.search_terms import normalised
from hotline.city.terms import Deadline, end_of
from hotline.contact.channel import TO_PEOPLE, Channel
from hotline.enterprises.executors import Executor
from hotline.intake.executors import Enterprises
from hotline.intake.lines import Cells, Column, LineFault
from hotline.intake.moments import moment_text, read_day, read_moment
from hotline.intake.numbers import read_count, read_number
from hotline.intake.words import YesNo, understood, written

LONGEST_TEXT = 10_000
DAY = "%d.%m.%Y"
NO_APPEAL_NUMBER = "A number has only digits, 12 at most."
NO_SUCH_CATEGORY = "There is no such category: take its code or name from the classifier."
CLOSED_EXECUTOR = "This executor takes no appeals any more: name another, or write another state."
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
    Column(name="text", uk="Зміст", en="Text", needed=True, also=("Короткий зміст", "Суть", "Summary")),
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
    Column(name="only_in_writing", uk="Лише письмово", en="Only in writing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLine:
    """An appeal with its applicant and its enterprise by name; an empty number or index is to be given."""

    appeal: Appeal
    applicant: NewPerson | None = None
    executor: str = ""


def read_appeal(cells: Cells, zone: ZoneInfo, enterprises: Enterprises) -> AppealLine:
    """Read one line, its times in the city's zone; raises Fault."""
    category = _category(cells.text("category"))
    registered_at = read_moment(cells.needed("registered"), "registered", zone)
    own = classifier().categories[category].urgency if category else Urgency.ORDINARY
    urgency = understood("urgency", cells.text("urgency"), Urgency, own)
    phone = cells.text("phone")
    number = read_number(phone, "phone") if phone else None
    applicant = _applicant(cells, number)
    executor = enterprises.named_in(cells)
    state = _state(cells.text("state"), executor)
    kind = understood("kind", cells.text("kind"), AppealKind, AppealKind.APPLICATION)
    due = _due(cells.text("due"), registered_at, zone) or _own_term(
        kind, registered_at, category, urgency, zone
    )
    result, since, reply_by = cells.text("result"), cells.text("since"), cells.text("reply_by")
    subject = Subject.INDIVIDUAL if applicant else Subject.ANONYMOUS
    appeal = Appeal(
        number=_number(cells.text("number", 20), "number"),
        registration_index=cells.text("index", 40),
        registered_at=registered_at,
        kind=kind,
        sign=understood("sign", cells.text("sign"), Sign, Sign.FIRST),
        subject=understood("subject", cells.text("subject"), Subject, subject),
        receipt=understood("receipt", cells.text("receipt"), Receipt, Receipt.PHONE),
        category=category,
        classifier=classifier().version,
        urgency=urgency,
        text=cells.needed_whole("text", LONGEST_TEXT),
        address=cells.text("address"),
        applicant_number=number,
        executor_id=executor.id if executor else None,
        state=state,
        state_since=read_moment(since, "since", zone) if since else registered_at,
        due_on=due.due_on,
        due_at=due.due_at,
        result=understood("result", result, ResultKind, ResultKind.SATISFIED) if result else None,
        answer=cells.whole("answer", LONGEST_TEXT),
        earlier=_number(cells.text("earlier", 20), "earlier") or None,
        parent=_number(cells.text("parent", 20), "parent") or None,
        consent=_yes(cells, "consent"),
        controlled=_yes(cells, "controlled"),
        extended=_yes(cells, "extended"),
        extension_wanted=read_day(cells.text("wanted"), "wanted") if cells.text("wanted") else None,
        attempts=read_count(cells.text("attempts", 4), "attempts"),
        reply_by=understood("reply_by", reply_by, TO_PEOPLE, Channel.PAGE) if reply_by else None,
        reply_to=cells.text("reply_to"),
        only_in_writing=_yes(cells, "only_in_writing"),
    )
    return AppealLine(appeal=appeal, applicant=applicant, executor=executor.name if executor else "")


def appeal_cells(line: AppealLine, zone: ZoneInfo) -> Sequence[str]:
    of, applicant = line.appeal, line.applicant
    who = (applicant.name, applicant.address) if applicant else ("", "")
    wanted, since = of.extension_wanted, of.state_since or of.registered_at
    return (
        *(of.number, of.registration_index, moment_text(of.registered_at, zone), written(of.kind)),
        *(written(of.sign), written(of.subject), written(of.receipt), of.category, written(of.urgency)),
        *(of.text, of.address, *who, of.applicant_number or "", line.executor, written(of.state)),
        *(_due_text(of, zone), written(of.result), of.answer, of.earlier or "", of.parent or ""),
        *(_said(of.consent), _said(of.controlled), _said(of.extended)),
        *(wanted.strftime(DAY) if wanted else "", str(of.attempts or "")),
        *("" if since == of.registered_at else moment_text(since, zone), written(of.reply_by), of.reply_to),
        _said(of.only_in_writing),
    )


def _applicant(cells: Cells, number: str | None) -> NewPerson | None:
    home, name = cells.text("home"), cells.text("applicant")
    if home and not name:
        raise LineFault("applicant", NEEDS_APPLICANT)
    return NewPerson(name=name, address=home, numbers=(number,) if number else ()) if name else None


def _number(text: str, column: str) -> str:
    digits = text.replace(" ", "").lstrip("№")
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise LineFault(column, NO_APPEAL_NUMBER)
    return digits


def _yes(cells: Cells, column: str) -> bool:
    return understood(column, cells.text(column), YesNo, YesNo.NO) is YesNo.YES


def _said(yes: bool) -> str:  # noqa: FBT001 - a cell of a line
    return written(YesNo.YES) if yes else ""


def _state(text: str, executor: Executor | None) -> AppealState:
    otherwise = AppealState.ASSIGNED if executor else AppealState.REGISTERED
    state = understood("state", text, AppealState, otherwise)
    if state in _HAVE_EXECUTOR and not executor:
        raise LineFault("executor", NEEDS_EXECUTOR)
    if executor and state in PENDING and not executor.active:
        raise LineFault("executor", CLOSED_EXECUTOR)
    return AppealState.ASSIGNED if state is AppealState.REGISTERED and executor else state


def _category(text: str) -> str:
    if not text:
        return ""
    code = classifier().by_name.get(normalised(text))
    if code is None:
        raise LineFault("category", NO_SUCH_CATEGORY)
    return code


def _own_term(
    kind: AppealKind, registered_at: datetime, category: str, urgency: Urgency, zone: ZoneInfo
) -> Deadline:
    """Give the term of a line that names none: as at registration, or a month without a category."""
    if category or kind is AppealKind.INFORMATION_REQUEST:
        return first_term(kind, category, urgency, registered_at, zone)
    return end_of((registered_at + timedelta(days=30)).astimezone(zone).date(), zone)


def _due(text: str, registered_at: datetime, zone: ZoneInfo) -> Deadline | None:
    """Read the term: a day that it ends with, or a moment; None where the line names none."""
    if not text:
        return None
    at = read_moment(text, "due", zone)
    local = at.astimezone(zone)
    due = end_of(local.date(), zone) if local.time() == time() else Deadline(due_on=local.date(), due_at=at)
    if due.due_at <= registered_at:
        raise LineFault("due", BEFORE_RECEIPT)
    return due


def _due_text(of: Appeal, zone: ZoneInfo) -> str:
    if of.due_at is None:
        return of.due_on.strftime(DAY)
    local = of.due_at.astimezone(zone)
    if local.time() == time():
        return (local.date() - timedelta(days=1)).strftime(DAY)
    return moment_text(of.due_at, zone)
