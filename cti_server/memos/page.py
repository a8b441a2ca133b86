"""One memo: written and saved, sent under a number, answered; an accepted one gives a task."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import new_key, read_form
from cti_server.frame.language import N_, words_of
from cti_server.frame.moments import day_typed, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.memos.facts import offered_facts
from cti_server.memos.sources import MEMOS
from cti_server.memos.words import CONTEXT, PATH
from cti_server.tasks.people import people_of
from cti_server.tasks.record_files import files_part
from cti_server.tasks.words import MARKS_OF
from cti_server.tasks.words import STATES as TASK_STATES
from hotline.access.permissions import Permission
from hotline.city.terms import end_of
from hotline.errors import Outdated
from hotline.memos.breaches import NORMS, composed
from hotline.memos.memo_states import MemoEvent, MemoState
from hotline.memos.memos import (
    LONGEST_ANSWER,
    LONGEST_NUMBER,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MOST_PAPERS,
    Addressee,
    Answer,
    Memo,
    MemoKind,
    NewMemo,
    Sending,
)
from hotline.reports.figures import Span
from hotline.reports.papers import days_text
from hotline.tasks.parties import Party
from hotline.tasks.task import NewTask, TaskFilter, TaskKind, TaskSource

OFFERED_PAPERS = 24
MOST_TASKS = 20
ANSWERED_WITHIN = timedelta(days=14)
OTHERS = N_(
    "Somebody else has saved it meanwhile. Below stands what you typed: saving it now replaces theirs."
)
READ_AGAIN = N_("Somebody else has saved it meanwhile: read it again, then send it.")
SUBJECT = N_("Say what it is about.")
TEXT = N_("Write the text.")
TOO_LONG = N_("This is too long.")
NO_NUMBER = N_("Give the number under which it is sent.")
NO_DAY = N_("Give the day, such as 05.03.2026.")
BEFORE = N_("This day is before that of sending.")
WITHOUT_ANSWER = N_("Write what was answered.")
WITHOUT_TASK = N_("What is taken up becomes a task: say what, who, and by which day.")
_EVENTS = {one.value: one for one in (MemoEvent.ACCEPT, MemoEvent.DECLINE, MemoEvent.DEFER)}
_TITLES = {
    MemoKind.PROPOSAL: "Пропозиція",
    MemoKind.MEMORANDUM: "Доповідна записка",
    MemoKind.BREACH: "Доповідна про порушення",
}
_WRITES = allowed(Permission.WRITE_MEMOS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMemo:
    """All fields of the page as they were typed."""

    kind: str = MemoKind.PROPOSAL
    addressee: str = Addressee.MAYOR
    subject: str = ""
    text: str = ""
    papers: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    edition: int = 0
    key: str = ""
    number: str = ""
    sent_on: str = ""
    answer_by: str = ""
    do: str = ""
    answer: str = ""
    answered_on: str = ""
    again_on: str = ""
    task: str = ""
    party: str = ""
    due: str = ""


@_WRITES
async def new(request: web.Request) -> web.Response:
    return await _show(request, None, TypedMemo(key=new_key()))


@_WRITES
async def page(request: web.Request) -> web.Response:
    memo = await request.app[MEMOS].memos.get(memo_id(request))
    await audit(request, Action.VIEW, f"memo:{memo.id}")
    return await _show(request, memo, _as_typed(memo, request.app[MEMOS].today()))


@_WRITES
async def add(request: web.Request) -> web.Response:
    typed, sources = read_form(TypedMemo, await request.post()), request.app[MEMOS]
    read, faults = _memo(typed, await offered_papers(request, None))
    if read is None:
        return await _show(request, None, typed, faults)
    made = await sources.memos.draft(read, request[USER].id, sources.clock.now())
    await audit(request, Action.ADD, f"memo:{made.id}")
    return noted_at(f"{PATH}/{made.id}", Noted.MEMO_SAVED)


@_WRITES
async def compose(request: web.Request) -> web.Response:
    """Put the chosen facts of breaches and norms behind the text; nothing is kept before it is saved."""
    typed, offered = read_form(TypedMemo, await request.post()), await offered_facts(request)
    memo = await request.app[MEMOS].memos.get(memo_id(request)) if "id" in request.match_info else None
    facts = [offered[one] for one in typed.facts if one in offered]
    text = composed(typed.text, facts, [one for one in typed.norms if one in NORMS])
    with_facts = replace(
        typed, text=text, kind=MemoKind.BREACH, addressee=Addressee.DEPARTMENT, facts=(), norms=()
    )
    return await _show(request, memo, with_facts)


@_WRITES
async def save(request: web.Request) -> web.Response:
    memo, typed = await _asked(request)
    sources = request.app[MEMOS]
    read, faults = _memo(typed, await offered_papers(request, memo))
    if read is None:
        return await _show(request, memo, typed, faults)
    try:
        await sources.memos.save(memo.id, read, typed.edition, sources.clock.now())
    except Outdated:
        return await _show(request, memo, typed, {"error": OTHERS}, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"memo:{memo.id}")
    return noted_at(f"{PATH}/{memo.id}", Noted.MEMO_SAVED)


@_WRITES
async def send(request: web.Request) -> web.Response:
    """Note under which number and on which day it went out, and by when an answer is expected."""
    memo, typed = await _asked(request)
    sources, sent_on, answer_by = request.app[MEMOS], read_day(typed.sent_on), read_day(typed.answer_by)
    faults = {
        "number": NO_NUMBER if not typed.number else TOO_LONG if len(typed.number) > LONGEST_NUMBER else "",
        "sent_on": "" if sent_on else NO_DAY,
        "answer_by": NO_DAY if not answer_by else BEFORE if sent_on and answer_by < sent_on else "",
    }
    if sent_on is None or answer_by is None or any(faults.values()):
        return await _show(request, memo, _over(memo, typed, request), faults)
    sending = Sending(number=typed.number, sent_on=sent_on, answer_by=answer_by)
    try:
        await sources.memos.send(memo.id, typed.edition, sending, sources.clock.now())
    except Outdated:
        return await _show(
            request, memo, _over(memo, typed, request), {"error": READ_AGAIN}, HTTPStatus.CONFLICT
        )
    await audit(request, Action.CHANGE, f"memo:{memo.id}", "memo sent")
    return noted_at(f"{PATH}/{memo.id}", Noted.MEMO_SENT)


@_WRITES
async def drop(request: web.Request) -> web.Response:
    sources = request.app[MEMOS]
    memo = await sources.memos.drop(memo_id(request), sources.clock.now())
    await audit(request, Action.REMOVE, f"memo:{memo.id}")
    return noted_at(PATH, Noted.MEMO_DROPPED)


@_WRITES
async def answer(request: web.Request) -> web.Response:
    """Keep what was answered; `do=accept` gives a task with it."""
    memo, typed = await _asked(request)
    event = _EVENTS.get(typed.do)
    if event is None:
        raise web.HTTPBadRequest
    parties = {one.value for one in (await people_of(request)).parties()}
    read, faults = _answer(request, memo, event, typed, parties)
    if read is None:
        return await _show(request, memo, typed, faults)
    sources = request.app[MEMOS]
    await sources.memos.answered(memo.id, read, request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"memo:{memo.id}", f"memo {event}")
    return noted_at(f"{PATH}/{memo.id}", Noted.MEMO_ANSWERED)


def memo_id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _asked(request: web.Request) -> tuple[Memo, TypedMemo]:
    form = await request.post()
    return await request.app[MEMOS].memos.get(memo_id(request)), read_form(TypedMemo, form)


def _as_typed(memo: Memo, today: date) -> TypedMemo:
    return TypedMemo(
        kind=memo.kind,
        addressee=memo.addressee,
        subject=memo.subject,
        text=memo.text,
        papers=tuple(map(str, memo.papers)),
        edition=memo.edition,
        number=str(memo.id),
        sent_on=day_typed(today),
        answer_by=day_typed(today + ANSWERED_WITHIN),
        answered_on=day_typed(today),
        task=memo.subject,
    )


def _over(memo: Memo, typed: TypedMemo, request: web.Request) -> TypedMemo:
    """Show what stands in the draft, with what was typed for sending it."""
    stands = _as_typed(memo, request.app[MEMOS].today())
    return TypedMemo(
        kind=stands.kind,
        addressee=stands.addressee,
        subject=stands.subject,
        text=stands.text,
        papers=stands.papers,
        edition=stands.edition,
        number=typed.number,
        sent_on=typed.sent_on,
        answer_by=typed.answer_by,
    )


def _memo(typed: TypedMemo, offered: Collection[int]) -> tuple[NewMemo | None, Mapping[str, str]]:
    if typed.kind not in set(MemoKind) or typed.addressee not in set(Addressee):
        raise web.HTTPBadRequest
    papers = [one for one in offered if str(one) in typed.papers]
    faults = {
        "subject": SUBJECT if not typed.subject else TOO_LONG if len(typed.subject) > LONGEST_SUBJECT else "",
        "text": TEXT if not typed.text else TOO_LONG if len(typed.text) > LONGEST_TEXT else "",
    }
    if any(faults.values()):
        return None, faults
    return NewMemo(
        kind=MemoKind(typed.kind),
        addressee=Addressee(typed.addressee),
        subject=" ".join(typed.subject.split()),
        text=typed.text,
        papers=tuple(papers[:MOST_PAPERS]),
        once=typed.key[:40],
    ), {}


def _answer(
    request: web.Request, memo: Memo, event: MemoEvent, typed: TypedMemo, parties: set[str]
) -> tuple[Answer | None, Mapping[str, str]]:
    zone = request.app[MEMOS].timezone
    answered_on, due, again = read_day(typed.answered_on), read_day(typed.due), read_day(typed.again_on)
    faults = {
        "answer": WITHOUT_ANSWER if not typed.answer else "",
        "answered_on": "" if answered_on else NO_DAY,
        "again_on": NO_DAY if event is MemoEvent.DEFER and not again else "",
    }
    if len(typed.answer) > LONGEST_ANSWER:
        faults["answer"] = TOO_LONG
    task = None
    if event is MemoEvent.ACCEPT:
        if due is None or not typed.task or len(typed.task) > LONGEST_ANSWER or typed.party not in parties:
            faults["task"] = WITHOUT_TASK
        else:
            task = NewTask(
                once=f"memo-{memo.id}",
                source=TaskSource(kind=TaskKind.PROPOSAL, record=record_of(memo), title=_title(memo)),
                text=typed.task,
                responsible=Party(typed.party),
                controller=request[USER].id,
                due_at=end_of(due, zone).due_at,
            )
    if answered_on is None or any(faults.values()):
        return None, faults
    again = again if event is MemoEvent.DEFER else None
    return Answer(event=event, text=typed.answer, answered_on=answered_on, task=task, ask_again_on=again), {}


def record_of(memo: Memo) -> str:
    """Name the memo as the source of a task."""
    return f"memo:{memo.id}"


def _title(memo: Memo) -> str:
    """Name the memo as the source of a task: tasks are kept in the State language."""
    kind = _TITLES[memo.kind]
    day = f" від {day_typed(memo.sent_on)}" if memo.sent_on else ""
    return f"{kind} № {memo.number}{day}: {memo.subject}"


async def offered_papers(request: web.Request, memo: Memo | None) -> Mapping[int, str]:
    """Give the days of the latest report papers, and of those that the memo has, by their ids."""
    latest = await request.app[MEMOS].papers.list(None, limit=OFFERED_PAPERS)
    offered = {one.id: days_text(Span(first=one.first, last=one.last)) for one in latest}
    for older in memo.papers if memo else ():
        if older not in offered:
            offered[older] = days_text((await request.app[MEMOS].papers.get(older)).content.span)
    return offered


async def _show(
    request: web.Request,
    memo: Memo | None,
    typed: TypedMemo,
    faults: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> web.Response:
    sources, gettext = request.app[MEMOS], words_of(request).gettext
    tasks = await sources.tasks.find(TaskFilter(record=record_of(memo)), limit=MOST_TASKS) if memo else ()
    return render(
        request,
        "memos/page.html.jinja2",
        status=status if faults else HTTPStatus.OK,
        **CONTEXT,
        memo=memo,
        edition=memo.edition if memo else 0,
        typed=typed,
        faults=defaultdict(str, {name: gettext(text) for name, text in (faults or {}).items() if text}),
        papers=await offered_papers(request, memo),
        facts=await offered_facts(request) if memo is None or memo.state is MemoState.DRAFT else {},
        norms=NORMS,
        parties=(await people_of(request)).parties(),
        tasks=tasks,
        TASK_STATES=TASK_STATES,
        MARKS_OF=MARKS_OF,
        users={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        part=await files_part(request, f"memo:{memo.id}", f"{PATH}/{memo.id}/files", may_add=True)
        if memo
        else None,
        today=sources.today(),
        longest={"subject": LONGEST_SUBJECT, "text": LONGEST_TEXT, "answer": LONGEST_ANSWER, "number": 40},
    )
