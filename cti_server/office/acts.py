"""Acts by which files go: composed of those whose term is over, approved, signed, carried out, printed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.papers.office import letterhead, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_, words
from cti_server.frame.moments import day_typed, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.office.plans import context
from cti_server.office.sources import OFFICE, PATH
from cti_server.office.typed import MISSING, day_fault, members_fault, members_of
from cti_server.office.words import ACTS
from cti_server.retention.words import KINDS as ERASED_KINDS
from hotline.access.permissions import Permission
from hotline.errors import NotFound
from hotline.office.acts import ActFile, ActKind, OfficeAct
from hotline.office.file_states import OFFICE_ACT, ActEvent
from hotline.office.files import LONGEST_INDEX, LONGEST_LINE, Keeping
from hotline.retention.terms import Kind

NOTHING_CHOSEN = N_("Choose at least one file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    number: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acted:
    event: str = ""
    commission: str = ""
    signer: str = ""
    on: str = ""
    version: int = 0


@allowed(Permission.MANAGE_OFFICE)
async def new(request: web.Request) -> web.Response:
    """`?kind=`: the files that would go today, and those that a hold keeps."""
    return await _compose_page(request, _kind(request.query.get("kind", "")), _Composed())


@allowed(Permission.MANAGE_OFFICE)
async def compose(request: web.Request) -> web.Response:
    """Write the act on the chosen files."""
    form, sources = await request.post(), request.app[OFFICE]
    kind, typed = _kind(str(form.get("kind", ""))), read_form(_Composed, form)
    faults = {} if 0 < len(typed.number) <= LONGEST_INDEX else {"number": MISSING}
    chosen = [one for text in typed.files if (one := whole(text)) is not None]
    if not chosen:
        faults["files"] = NOTHING_CHOSEN
    if faults:
        return await _compose_page(request, kind, typed, faults)
    act = await sources.acts.compose(
        kind, chosen, typed.number, sources.today(), user_id=request[USER].id, at=sources.clock.now()
    )
    await audit(request, Action.ADD, f"office-act:{act.id}", f"{kind} {len(act.files)}")
    return noted_at(f"{PATH}/acts/{act.id}", Noted.OFFICE_SAVED)


@allowed(Permission.SEE_OFFICE)
async def page(request: web.Request) -> web.Response:
    act = await _act(request)
    await audit(request, Action.VIEW, f"office-act:{act.id}")
    return _show(request, act)


@allowed(Permission.MANAGE_OFFICE)
async def move(request: web.Request) -> web.Response:
    """Approve, sign, carry out, or give up."""
    act, sources = await _act(request), request.app[OFFICE]
    typed, today = read_form(_Acted, await request.post()), sources.today()
    if typed.event not in set(ActEvent):
        raise web.HTTPBadRequest
    event, on = ActEvent(typed.event), read_day(typed.on)
    faults = _faults(event, typed, day_fault(typed.on, today))
    if faults:
        return _show(request, act, typed, faults)
    match event:
        case ActEvent.APPROVE if on:
            await sources.acts.approve(act.id, typed.version, members_of(typed.commission), on)
        case ActEvent.SIGN if on:
            await sources.acts.sign(act.id, typed.version, typed.signer, on)
        case ActEvent.CARRY_OUT:
            await sources.acts.carry_out(act.id, typed.version, today, sources.clock.now())
        case _:
            await sources.acts.give_up(act.id, typed.version)
    await audit(request, Action.CHANGE, f"office-act:{act.id}", event.value)
    return noted_at(f"{PATH}/acts/{act.id}", Noted.OFFICE_SAVED)


@allowed(Permission.SEE_OFFICE)
async def pdf(request: web.Request) -> web.Response:
    """The act as a paper, with its commission and digest."""
    act, sources = await _act(request), request.app[OFFICE]
    await audit(request, Action.EXPORT, f"office-act:{act.id}", "pdf")
    sections = [
        {
            "title": "Справи",
            "headings": ["Рік", "Індекс", "Заголовок справи", "Томів", "Строк", "Підстава строку"],
            "rows": [
                [str(one.year), one.index, one.title, str(one.volumes), _term(one), one.article]
                for one in act.files
            ],
            "note": f"Усього справ: {len(act.files)}, томів: {sum(one.volumes for one in act.files)}.",
            "wide": 2,
            "texts": 6,
        }
    ]
    if act.erased:
        sections.append(
            {
                "title": "Видалено в системі за строками зберігання",
                "headings": ["Що", "Записів", "Файлів"],
                "rows": [
                    [said(ERASED_KINDS[Kind(one.kind)]), str(one.rows), str(one.files)] for one in act.erased
                ],
                "note": "",
                "wide": 0,
                "texts": 1,
            }
        )
    about = [f"{one.post or 'Член комісії'}: {one.name}" for one in act.commission]
    if act.approved_on:
        about.insert(0, f"Експертна комісія, схвалено {act.approved_on:%d.%m.%Y}:")
    if act.signed_on:
        about.append(f"Затверджено {act.signed_on:%d.%m.%Y}: {act.signer}")
    data = {
        "title": said(ACTS[act.kind]),
        "period": f"№ {act.number}",
        "about": about,
        "sections": sections,
        "signed": "",
        "digest": act.digest,
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    return as_pdf(await request.app[PRESS].print("report", {**head, **data}), f"office-act-{act.id}")


def _faults(event: ActEvent, typed: _Acted, wrong_day: str) -> Mapping[str, str]:
    faults = {}
    if event in {ActEvent.APPROVE, ActEvent.SIGN} and wrong_day:
        faults["on"] = wrong_day
    if event is ActEvent.APPROVE and (wrong := members_fault(members_of(typed.commission))):
        faults["commission"] = wrong
    if event is ActEvent.SIGN and not 0 < len(typed.signer) <= LONGEST_LINE:
        faults["signer"] = MISSING
    return faults


def _term(one: ActFile) -> str:
    """Write the term of a file as an act keeps it."""
    if one.term in set(Keeping):
        return said({Keeping.PERMANENT: "for ever"}.get(Keeping(one.term), "until it is not needed"))
    return words("uk").ngettext("%(num)d year", "%(num)d years", int(one.term)) % {"num": int(one.term)}


def _kind(text: str) -> ActKind:
    if text not in set(ActKind):
        raise NotFound("There is no such kind of acts.")
    return ActKind(text)


async def _act(request: web.Request) -> OfficeAct:
    return await request.app[OFFICE].acts.get(int(request.match_info["id"]))


async def _compose_page(
    request: web.Request, kind: ActKind, typed: _Composed, faults: Mapping[str, str] | None = None
) -> web.Response:
    sources = request.app[OFFICE]
    return render(
        request,
        "office/compose.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        kind=kind,
        proposed=await sources.acts.proposal(kind, sources.today()),
        typed=typed,
        faults=defaultdict(str, faults or {}),
        **context(request),
    )


def _show(
    request: web.Request,
    act: OfficeAct,
    typed: _Acted | None = None,
    faults: Mapping[str, str] | None = None,
) -> web.Response:
    return render(
        request,
        "office/act.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        act=act,
        possible=OFFICE_ACT.possible(act.state),
        typed=typed or _Acted(on=day_typed(request.app[OFFICE].today())),
        faults=defaultdict(str, faults or {}),
        ERASED_KINDS=ERASED_KINDS,
        **context(request),
    )
