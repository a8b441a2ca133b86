"""Subjects of the audit log in words, with the page of each that the reader may open."""

from collections.abc import Mapping
from gettext import NullTranslations
from urllib.parse import quote

from attrs import frozen

from cti_server.frame.language import N_
from cti_server.frame.numbers import grouped
from hotline.access.permissions import Permission
from hotline.access.users import User


@frozen(kw_only=True)
class Kind:
    """A kind of subjects: its word, the address of one (`{}` stands for its id), what that takes."""

    text: str
    address: str = ""
    permission: Permission | None = None


@frozen(kw_only=True)
class Named:
    """A subject as it is shown; `address` is empty where there is no page, or none for this reader."""

    text: str
    address: str = ""


KINDS: Mapping[str, Kind] = {
    "appeal": Kind(text=N_("Appeal"), address="/appeals/{}", permission=Permission.SEE_APPEALS),
    "call": Kind(text=N_("A call"), address="/calls/{}", permission=Permission.SEE_CALLS),
    "citizen": Kind(text=N_("Citizen"), address="/citizens/{}", permission=Permission.REGISTER_APPEALS),
    "user": Kind(text=N_("User"), address="/admin/users/{}", permission=Permission.MANAGE_USERS),
    "city-data": Kind(text=N_("City data"), address="/city-data/{}", permission=Permission.SEE_CITY_DATA),
    "informing": Kind(
        text=N_("Informing order"), address="/informing/{}", permission=Permission.PREPARE_INFORMING
    ),
    "outage": Kind(text=N_("Outage"), address="/outage-register/{}", permission=Permission.SEE_OUTAGES),
    "outage-alert": Kind(text=N_("Alert")),
    "city-message": Kind(text=N_("Message to the whole city")),
    "executor": Kind(text=N_("Executor"), address="/executors/{}", permission=Permission.MANAGE_EXECUTORS),
    "file": Kind(text=N_("File")),
    "voice": Kind(text=N_("Announcement")),
    "number": Kind(text=N_("Telephone number")),
    "rule": Kind(text=N_("Rule")),
    "token": Kind(text=N_("Token")),
    "import": Kind(text=N_("Import"), address="/admin/imports/{}", permission=Permission.IMPORT_DATA),
    "callback": Kind(text=N_("Arranged call")),
    "view": Kind(text=N_("Kept filters")),
    "hold": Kind(text=N_("Legal hold")),
    "dispatcher": Kind(text=N_("Dispatcher")),
    "notices": Kind(text=N_("Notices")),
    "do-not-call": Kind(text=N_("Do-not-call list")),
    "message": Kind(text=N_("Voice message")),
    "recording": Kind(text=N_("Recording")),
    "survey-form": Kind(text=N_("Survey")),
    "campaign": Kind(text=N_("Automatic calls")),
    "link": Kind(text=N_("The applicants' link")),
    "command": Kind(text=N_("Command")),
    "calls": Kind(text=N_("Calls"), address="/calls", permission=Permission.SEE_CALLS),
    "appeals": Kind(text=N_("Appeals"), address="/appeals", permission=Permission.SEE_APPEALS),
    "citizens": Kind(text=N_("Citizens")),
    "journal": Kind(
        text=N_("Journal of registration"),
        address="/appeals/journal",
        permission=Permission.SEE_APPEALS,
    ),
    "line": Kind(text=N_("The line")),
    "line-report": Kind(text=N_("The line's report")),
    "city": Kind(text=N_("City now"), address="/city", permission=Permission.SEE_CONTROL),
    "control": Kind(text=N_("Control"), address="/control", permission=Permission.SEE_CONTROL),
    "surveys": Kind(text=N_("Surveys")),
    "tokens": Kind(
        text=N_("Access for programs"), address="/admin/tokens", permission=Permission.MANAGE_USERS
    ),
    "audit": Kind(text=N_("Audit log"), address="/admin/audit", permission=Permission.SEE_AUDIT),
    "users": Kind(text=N_("Users"), address="/admin/users", permission=Permission.MANAGE_USERS),
    "work": Kind(text=N_("Appeals of the enterprise")),
    "search": Kind(text=N_("Search")),
    "events": Kind(text=N_("Stream of events")),
    "rules": Kind(text=N_("Rules"), address="/rules", permission=Permission.MANAGE_RULES),
    "executors": Kind(text=N_("Executors"), address="/executors", permission=Permission.MANAGE_EXECUTORS),
}
DETAILS: Mapping[str, str] = {
    "similar": N_("looked for similar appeals"),
    "same": N_("looked for what others reported"),
    "categories": N_("looked for a category"),
    "amend": N_("put right"),
    "note": N_("note"),
    "desk": N_("at the desk"),
    "appeal-form": N_("form of an appeal"),
    "emergency-form": N_("form of an emergency"),
    "consultation": N_("consultation"),
    "control": N_("control"),
    "todo": N_("what is to be done"),
    "closings": N_("how it was closed"),
    "callback claimed": N_("took the call-back"),
    "callback left": N_("left the call-back"),
    "registration-card": N_("registration card"),
    "begun": N_("begun"),
    "draft": N_("draft"),
    "dry run": N_("dry run"),
    "dropped": N_("removed"),
    "notices": N_("notices"),
    "heard": N_("heard"),
    "third": N_("called in as a third"),
    "phone-code": N_("personal code"),
    "phone-code off": N_("personal code removed"),
    "skipped": N_("skipped"),
    "picked": N_("picked up"),
}


def named(subject: str, user: User, users: Mapping[int, str], words: NullTranslations) -> Named:
    """Name a subject such as `appeal:2600018`; one of a kind that nobody has named stays as it is written.

    `users` are the names of users.
    """
    kind, _, one = subject.partition(":")
    known = KINDS.get(kind)
    if known is None:
        return Named(text=subject)
    text = words.gettext(known.text)
    may = known.permission is not None and user.may(known.permission)
    if not one:
        return Named(text=text, address=known.address if may and "{}" not in known.address else "")
    shown = grouped(one) if kind == "appeal" else one
    if kind == "user" and one.isdecimal():
        shown = users.get(int(one), one)
    address = known.address.format(quote(one, safe="")) if may and "{}" in known.address else ""
    return Named(text=f"{text} {shown}", address=address)


def detail(text: str, words: NullTranslations) -> str:
    """Say in words what handlers note beside the subject; filters of a list stay as the address has them."""
    return words.gettext(DETAILS[text]) if text in DETAILS else text
