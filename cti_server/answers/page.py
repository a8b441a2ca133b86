"""The applicant's page of an appeal: how it stands, what happened, and their own word.

It is opened by the link of a message, or by the number and the code by which it is followed; opening
it does nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.answers.photos import Sent, drop, keep, photos_of, read_sent, room_for, shown
from cti_server.answers.sources import ANSWERS
from cti_server.answers.words import STANDS, happened
from cti_server.appeals.files.sources import EVIDENCE, REFUSALS
from cti_server.audit import Action, audit
from cti_server.auth.access import public, public_with_files
from cti_server.auth.rates import Rates
from cti_server.clients import counted_as, wants_json
from cti_server.frame.language import COOKIE, N_, language_of, words
from cti_server.frame.pages import render_in
from hotline.appeals.acts.act import LONGEST_TEXT, Act
from hotline.appeals.acts.actors import ActorRole, applicant
from hotline.appeals.acts.applicants_word import (
    MOST_NOES_BACK,
    Confirm,
    Dispute,
    TakeNoBack,
    Withdraw,
    no_back_until,
)
from hotline.appeals.acts.keeping import Note
from hotline.appeals.appeal import Appeal, AppealKind, AppealState
from hotline.appeals.attachments import FileRefusal
from hotline.appeals.handling import Entry
from hotline.appeals.transitions import possible
from hotline.city.classifier import classifier
from hotline.delivery.outbox import Notice
from hotline.errors import ForbiddenTransition, NotFound
from hotline.portal.follow_codes import grouped
from hotline.portal.public_texts import TextAct, TextState
from hotline.portal.report import MOST_ADDED

LONGEST_ANSWER = 2000
_PHOTO_ADDED = N_("A photo was added.")
_ASKED = frozenset({AppealState.DONE, AppealState.BEING_CHECKED, AppealState.CLOSED_UNCONFIRMED})
PHOTO_REFUSALS: Mapping[str, str] = {
    FileRefusal.KIND: N_("Only photos (JPEG, PNG, WebP, HEIC) are taken."),
    FileRefusal.TOO_MANY: N_("There are as many photos as you may send."),
}
"""Reasons for refusing a file, where the applicant reads other words than an enterprise does."""
_LATE = N_("Something has changed meanwhile.")
_TOO_LONG = N_("That is too long.")
_WORDLESS = N_(
    "Say in a few words what is wrong: the executor would not know what to do. "
    "If you have nothing to add, press once more."
)
_NOTHING_ADDED = N_("Write something or choose a photo. Much was added already? Then call us.")
_ON_WORK = frozenset({"done", "not-done"})
_ON_WORDS = frozenset({TextAct.AGREE, TextAct.TAKE_BACK})
_RATINGS = frozenset("12345")
_PICTURED = frozenset({Dispute.name, Note.name})
"""Acts that may come with photos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An appeal that was opened: `source` says how, as the history has it; `language` is the page's."""

    source: str
    appeal: Appeal
    language: str


@public
async def page(request: web.Request) -> web.Response:
    asked = await _asked(request)
    if asked is None:
        return _expired(request)
    return await _show(request, asked)


@public
async def photo(request: web.Request) -> web.StreamResponse:
    """Show one of the executor's photos of this very appeal's work; raises NotFound for any other file."""
    asked = await _asked(request, request.app[ANSWERS].photo_rates)
    if asked is None:
        return _expired(request)
    for one in await photos_of(request, asked.appeal):
        if one.id == int(request.match_info["id"]):
            await audit(request, Action.VIEW, f"file:{one.id}", asked.source)
            return shown(request, one)
    raise NotFound("The last report names no such photo.")


@public_with_files
async def answer(request: web.Request) -> web.Response:
    """Take the applicant's word down: `do=done` (with `rating` if any) or `do=not-done` (with `text`).

    `do=done-after-all` takes a "no" back, `do=add` adds words and photos, `do=withdraw` takes it all back.
    A "no" without a word is asked once more, and taken with `silent=yes`. What comes a second time under
    the form's `key` (pressed twice, by Back, sent again by a script that had no answer) is taken once. A
    script that asks for JSON gets where the page is, or what is wrong.
    """
    asked = await _asked(request)
    if asked is None:
        return _expired(request)
    room = await room_for(request, asked.appeal)
    sent = await read_sent(request, room)
    try:
        if sent.fields.get("do") in _ON_WORDS:
            return await _on_words(request, asked, sent.fields["do"])
        return await _answered(request, asked, sent)
    finally:
        await drop(request, sent)


