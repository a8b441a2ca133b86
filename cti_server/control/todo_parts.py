"""The parts of what waits for a person, and its filters in the address of the page."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from attrs import frozen

from cti_server.frame.language import N_
from cti_server.frame.lists import Kept, Part
from cti_server.frame.views import KeptList
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.appeals.control import AppealWaitsFor, WaitingAppeal
from hotline.city.search_terms import normalised

ALERTS, NOTICES = "alerts", "notices"
DISPUTES, REVIEWS, OWN_TALKS = "disputes", "reviews", "own-talks"
HANDOVERS, SWAPS = "handovers", "swaps"
MISSING, ARTICLES, ANSWERS = "missing-answers", "articles", "answers"
SLOWER = "slower-places"
EQUIPMENT = "equipment"
TASKS_PART = "tasks"
STATEMENTS_PART, INQUIRIES_PART = "statements", "inquiries"
MEETINGS_PART = "meetings"
SPECIALISTS_PART = "specialists"
MEMOS_PART = "memos"
CHATS_PART = "chats"
WORDS_PART = "words"
WEBHOOKS_PART = "webhooks"
NEIGHBOURS_PART = "other-cities"
FILTERS = ("q", "wait")
VIEWS = KeptList(name="todo", path="/todo", filters=FILTERS, see=Permission.HANDLE_APPEALS)
_TITLES: Mapping[str, str] = {
    CHATS_PART: N_("Chats"),
    NEIGHBOURS_PART: N_("Other cities"),
    ALERTS: N_("Alerts"),
    AppealWaitsFor.UNACCEPTED: N_("Not accepted"),
    AppealWaitsFor.UNROUTED: N_("Nobody's"),
    AppealWaitsFor.ASKED: N_("Questions"),
    AppealWaitsFor.SPENT: N_("Not reached"),
    AppealWaitsFor.TO_CHECK: N_("To be checked"),
    NOTICES: N_("Notices"),
    TASKS_PART: N_("Tasks"),
    HANDOVERS: N_("Hand-overs"),
    SWAPS: N_("Swaps"),
    DISPUTES: N_("Disputed scores"),
    REVIEWS: N_("Training"),
    OWN_TALKS: N_("My talks"),
    MISSING: N_("Without an answer"),
    ARTICLES: N_("Articles"),
    ANSWERS: N_("Answers found"),
    SLOWER: N_("Slower places"),
    EQUIPMENT: N_("Equipment"),
    INQUIRIES_PART: N_("Requests"),
    SPECIALISTS_PART: N_("Specialists"),
    STATEMENTS_PART: N_("Statements"),
    MEETINGS_PART: N_("Meetings"),
    MEMOS_PART: N_("Memos"),
    WORDS_PART: N_("Words for everybody"),
    WEBHOOKS_PART: N_("Webhooks"),
}
"""In the order of the page."""
_LONGEST = 200


@frozen(kw_only=True)
class TodoQuery:
    """The filters that a reader asks for. `wait` names the one part of the page to show; empty: all."""

    kept: Kept

    @property
    def wait(self) -> str:
        return self.kept["wait"] if self.kept["wait"] in _TITLES else ""

    def shows(self, part: str) -> bool:
        return self.wait in {"", part}

    @property
    def typed(self) -> str:
        """What the box asks for; the figures of a number without the spaces between them."""
        words = normalised(self.kept["q"])
        number = "".join(words.split())
        return number if number.isdigit() else words


def text_of(waiting: WaitingAppeal) -> str:
    """Write what the box looks through of an appeal."""
    one = waiting.listed
    return f"{one.appeal.number} {one.appeal.address} {one.appeal.text} {one.executor} {one.applicant}"


def asked(request: web.Request) -> TodoQuery:
    return TodoQuery(kept={name: request.query.get(name, "").strip()[:_LONGEST] for name in FILTERS})


_NEEDS: Mapping[str, Permission] = {
    CHATS_PART: Permission.ANSWER_CALLS,
    NEIGHBOURS_PART: Permission.REGISTER_APPEALS,
    TASKS_PART: Permission.DO_TASKS,
    ALERTS: Permission.MANAGE_OUTAGES,
    HANDOVERS: Permission.SEE_HANDOVERS,
    SWAPS: Permission.SEE_HANDOVERS,
    DISPUTES: Permission.DECIDE_DISPUTES,
    REVIEWS: Permission.ASSESS_TALKS,
    OWN_TALKS: Permission.SEE_OWN_ASSESSMENTS,
    MISSING: Permission.WRITE_KNOWLEDGE,
    ARTICLES: Permission.WRITE_KNOWLEDGE,
    ANSWERS: Permission.WRITE_KNOWLEDGE,
    SLOWER: Permission.SUPERVISE,
    EQUIPMENT: Permission.MANAGE_EQUIPMENT,
    STATEMENTS_PART: Permission.PREPARE_STATEMENTS,
    MEETINGS_PART: Permission.SEE_MEETINGS,
    INQUIRIES_PART: Permission.ASK_ENTERPRISES,
    SPECIALISTS_PART: Permission.ASK_ENTERPRISES,
    MEMOS_PART: Permission.WRITE_MEMOS,
    WEBHOOKS_PART: Permission.MANAGE_USERS,
}
"""Parts that not everybody sees who sees the page."""


def parts_of(user: User) -> Sequence[Part]:
    """Give the parts that the user may see."""
    seen = [name for name in _TITLES if name not in _NEEDS or user.may(_NEEDS[name])]
    return [Part(text=_TITLES[name], query={"wait": name}) for name in seen]
