"""One appeal of the enterprise: its content, acts, history and attachments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.files.receiving import Received
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.appeals.list.words import category_name, time_left
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.enterprise.clocks import accept_by
from cti_server.enterprise.sources import WORK
from cti_server.enterprise.words import CONTEXT
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.language import language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.extension import extension_days
from hotline.appeals.acts.work import ReportDone
from hotline.appeals.appeal import Appeal
from hotline.appeals.attachments import AppealFile
from hotline.appeals.handling import Entry
from hotline.appeals.lists import standing
from hotline.appeals.transitions import possible
from hotline.outages.outage import Outage
from hotline.people.citizens import Citizen
from hotline.speech.transcripts import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that the page shows. `offered` are the names of the acts that the user may do now."""

    appeal: Appeal
    offered: frozenset[str]
    person: Citizen | None
    history: Sequence[Entry]
    files: Sequence[AppealFile]
    linked: Sequence[Appeal]
    colleagues: Sequence[User]
    written: Mapping[str, Transcript]
    """Transcripts of the remarks that applicants spoke, by the id of the remark."""
    outage: Outage | None
    """The outage that it belongs to, by the centre's decision."""

    @property
    def reported(self) -> frozenset[int]:
        """The files that a report of work names already."""
        reports = [one.facts.get("evidence", ()) for one in self.history if one.act == ReportDone.name]
        return frozenset(file_id for named in reports for file_id in named)


@allowed(Permission.WORK_ON_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Show the appeal."""
    card = await read_card(request)
    await audit(request, Action.VIEW, f"appeal:{card.appeal.number}", "work")
    return show_card(request, card, done=request.query.get("done", ""))


async def read_card(request: web.Request) -> Card:
    """Read the appeal of the address; raises NotFound where the enterprise has none of this number."""
    sources, enterprise, number = request.app[WORK], enterprise_of(request), request.match_info["number"]
    appeal = await sources.work.find(enterprise, number)
    linked = await sources.handling.linked(number)
    known = appeal.applicant_id is not None and not appeal.ended
    history = await sources.work.history(enterprise, number)
    remarks = {str(one.facts["remark"]) for one in history if one.facts.get("remark")}
    return Card(
        appeal=appeal,
        offered=frozenset(one.name for one in possible(appeal, acting(request[USER]))),
        person=await sources.citizens.get(appeal.applicant_id or 0) if known else None,
        history=history,
        written=await sources.transcripts.of(remarks),
        files=await request.app[EVIDENCE].files.of_appeal(number, executor_id=enterprise),
        linked=[one for one in linked if one.executor_id == enterprise],
        outage=await sources.reports.outage_of(number),
        colleagues=await request.app[ACCOUNTS].users.of_executor(enterprise),
    )


def show_card(
    request: web.Request,
    card: Card,
    act: str = "",
    received: Received | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    since: Sequence[Entry] = (),
    done: str = "",
    template: str = "card",
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Show the card; an act's typed form is kept, `since` lists the acts before it."""
    sources, appeal, words = request.app[WORK], card.appeal, words_of(request)
    now, zone = sources.clock.now(), sources.timezone
    received = received or Received()
    fresh = {one.id for one in card.files} - card.reported
    context: dict[str, object] = {
        "card": card,
        "written": card.written,
        "appeal": appeal,
        "offered": card.offered,
        "names": {one.id: one.name for one in card.colleagues},
        "standing": standing(appeal, now, zone),
        "left": time_left(appeal, now, words),
        "category": category_name(appeal, language_of(request)),
        "accept_by": accept_by,
        "now": now,
        "extension": extension_days(appeal, now, sources.city),
        "ticked": received.named | {one.id for one in received.files} if act == ReportDone.name else fresh,
        "act": act,
        "typed": {name: texts[0] for name, texts in received.fields.items() if texts},
        "faults": faults or {},
        "refused": received.refused,
        "since": since,
        "done": done,
        "limits": request.app[EVIDENCE].store.limits,
    }
    return render(request, f"enterprise/{template}.html.jinja2", status=status, **{**CONTEXT, **context})
