"""All that the card of an appeal shows, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from cti_server.appeals.acts.forms import ActForm, Options
from cti_server.appeals.acts.offers import is_next, offered
from cti_server.appeals.card.options import options_of, rule_of
from cti_server.appeals.card.outage import Reported, reported_of
from cti_server.appeals.card.same import found_same
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.card.timeline import Line, Names, timeline
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.appeals.ready import Ready, offered_of
from cti_server.delivery.notices import ShownNotice, told_of
from cti_server.delivery.sources import NOTICES
from cti_server.frame.language import language_of, words_of
from cti_server.keys import ACCOUNTS, REPORTING, USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.applicants_word import no_back_until
from hotline.appeals.acts.extension import extension_days
from hotline.appeals.acts.keeping import ToldBy
from hotline.appeals.acts.routing import forwarded_until
from hotline.appeals.appeal import PENDING, Appeal, AppealState, Receipt
from hotline.appeals.attachments import AppealFile
from hotline.appeals.statute import law_end, longest_of
from hotline.enterprises.executors import Executor
from hotline.errors import NotFound
from hotline.people.citizens import Citizen
from hotline.portal.report import KeptReport
from hotline.speech.transcripts import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """An appeal and all around it. `next_forms` are what it waits for, `by_rule` is who would get it."""

    appeal: Appeal
    at: datetime
    person: Citizen | None
    files: Sequence[AppealFile]
    executor: Executor | None
    by_rule: Executor | None
    names: Names
    lines: Sequence[Line]
    parent: Appeal | None
    linked: Sequence[Appeal]
    next_forms: Sequence[ActForm]
    other_forms: Sequence[ActForm]
    options: Options
    same: int
    """How many others reported the same from the same house."""
    facts: Mapping[str, object]
    """Facts beside the forms' fields: attempts left, the last days that the law allows."""
    reported: Reported
    told: Sequence[ShownNotice] = ()
    written: frozenset[str] = frozenset()
    """Calls that are named, and of which one may read what was said."""
    remarks: Mapping[str, Transcript] = field(default_factory=dict)
    """Transcripts of the remarks that applicants spoke, by the id of the remark."""
    ready: Sequence[Ready] = ()
    """Ready answers for what is written to the applicant or noted."""
    resident: KeptReport | None = None
    """The resident's own report that it was made of, for those who work on appeals."""

    @property
    def told_by(self) -> ToldBy:
        return ToldBy.of(self.appeal)


async def read_view(request: web.Request, number: str) -> CardView:
    """Read it; raises NotFound."""
    sources = request.app[HANDLING]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    everyone = await sources.executors.all()
    executors = {one.id: one for one in everyone}
    executor = executors.get(appeal.executor_id or 0)
    names = Names(users=await _users(request), executors={one.id: one.short for one in everyone})
    forms = offered(appeal, request[USER])
    acts = request[USER].may(Permission.HANDLE_APPEALS)
    by_rule = await rule_of(request, appeal) if any(one.name == "assign" for one in forms) else None
    history = await sources.handling.history(number, hidden=True)
    lines = timeline(history, names, words_of(request))
    hears = request[USER].may(Permission.HEAR_RECORDINGS)
    named = {appeal.call_id or "", *(one.call_id for one in lines)} - {""}
    return CardView(
        appeal=appeal,
        at=sources.clock.now(),
        person=await _person(request, appeal),
        files=await _files(request, number),
        executor=executor,
        by_rule=executors.get(by_rule or 0),
        names=names,
        lines=lines,
        written=await sources.transcripts.written(named) if hears else frozenset(),
        remarks=await sources.transcripts.of([one.remark for one in lines if one.remark]) if hears else {},
        ready=offered_of(
            appeal, executor.short if executor else "", language_of(request), sources.city.timezone
        ),
        parent=await sources.registry.find(appeal.parent) if appeal.parent else None,
        linked=await sources.handling.linked(number),
        next_forms=[one for one in forms if is_next(one, appeal)],
        other_forms=[one for one in forms if not is_next(one, appeal)],
        options=await options_of(request, appeal, everyone, by_rule) if acts else {},
        same=len(await found_same(request, appeal, whole_street=False)) if acts else 0,
        facts=_facts(request, appeal, executor),
        reported=await reported_of(request, appeal),
        told=await told_of(request, number) if NOTICES in request.app else (),
        resident=await _resident(request, appeal) if acts else None,
    )


async def _resident(request: web.Request, appeal: Appeal) -> KeptReport | None:
    reporting = request.app.get(REPORTING)
    if reporting is None or appeal.receipt is not Receipt.ONLINE:
        return None
    return await reporting.reports.of_appeal(appeal.number)


async def _users(request: web.Request) -> Mapping[int, str]:
    return {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}


async def _person(request: web.Request, appeal: Appeal) -> Citizen | None:
    citizen = appeal.applicant_id
    return None if citizen is None else await request.app[HANDLING].citizens.get(citizen)


async def _files(request: web.Request, number: str) -> Sequence[AppealFile]:
    """List photos and papers; none in a hotline that has no store for them."""
    evidence = request.app.get(EVIDENCE)
    return () if evidence is None else await evidence.files.of_appeal(number)


def _facts(request: web.Request, appeal: Appeal, executor: Executor | None) -> Mapping[str, object]:
    sources = request.app[HANDLING]
    city, now = sources.city, sources.clock.now()
    local = now.astimezone(city.timezone)
    law = law_end(appeal, city)
    last = forwarded_until(appeal, city)
    return {
        "attempts": appeal.attempts,
        "attempts_left": max(0, city.check_attempts - appeal.attempts),
        "forward_until": last,
        "forward_late": local.date() > last,
        "longest": longest_of(appeal, city).due_on,
        "more_time": extension_days(appeal, now, city),
        "law": law,
        "no_back_until": no_back_until(appeal, now, city),
        "no_back_hours": int(city.no_back_within / timedelta(hours=1)),
        "breached": law is not None and appeal.state in PENDING and law.due_at <= now,
        "on_duty": executor.on_duty(local) if executor else (),
        "owed": appeal.state in PENDING,
        "checked": appeal.state is AppealState.BEING_CHECKED,
    }
