"""The applicant's own word, which another system passes on: yes, no, taken back, added, withdrawn."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar

from aiohttp import web
from msgspec import Meta

from cti_server.api.acts import done_once
from cti_server.api.appeal import AppealAsked, HistoryLine, WordName
from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import acts_on
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.appeals.acts.inputs import (
    ActInput,
    ConfirmInput,
    DisputeInput,
    TakeNoBackInput,
    Text,
    WithdrawInput,
)
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.passed_on import KnownBy, passed_on
from hotline.appeals.appeal import Appeal
from hotline.appeals.applicants import is_reached_at
from hotline.errors import NotFound
from hotline.portal.report import MOST_ADDED

_NO_CODE = N_("Send the code of the appeal, as the applicant gave it.")
_WRONG_CODE = N_("This is not the code of this appeal.")
_NO_CONTACT = N_("Send the telephone or mailbox by which you knew the applicant.")
_WRONG_CONTACT = N_("The appeal does not have this telephone or mailbox.")
_NAMELESS = N_("This appeal has no known applicant: its code alone shows that it is theirs.")
_ENOUGH = N_("As much was added as may be.")
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "code": (_NO_CODE, _WRONG_CODE),
    "contact": (_NO_CONTACT, _WRONG_CONTACT),
}
"""Why what shows the applicant is refused: it is missing; it is not that of the appeal."""
_act = acts_on("/appeals/{number}/word", scopes=(Scope.APPEALS_WORD,), problems=frozenset({409}))


class Applicant(Input, kw_only=True):
    """How your system knew that the applicant speaks."""

    known_by: KnownBy
    reference: Annotated[
        str,
        Meta(
            pattern=r"^[\x21-\x7e]{1,100}$",
            description="Your own record of it: a session, a message, a signature. It is kept with the act.",
        ),
    ]
    code: (
        Annotated[
            str,
            Meta(
                max_length=40,
                description="Of the appeal, for `known_by` `code`; ten digits, however grouped.",
            ),
        ]
        | None
    ) = None
    contact: (
        Annotated[
            str,
            Meta(
                max_length=100,
                description="The telephone or mailbox, for `known_by` `account` and `message`.",
            ),
        ]
        | None
    ) = None


class Confirmed(ConfirmInput, kw_only=True):
    """The applicant's yes."""

    applicant: Applicant


class Disputed(DisputeInput, kw_only=True):
    """The applicant's no, and what is not done."""

    applicant: Applicant


class NoTakenBack(TakeNoBackInput, kw_only=True):
    """The applicant's no, which they take back."""

    applicant: Applicant


class Withdrawn(WithdrawInput, kw_only=True):
    """The applicant's appeal, which they take back."""

    applicant: Applicant


class Added(ActInput, kw_only=True):
    """The applicant's further words."""

    act: ClassVar = Note
    text: Text
    applicant: Applicant


Word = Confirmed | Disputed | NoTakenBack | Withdrawn | Added
_FIXED: Mapping[type[ActInput], Mapping[str, Any]] = {Added: {"internal": False}}
"""Fields of an act that nobody says: what the applicant adds is for them to see as well."""


@_act(WordName.CONFIRM, Permission.HANDLE_APPEALS, summary=N_("Pass on the applicant's yes"))
async def pass_yes(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Confirmed
) -> HistoryLine:
    """Pass on that the applicant says it is done, with their rating if they gave one: done → closed."""
    return await _passed(request, path, headers, body)


@_act(WordName.DISPUTE, Permission.HANDLE_APPEALS, summary=N_("Pass on the applicant's no"))
async def pass_no(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Disputed
) -> HistoryLine:
    """Pass on that the applicant says it is not done: done or closed → disputed; the executor has a clock."""
    return await _passed(request, path, headers, body)


@_act(WordName.TAKE_NO_BACK, Permission.HANDLE_APPEALS, summary=N_("Pass on that the no is taken back"))
async def pass_no_taken_back(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: NoTakenBack
) -> HistoryLine:
    """Pass on that the applicant takes their no back, within its hours: disputed → closed."""
    return await _passed(request, path, headers, body)


@_act(WordName.WITHDRAW, Permission.HANDLE_APPEALS, summary=N_("Pass on a withdrawal"))
async def pass_withdrawal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Withdrawn
) -> HistoryLine:
    """Pass on that the applicant takes the appeal back, before it has ended: → withdrawn."""
    return await _passed(request, path, headers, body)


@_act(WordName.ADD, Permission.HANDLE_APPEALS, summary=N_("Pass on what the applicant adds"))
async def pass_addition(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Added
) -> HistoryLine:
    """Pass on further words of the applicant; files are added by `POST /appeals/{number}/files`."""
    return await _passed(request, path, headers, body)


async def _passed(request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Word) -> HistoryLine:
    sources, token, key = request.app[API], request[TOKEN], key_of(request, headers)
    appeal = await sources.registry.find(path.number)
    if appeal is None:
        raise NotFound(f"There is no appeal {path.number}.")
    _require_known(request, appeal, body.applicant)
    if isinstance(body, Added) and await sources.handling.taken(path.number, key) is None:
        await _require_room(request, path.number)
    fields = {name: getattr(body, name) for name in body.__struct_fields__}
    by = passed_on(token, body.applicant.known_by, body.applicant.reference)
    del fields["version"], fields["applicant"]
    now, fixed = sources.clock.now(), _FIXED.get(type(body), {})
    act = body.act(by=by, at=now, idempotency_key=key, **fields, **fixed)
    return await done_once(request, path.number, act, body.version)


def _require_known(request: web.Request, appeal: Appeal, one: Applicant) -> None:
    """Hold what was said of the applicant against the appeal; what is wrong is counted by token."""
    if one.known_by is not KnownBy.CODE and appeal.applicant_id is None:
        raise Invalid(Fault("body.applicant.known_by", _NAMELESS))
    match one.known_by:
        case KnownBy.CODE:
            _compare(request, "code", one.code, partial(request.app[API].codes.holds, appeal))
        case KnownBy.ACCOUNT | KnownBy.MESSAGE:
            _compare(request, "contact", one.contact, partial(is_reached_at, appeal))


def _compare(request: web.Request, field: str, given: str | None, holds: Callable[[str], bool]) -> None:
    """Refuse what is missing or is not the appeal's; a token that often sends a wrong one has to wait."""
    sources, whence, now = request.app[API], f"token:{request[TOKEN].id}", request.app[API].clock.now()
    missing, wrong = _REFUSALS[field]
    if given is None:
        raise Invalid(Fault(f"body.applicant.{field}", missing))
    sources.wrong_words.require_patience(whence, now)
    if not holds(given):
        sources.wrong_words.count(whence, now)
        raise Invalid(Fault(f"body.applicant.{field}", wrong))


async def _require_room(request: web.Request, number: str) -> None:
    """Refuse more additions than the applicant may make on their own page."""
    history = await request.app[API].handling.history(number, hidden=False)
    added = sum(one.act == Note.name and one.part is ActorRole.APPLICANT for one in history)
    if added >= MOST_ADDED:
        raise Invalid(Fault("body.text", _ENOUGH))