async def _answered(request: web.Request, asked: Opened, sent: Sent) -> web.Response:
    form, text = sent.fields, sent.fields.get("text", "").strip()
    step, handling = _step_of(sent), request.app[ANSWERS].handling
    if step and (before := await handling.taken(asked.appeal.number, step)):
        if before.act in _PICTURED:  # the service may have died before their photos were listed
            await keep(request, sent, asked.appeal.number, asked.source)
        return _taken(request)
    if fault := await _fault_of(request, asked, sent, text):
        return await _show(request, asked, typed=text, **fault)
    act = replace(
        _act(request, asked, form.get("do", ""), text, form.get("rating", "")), idempotency_key=step
    )
    try:
        await handling.carry_out(asked.appeal.number, act, version=None)
    except (
        ForbiddenTransition
    ):  # answered meanwhile, by telephone or in another window: the page shows the present state
        again = await _asked(request)
        return _expired(request) if again is None else await _show(request, again, typed=text, late=True)
    if act.name in _PICTURED:
        await keep(request, sent, asked.appeal.number, asked.source)
    await audit(request, Action.CHANGE, f"appeal:{asked.appeal.number}", f"{asked.source} {act.name}")
    return _taken(request)


async def _fault_of(request: web.Request, asked: Opened, sent: Sent, text: str) -> Mapping[str, Any]:
    """Tell what is wrong with the form, as `_show` takes it; nothing for none."""
    do, wordless = sent.fields.get("do"), not text and not sent.photos
    if len(text) > LONGEST_ANSWER:
        return {"too_long": True}
    if sent.refused:
        return {"refused": sent.refused}
    if do == "not-done" and wordless and sent.fields.get("silent") != "yes":
        return {"wordless": True}
    if do in _ON_WORK and sent.fields.get("round") not in {None, str(await _rounds_of(request, asked))}:
        return {"late": True}
    if do == "add" and (wordless or await _added(request, asked.appeal) >= MOST_ADDED):
        return {"nothing_added": True}
    return {}


def _step_of(sent: Sent) -> str | None:
    """Name what is said: the same once more under the form's key is no second; other words by it are."""
    fields = sent.fields
    if not fields.get("key"):
        return None
    said = [*(fields.get(name, "") for name in ("key", "do", "text", "rating")), *sorted(sent.came)]
    return f"page-{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"


def _taken(request: web.Request) -> web.Response:
    if wants_json(request):
        return web.json_response({"page": request.path})
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.path})


async def _on_words(request: web.Request, asked: Opened, do: str) -> web.Response:
    """Take down whether the applicant's words may be published; the wording is gone at once where not."""
    sources, number = request.app[ANSWERS], asked.appeal.number
    agrees = do == TextAct.AGREE
    if agrees and not _has_words(asked.appeal):
        raise web.HTTPBadRequest
    await (sources.public_texts.agree if agrees else sources.public_texts.take_back)(
        number, sources.clock.now()
    )
    await audit(request, Action.CHANGE, f"appeal:{number}", f"{asked.source} words {do}")
    return _taken(request)


def _has_words(appeal: Appeal) -> bool:
    """Tell whether it has words that could be published; a request for information is its author's alone."""
    return bool(appeal.text) and appeal.kind is not AppealKind.INFORMATION_REQUEST


def _act(request: web.Request, asked: Opened, do: str, text: str, rating: str) -> Act:
    by, now = applicant(asked.source), request.app[ANSWERS].clock.now()
    match do:
        case "done":
            return Confirm(by=by, at=now, rating=int(rating) if rating in _RATINGS else None, reason=text)
        case "done-after-all":
            return TakeNoBack(by=by, at=now)
        case "not-done":
            return Dispute(by=by, at=now, reason=text[:LONGEST_TEXT])
        case "add":
            said = text or words(asked.language).gettext(_PHOTO_ADDED)
            return Note(by=by, at=now, text=said[:LONGEST_TEXT], internal=False)
        case "withdraw":
            return Withdraw(by=by, at=now, reason=text[:LONGEST_TEXT])
        case _:
            raise web.HTTPBadRequest


async def _added(request: web.Request, appeal: Appeal) -> int:
    """Count what the applicant has added: a page that anybody with its link opens is no place to flood."""
    history = await request.app[ANSWERS].handling.history(appeal.number, hidden=False)
    return sum(one.act == Note.name and one.part is ActorRole.APPLICANT for one in history)


async def _rounds_of(request: web.Request, asked: Opened) -> int:
    return _rounds(await request.app[ANSWERS].handling.history(asked.appeal.number, hidden=False))


def _rounds(history: Sequence[Entry]) -> int:
    """Count how often it came to be done: a word that a browser kept is to the work of then.

    A linked appeal is done with the one that it goes along with, without a report of its own.
    """
    done = AppealState.DONE
    return sum(one.after is done and one.before is not done for one in history)


async def _asked(request: web.Request, rates: Rates | None = None) -> Opened | None:
    return await opened(request, request.match_info, rates)


