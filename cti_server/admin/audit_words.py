"""Subjects of the audit log in words, with the page of each that the reader may open."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from urllib.parse import quote

from attrs import frozen

from cti_server.delivery.words import CHANNELS
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
    "city-setup": Kind(text=N_("Set-up of a new city")),
    "camera": Kind(text=N_("Camera"), address="/cameras/{}", permission=Permission.WATCH_CAMERAS),
    "camera-still": Kind(
        text=N_("Picture of a camera"), address="/cameras/stills/{}", permission=Permission.WATCH_CAMERAS
    ),
    "cameras": Kind(text=N_("Cameras"), address="/cameras", permission=Permission.WATCH_CAMERAS),
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
    "token": Kind(text=N_("Token"), address="/admin/tokens/{}", permission=Permission.MANAGE_USERS),
    "agreement": Kind(
        text=N_("Agreement with another city"),
        address="/neighbours/{}",
        permission=Permission.REGISTER_APPEALS,
    ),
    "neighbour-appeal": Kind(text=N_("Appeal taken for another city")),
    "webhook": Kind(text=N_("Webhook"), address="/admin/webhooks/{}", permission=Permission.MANAGE_USERS),
    "webhooks": Kind(text=N_("Webhooks"), address="/admin/webhooks", permission=Permission.MANAGE_USERS),
    "import": Kind(text=N_("Import"), address="/admin/imports/{}", permission=Permission.IMPORT_DATA),
    "callback": Kind(text=N_("Arranged call")),
    "view": Kind(text=N_("Kept filters")),
    "hold": Kind(text=N_("Legal hold")),
    "dispatcher": Kind(text=N_("Dispatcher")),
    "notices": Kind(text=N_("Notices")),
    "notices:head": Kind(text=N_("Notices of the head of the centre")),
    "notices:department": Kind(text=N_("Notices of the head of the department")),
    "applicant": Kind(
        text=N_("Applicant of appeal"), address="/appeals/{}", permission=Permission.SEE_APPEALS
    ),
    "contact": Kind(text=N_("Contact of an executor")),
    "head": Kind(text=N_("Head of the centre")),
    "department": Kind(text=N_("Head of the department")),
    "watcher": Kind(text=N_("Who asked about the outage")),
    "resident": Kind(text=N_("Resident")),
    "subscription": Kind(text=N_("Subscription")),
    "assessment": Kind(
        text=N_("Assessment of a talk"), address="/quality/{}", permission=Permission.ASSESS_TALKS
    ),
    "assessments": Kind(
        text=N_("Assessments of talks"), address="/quality", permission=Permission.ASSESS_TALKS
    ),
    "training": Kind(
        text=N_("Training record"), address="/quality/people/{}", permission=Permission.ASSESS_TALKS
    ),
    "article": Kind(text=N_("Article"), address="/knowledge/{}", permission=Permission.SEE_KNOWLEDGE),
    "web-calls": Kind(
        text=N_("Calls from the browser"), address="/web-calls", permission=Permission.SEE_ANNOUNCEMENTS
    ),
    "power": Kind(
        text=N_("Power by schedule"), address="/power/schedules", permission=Permission.SEE_OUTAGES
    ),
    "articles": Kind(text=N_("Knowledge base"), address="/knowledge", permission=Permission.SEE_KNOWLEDGE),
    "office": Kind(text=N_("Plan of files"), address="/office/{}", permission=Permission.SEE_OFFICE),
    "office-file": Kind(
        text=N_("File of the office"), address="/office/files/{}", permission=Permission.SEE_OFFICE
    ),
    "office-act": Kind(
        text=N_("Act of the office"), address="/office/acts/{}", permission=Permission.SEE_OFFICE
    ),
    "office-journal": Kind(
        text=N_("Journal"), address="/office/journals/{}", permission=Permission.SEE_OFFICE
    ),
    "directory": Kind(text=N_("Directory"), address="/directory/{}", permission=Permission.SEE_KNOWLEDGE),
    "missing": Kind(
        text=N_("A question without an answer"),
        address="/knowledge/missing/{}",
        permission=Permission.WRITE_KNOWLEDGE,
    ),
    "inquiry": Kind(
        text=N_("Request for information"), address="/inquiries/{}", permission=Permission.ASK_ENTERPRISES
    ),
    "inquiries": Kind(
        text=N_("Requests for information"), address="/inquiries", permission=Permission.ASK_ENTERPRISES
    ),
    "specialist": Kind(
        text=N_("Specialist drawn in"), address="/specialists/{}", permission=Permission.ASK_ENTERPRISES
    ),
    "specialists": Kind(text=N_("Specialists drawn in")),
    "chat": Kind(text=N_("Chat"), address="/chats/{}", permission=Permission.ANSWER_CHATS),
    "chats": Kind(text=N_("Chats"), address="/chats", permission=Permission.ANSWER_CHATS),
    "statement": Kind(
        text=N_("Statement"), address="/statements/{}", permission=Permission.PREPARE_STATEMENTS
    ),
    "statements": Kind(
        text=N_("Statements"), address="/statements", permission=Permission.PREPARE_STATEMENTS
    ),
    "board": Kind(text=N_("Board of calls"), address="/board", permission=Permission.SUPERVISE),
    "slower-places": Kind(text=N_("Slower places"), address="/board/slower", permission=Permission.SUPERVISE),
    "slower-place": Kind(text=N_("Slower place")),
    "listening-order": Kind(text=N_("Order about listening")),
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
    "paper": Kind(
        text=N_("Report of a period"), address="/reports/papers/{}", permission=Permission.SEE_CONTROL
    ),
    "report": Kind(text=N_("Own report"), address="/reports/build", permission=Permission.SEE_CONTROL),
    "rating": Kind(
        text=N_("Rating of enterprises"), address="/reports/rating", permission=Permission.SEE_CONTROL
    ),
    "report-plan": Kind(
        text=N_("When and to whom reports go"), address="/reports/plans", permission=Permission.SIGN_REPORTS
    ),
    "report-sending": Kind(
        text=N_("A report sent by itself"), address="/reports/build", permission=Permission.SEE_CONTROL
    ),
    "reference": Kind(
        text=N_("Reference paper"), address="/reports/references", permission=Permission.SEE_APPEALS
    ),
    "acting-head": Kind(
        text=N_("Acting head"), address="/admin/acting-head", permission=Permission.NAME_ACTING_HEAD
    ),
    "equipment": Kind(text=N_("Equipment"), address="/equipment/{}", permission=Permission.SEE_EQUIPMENT),
    "equipment-board": Kind(
        text=N_("Board of equipment"), address="/equipment", permission=Permission.SEE_EQUIPMENT
    ),
    "roster": Kind(
        text=N_("Roster of shifts"), address="/shifts?week={}", permission=Permission.MANAGE_ROSTER
    ),
    "handover": Kind(
        text=N_("Hand-over of a shift"), address="/shifts/handovers/{}", permission=Permission.SEE_HANDOVERS
    ),
    "handovers": Kind(
        text=N_("Hand-overs"), address="/shifts/handovers", permission=Permission.SEE_HANDOVERS
    ),
    "task": Kind(text=N_("Task"), address="/tasks/{}", permission=Permission.SEE_TASKS),
    "directive": Kind(
        text=N_("Order of the city"), address="/tasks/orders/{}", permission=Permission.SEE_TASKS
    ),
    "tasks": Kind(text=N_("Tasks"), address="/tasks", permission=Permission.SEE_TASKS),
    "meeting": Kind(text=N_("Meeting"), address="/meetings/{}", permission=Permission.HOLD_MEETINGS),
    "memo": Kind(text=N_("Memo"), address="/memos/{}", permission=Permission.WRITE_MEMOS),
    "memos": Kind(text=N_("Proposals and memoranda"), address="/memos", permission=Permission.WRITE_MEMOS),
    "invitee": Kind(text=N_("Invitee")),
    "meetings": Kind(text=N_("Meetings"), address="/meetings", permission=Permission.SEE_MEETINGS),
    "swap": Kind(
        text=N_("Swap of shifts"), address="/shifts/swaps#swap-{}", permission=Permission.MANAGE_ROSTER
    ),
    "swaps": Kind(text=N_("Swaps of shifts"), address="/shifts/swaps", permission=Permission.MANAGE_ROSTER),
    "roster-wish": Kind(text=N_("Wish for the roster")),
    "roster-feed": Kind(text=N_("Link of the calendar of shifts")),
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
_CHANNELS = {str(channel): Kind(text=text) for channel, text in CHANNELS.items()}
"""By the name alone: `call` is a channel, `call:ID` a call."""
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
    "chat taken": N_("chat taken"),
    "chat link sent": N_("a link to go on in writing was sent"),
    "chat given back": N_("chat given back"),
    "chat ended": N_("chat ended"),
    "chat by interpreter": N_("interpreter of sign language invited into the chat"),
    "chat relayed": N_("somebody called for the resident of the chat"),
    "chat answered": N_("chat answered"),
    "chat photo": N_("photo of a chat"),
    "chat photos": N_("photos of a chat"),
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
    "taken": N_("taken"),
    "given back": N_("given back"),
    "finished": N_("finished"),
    "published": N_("published"),
    "copied": N_("copied"),
    "personal data allowed": N_("personal data allowed"),
    "personal data closed": N_("personal data closed"),
    "outside their shift": N_("began work outside their shift"),
    "approved": N_("approved"),
    "approved; rest rules broken": N_("approved; rest rules broken"),
    "approved by rule": N_("approved by rule"),
    "refused": N_("refused"),
    "declined": N_("declined"),
    "taken back": N_("taken back"),
    "handed over": N_("handed over"),
    "taken over": N_("taken over"),
    "asked": N_("asked"),
    "answered": N_("answered"),
    "answer": N_("answered"),
    "accept": N_("answer accepted"),
    "return": N_("answer given back"),
    "withdraw": N_("withdrawn"),
    "remark": N_("remark"),
    "remark removed": N_("remark removed"),
    "read": N_("read"),
    "dispute": N_("disputed"),
    "decision": N_("decided"),
    "coaching": N_("coaching"),
    "reviewed": N_("looked at"),
    "open311": N_("by Open311"),
    "open311 note": N_("note by Open311"),
    "open311 report-done": N_("reported done by Open311"),
    "sev": N_("file for СЕВ ОВВ"),
    "open311 set": N_("its own Open311 was set"),
    "open311 removed": N_("its own Open311 was removed"),
    "trial call": N_("trial call"),
    "picture": N_("picture"),
    "picture removed": N_("picture removed"),
    "own": N_("one’s own"),
    "picked": N_("picked up"),
    "unmasked": N_("without masking"),
    "copy": N_("listening copy"),
    "master": N_("master of the recording"),
    "recording pause": N_("The recording was paused"),
    "recording resume": N_("The recording went on"),
    "transcript": N_("what was said"),
    "transcript caller": N_("what the applicant said"),
    "transcript dispatcher": N_("what the dispatcher said"),
    "transcript both": N_("what was said"),
    "help ask": N_("asked the head for help"),
    "help withdraw": N_("needed no help any more"),
    "threat mark": N_("marked as a threat"),
    "threat take-back": N_("took the mark of a threat back"),
    "moved": N_("moved to another time or place"),
    "invitations sent": N_("invitations sent"),
    "meeting called off": N_("meeting called off"),
    "memo sent": N_("sent"),
    "memo accept": N_("taken up"),
    "memo decline": N_("turned down"),
    "memo defer": N_("put off"),
    "minutes": N_("minutes"),
    "minutes saved": N_("minutes saved"),
    "minutes presented": N_("minutes signed by the secretary"),
    "minutes given back": N_("minutes given back"),
    "minutes signed": N_("minutes signed by the head"),
    "minutes corrected": N_("another version of the minutes opened"),
    "threat seen": N_("took note of the threat"),
}

SUPERVISED: Mapping[str, str] = {
    "listen": N_("listens"),
    "whisper": N_("whispers"),
    "join": N_("in the talk"),
    "take-over": N_("took the talk over"),
    "left": N_("left"),
    "check": N_("a planned check"),
    "complaint": N_("a complaint"),
    "training": N_("training"),
    "help": N_("the dispatcher asked for help"),
    "threat": N_("a threatening caller"),
}
_WITH_SUBJECTS: Mapping[str, str] = {
    "notices-read": N_("read notices about:"),
    "notices-back": N_("put back notices about:"),
    "answered-as": N_("answered an invitation:"),
    "notice-send-again": N_("had the notice sent again:"),
    "notice-decide": N_("let the notice count as sent:"),
}
"""Details behind which subjects stand, by their first word."""


def named(subject: str, user: User, users: Mapping[int, str], words: NullTranslations) -> Named:
    """Name a subject such as `appeal:2600018`; one of a kind that nobody has named stays as it is written.

    `users` are the names of users.
    """
    kind, _, one = subject.partition(":")
    if subject in KINDS:
        one = ""
    known = _CHANNELS.get(subject) or KINDS.get(subject) or KINDS.get(kind)
    if known is None:
        return Named(text=subject)
    text = words.gettext(known.text)
    may = known.permission is not None and user.may(known.permission)
    if not one:
        return Named(text=text, address=known.address if may and "{}" not in known.address else "")
    shown = grouped(one) if kind in {"appeal", "applicant"} else one
    if kind == "user" and one.isdecimal():
        shown = users.get(int(one), one)
    address = known.address.format(quote(one, safe="")) if may and "{}" in known.address else ""
    return Named(text=f"{text} {shown}", address=address)


def detail(text: str, user: User, users: Mapping[int, str], words: NullTranslations) -> Sequence[Named]:
    """Say in words what handlers note beside the subject, further subjects among it with their pages.

    Filters of a list stay as the address has them.
    """
    if text in DETAILS:
        return [Named(text=words.gettext(DETAILS[text]))]
    parts = text.split(" ")
    if parts[0].startswith("call:"):  # what was played or taken away, and how
        return [
            named(parts[0], user, users, words),
            *(Named(text=words.gettext(DETAILS.get(one, one))) for one in parts[1:]),
        ]
    if parts[0] in SUPERVISED:  # how a supervisor took part, why, and in whose talk
        return [
            named(one, user, users, words)
            if ":" in one
            else Named(text=words.gettext(SUPERVISED.get(one, one)))
            for one in parts
        ]
    if parts[0] not in _WITH_SUBJECTS:
        return [Named(text=text)]
    first = Named(text=words.gettext(_WITH_SUBJECTS[parts[0]]))
    return [first, *(named(one, user, users, words) for one in parts[1:])]
