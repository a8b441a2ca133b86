"""One appeal as programs see it: the thing itself, and the lines of its history."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.masking import number_for, sees_personal, text_for
from cti_server.api.paging import Moment
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.access.tokens import Token
from hotline.appeals import appeal as appeals
from hotline.appeals import handling
from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import ActorRole, NotYours, acting_by, applicant
from hotline.appeals.acts.applicants_word import Confirm, Dispute, TakeNoBack, Withdraw
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import AppealKind, AppealState, ResultKind, Sign
from hotline.appeals.lists import Due, ListedAppeal, standing
from hotline.appeals.statute import law_end
from hotline.appeals.transitions import possible
from hotline.city.classifier import Urgency
from hotline.city.house_places import PlacedHouses
from hotline.city.questions import Asks
from hotline.errors import NotFound

AppealNumber = Annotated[str, Meta(pattern=r"^[0-9]{3,12}$", description="As a caller keys it.")]

SEES = (Permission.SEE_APPEALS, Permission.WORK_ON_APPEALS)
"""A token that may see appeals sees all; one that only works on them, its enterprise's."""


class ActName(StrEnum):
    """Acts of a program on an appeal: `POST /appeals/{number}/` and the name."""

    AMEND = "amend"
    ACCEPT = "accept"
    HAND_BACK = "hand-back"
    PASS_INSIDE = "pass-inside"  # noqa: S105 - the name of an act
    BEGIN_WORK = "begin-work"
    REPORT_DONE = "report-done"
    TAKE_BACK = "take-back"
    REFUSE_DONE = "refuse-done"
    CAME_BACK = "came-back"
    ANSWERED_ELSEWHERE = "answered-elsewhere"
    REOPEN = "reopen"
    ASK_EXTENSION = "ask-extension"
    NOTE = "note"
    ASSIGN = "assign"
    FORWARD = "forward"
    REJECT = "reject"
    ASK_BACK = "ask-back"
    ANSWER_BACK = "answer-back"
    LINK = "link"
    UNLINK = "unlink"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse-extension"
    CONTROL = "control"


class WordName(StrEnum):
    """The applicant's own word: `POST /appeals/{number}/word/` and the name."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"
    TAKE_NO_BACK = "take-no-back"
    WITHDRAW = "withdraw"
    ADD = "add"


_ACT_OF_WORD: Mapping[WordName, type[Act]] = {
    WordName.CONFIRM: Confirm,
    WordName.DISPUTE: Dispute,
    WordName.TAKE_NO_BACK: TakeNoBack,
    WordName.WITHDRAW: Withdraw,
    WordName.ADD: Note,
}
_OF_HEADS = frozenset({ActName.REJECT, ActName.EXTEND, ActName.REFUSE_EXTENSION, ActName.CONTROL})


def scope_of(act: str) -> Scope:
    """Give the scope that a token needs for an act."""
    return Scope.APPEALS_CONTROL if act in _OF_HEADS else Scope.APPEALS_ACT


class AppealAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of an appeal."""

    number: AppealNumber


class Detail(msgspec.Struct, kw_only=True):
    """What the applicant answered to a question of the category, with the question's words of then."""

    code: str
    uk: str
    en: str
    asks: Asks
    answer: Annotated[
        str,
        Meta(
            description="`yes`, `no`, `unknown`, a number, an option in Ukrainian, a day, or a moment of UTC."
        ),
    ]
    answer_en: Annotated[str, Meta(description="A chosen option in English; empty for other questions.")]


class Appeal(msgspec.Struct, kw_only=True):
    """An appeal. Without personal data texts, address and applicant are null, and the number is masked."""

    number: str
    version: Annotated[int, Meta(description="Grows with each act: send it with the next one.")]
    state: AppealState
    state_since: Annotated[Moment | None, Meta(description="null for appeals older than this field.")]
    executor_id: Annotated[int | None, Meta(description="The enterprise that has it: `/executors`.")]
    executor: Annotated[str | None, Meta(description="What it is called for short.")]
    assignee_id: Annotated[
        int | None,
        Meta(description="Who of the enterprise has it (`/colleagues`); null: nobody by name."),
    ]
    kind: AppealKind
    category: Annotated[str, Meta(description="A code of the classifier.")]
    classifier: Annotated[int, Meta(description="The version that the category is from.")]
    urgency: Urgency
    served_first: Annotated[bool, Meta(description="The applicant is served before others, by law.")]
    sign: Sign
    earlier: Annotated[str | None, Meta(description="The appeal that this one repeats.")]
    parent: Annotated[str | None, Meta(description="The one that many reported, with whose work it goes.")]
    text: str | None
    details: Annotated[list[Detail] | None, Meta(description="Answers to the category's questions.")]
    address: str | None
    lat: Annotated[
        float | None, Meta(description="Of the house, where the city's map has it; personal data.")
    ]
    long: float | None
    applicant_id: Annotated[
        int | None, Meta(description="The citizen; null for an anonymous report, and for executors.")
    ]
    applicant: Annotated[str | None, Meta(description="The applicant's name.")]
    applicant_number: str | None
    only_in_writing: Annotated[bool, Meta(description="The applicant is not to be called about it.")]
    registered_at: Moment
    due_on: Annotated[date, Meta(description="The last day of the term, in the city.")]
    due_at: Moment | None
    law_ends_on: Annotated[
        date | None, Meta(description="The last day by law; null for a report of a fault, which has none.")
    ]
    due: Annotated[Due | None, Meta(description="How the term stands; null when there is time enough.")]
    extended: bool
    extension_wanted: Annotated[date | None, Meta(description="The executor asks for time until then.")]
    result: ResultKind | None
    answer: Annotated[str | None, Meta(description="What the applicant is answered; null while nothing.")]
    call_id: Annotated[str | None, Meta(description="The call; null for executors, who see no calls.")]
    acts: Annotated[list[ActName], Meta(description="What this token may do with it in its present state.")]
    words: Annotated[
        list[WordName],
        Meta(description="What of the applicant's own word this token may pass on in its present state."),
    ]