async def opened(request: web.Request, named: Mapping[str, str], rates: Rates | None = None) -> Opened | None:
    """Find what is opened by a `token`, or by `number` and `code`; None for a link that is too old.

    Raises NotFound for what we did not sign.
    """
    if "code" in named:
        return await _followed(request, named, rates)
    sources, now = request.app[ANSWERS], request.app[ANSWERS].clock.now()
    notice_id = sources.links.notice_id(named["token"])
    if notice_id is None:
        sources.wrong.count(counted_as(request), now)
        raise NotFound("Nobody signed this link.")
    (rates or sources.rates).take(notice_id)
    notice = await sources.outbox.find(notice_id)
    if notice is None or not notice.to.startswith("applicant:"):
        raise NotFound("This link is to no applicant.")
    if sources.links.expired(notice, now):
        return None
    appeal = await sources.registry.find(notice.number)
    if appeal is None:
        raise NotFound(f"There is no appeal {notice.number}.")
    return Opened(source=f"link:{notice.id}", appeal=appeal, language=_language(request, notice))


async def _followed(request: web.Request, named: Mapping[str, str], rates: Rates | None) -> Opened:
    """Open the appeal of this number and code; raises NotFound, counted, where they do not match."""
    sources, number = request.app[ANSWERS], named["number"]
    sources.wrong.require_patience(counted_as(request), sources.clock.now())
    appeal = await sources.registry.find(number)
    if appeal is None or not sources.codes.holds(appeal, named["code"]):
        sources.wrong.count(counted_as(request), sources.clock.now())
        raise NotFound("No appeal has this number and code.")
    (rates or sources.rates).take(f"code {number}")
    return Opened(source=f"code:{number}", appeal=appeal, language=language_of(request))


async def _show(
    request: web.Request,
    asked: Opened,
    *,
    typed: str = "",
    too_long: bool = False,
    wordless: bool = False,
    late: bool = False,
    nothing_added: bool = False,
    refused: Sequence[tuple[str, FileRefusal]] = (),
) -> web.Response:
    sources, appeal = request.app[ANSWERS], asked.appeal
    executor = None if appeal.executor_id is None else await sources.executors.get(appeal.executor_id)
    rules, now = sources.rules, sources.clock.now()
    since = appeal.state_since or appeal.registered_at
    takes_back = appeal.state is AppealState.CLOSED and now <= since + rules.dispute_within
    history = await sources.handling.history(appeal.number, hidden=False)
    stays = sum(one.act == TakeNoBack.name for one in history) >= MOST_NOES_BACK
    refusals = [(name, PHOTO_REFUSALS.get(why, REFUSALS[why])) for name, why in refused]
    told = {_LATE: late, _TOO_LONG: too_long, _WORDLESS: wordless, _NOTHING_ADDED: nothing_added}
    faults = [*(text for text, so in told.items() if so), *(why for _, why in refusals)]
    status = HTTPStatus.OK
    if faults:
        status = HTTPStatus.CONFLICT if late else HTTPStatus.UNPROCESSABLE_ENTITY
        if wants_json(request):
            said = {number: words(asked.language).gettext(text) for number, text in enumerate(faults)}
            return web.json_response({"faults": said}, status=status)
    return _rendered(
        request,
        "answers/page.html.jinja2",
        status,
        appeal=appeal,
        category=classifier(appeal.classifier).categories.get(appeal.category),
        executor=executor,
        asks=appeal.state in _ASKED,
        takes_back=takes_back,
        no_back_until=None if stays else no_back_until(appeal, now, rules),
        typed=typed,
        too_long=too_long,
        wordless=wordless,
        late=late,
        nothing_added=nothing_added,
        stands=STANDS[appeal.state],
        happened=happened(history, words(asked.language)),
        open=possible(appeal, applicant(asked.source)),
        Withdraw=Withdraw,
        words=await sources.public_texts.find(appeal.number),
        has_words=_has_words(appeal),
        TextState=TextState,
        code=grouped(sources.codes.code(appeal)),
        new="new" in request.query,
        key=secrets.token_urlsafe(12),
        rounds=_rounds(history),
        now=now,
        refused=refusals,
        photos=await photos_of(request, appeal),
        room=await room_for(request, appeal),
        megabytes=request.app[EVIDENCE].store.limits.most_bytes // 2**20 if EVIDENCE in request.app else 0,
        longest=LONGEST_ANSWER,
        language=asked.language,
    )


def _expired(request: web.Request) -> web.Response:
    return _rendered(request, "answers/expired.html.jinja2", HTTPStatus.GONE, language=language_of(request))


def _language(request: web.Request, notice: Notice) -> str:
    """The language chosen in this browser, or else that of the applicant's notice."""
    told: str = notice.facts.get("language", language_of(request))
    return language_of(request) if COOKIE in request.cookies else told


def _rendered(
    request: web.Request, template: str, status: HTTPStatus, *, language: str, **context: object
) -> web.Response:
    number = request.app[ANSWERS].number
    answered = render_in(language, request, template, {"number": number, **context}, status)
    answered.headers["X-Robots-Tag"] = "noindex"
    return answered