class HistoryLine(msgspec.Struct, kw_only=True):
    """Something that was done with an appeal. Without personal data what was said is null."""

    number: str
    version: Annotated[int, Meta(description="The appeal's after it.")]
    at: Moment
    act: Annotated[str, Meta(description="Its name: `register`, `assign`, `accept`, `report-done` …")]
    by: Annotated[ActorRole, Meta(description="In whose right.")]
    executor_id: Annotated[int | None, Meta(description="The enterprise, where one of its people acted.")]
    before: AppealState | None
    after: AppealState
    said: str | None
    internal: Annotated[bool, Meta(description="Not shown to the applicant.")]


def own_executor(request: web.Request) -> int | None:
    """The enterprise to whose appeals this token is bound; None for a token that sees all."""
    token: Token = request[TOKEN]
    return None if token.may(Permission.SEE_APPEALS) else token.executor_id


async def seen(request: web.Request, number: str) -> appeals.Appeal:
    """Find the appeal for a token that may see it, which is written down; raises NotFound."""
    sources, own = request.app[API], own_executor(request)
    appeal = await (sources.registry.find(number) if own is None else sources.work.find(own, number))
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    if sees_personal(request):
        await audit(request, Action.VIEW, f"appeal:{appeal.number}")
    return appeal


def shown(request: web.Request, one: ListedAppeal, places: PlacedHouses) -> Appeal:
    """Show it to the token that asks: who has only the executor's role gets no ids of citizens and calls."""
    token, sources, appeal = request[TOKEN], request.app[API], one.appeal
    place = places.of(appeal.address) if token.personal else None
    centre, law = own_executor(request) is None, law_end(appeal, sources.city)
    return Appeal(
        number=appeal.number,
        version=appeal.version,
        state=appeal.state,
        state_since=appeal.state_since,
        executor_id=appeal.executor_id,
        executor=one.executor or None,
        assignee_id=appeal.assignee_id,
        kind=appeal.kind,
        category=appeal.category,
        classifier=appeal.classifier,
        urgency=appeal.urgency,
        served_first=appeal.served_first,
        sign=appeal.sign,
        earlier=appeal.earlier,
        parent=appeal.parent,
        text=text_for(token, appeal.text),
        details=_details(appeal) if token.personal else None,
        address=text_for(token, appeal.address),
        lat=round(place.latitude, 6) if place else None,
        long=round(place.longitude, 6) if place else None,
        applicant_id=appeal.applicant_id if token.personal and centre else None,
        applicant=text_for(token, one.applicant) or None,
        applicant_number=number_for(token, appeal.applicant_number),
        only_in_writing=appeal.only_in_writing,
        registered_at=appeal.registered_at,
        due_on=appeal.due_on,
        due_at=appeal.due_at,
        law_ends_on=law.due_on if law else None,
        due=standing(appeal, sources.clock.now(), sources.timezone),
        extended=appeal.extended,
        extension_wanted=appeal.extension_wanted,
        result=appeal.result,
        answer=text_for(token, appeal.answer) or None,
        call_id=appeal.call_id if centre else None,
        acts=acts_of(token, appeal),
        words=_words_of(token, appeal),
    )


def _details(appeal: appeals.Appeal) -> list[Detail]:
    return [msgspec.convert(one, Detail, from_attributes=True) for one in appeal.details]


async def shown_with_names(request: web.Request, appeal: appeals.Appeal) -> Appeal:
    """Show the appeal with the names of its people."""
    sources, executor, applicant = request.app[API], "", ""
    if appeal.executor_id is not None:
        executor = (await sources.executors.get(appeal.executor_id)).short
    if appeal.applicant_id is not None and request[TOKEN].personal:
        applicant = (await sources.cards.get(appeal.applicant_id)).name
    listed = ListedAppeal(appeal=appeal, applicant=applicant, executor=executor)
    return shown(request, listed, await sources.places.now())


def acts_of(token: Token, appeal: appeals.Appeal) -> list[ActName]:
    """The acts that the token may do now; each act checks its own conditions when carried out."""
    try:
        names = {act.name for act in possible(appeal, acting_by(token))}
    except NotYours:
        return []
    return [one for one in ActName if one in names and token.opens(scope_of(one))]


def _words_of(token: Token, appeal: appeals.Appeal) -> list[WordName]:
    if not (token.opens(Scope.APPEALS_WORD) and token.may(Permission.HANDLE_APPEALS)):
        return []
    open_to_them = possible(appeal, applicant(f"token:{token.id}"))
    return [name for name, act in _ACT_OF_WORD.items() if act in open_to_them]


def shown_line(token: Token, entry: handling.Entry) -> HistoryLine:
    return HistoryLine(
        number=entry.number,
        version=entry.version,
        at=entry.at,
        act=entry.act,
        by=entry.part,
        executor_id=entry.executor_id,
        before=entry.before,
        after=entry.after,
        said=text_for(token, entry.said),
        internal=entry.hidden,
    )
