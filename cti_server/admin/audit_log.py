"""The audit log: who looked at, listened to or changed what, with filters, paging and export."""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from gettext import NullTranslations

from aiohttp import web
from yarl import URL

from cti_server.admin.audit_words import detail, named
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import day, moment, period, whole
from cti_server.frame.language import N_, words_of
from cti_server.frame.lists import Condition, conditions, turned
from cti_server.frame.moments import day_shown
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.views import KeptList, views_of
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.users import AuditEntry, AuditFilter, AuditPosition

PAGE_ROWS = 50
_EXPORT_ROWS = 500
_FILTERS = ("user", "action", "subject", "from", "to")
VIEWS = KeptList(name="audit", path="/admin/audit", filters=_FILTERS, see=Permission.SEE_AUDIT)
ACTIONS: Mapping[Action, str] = {
    Action.SIGN_IN: N_("signed in"),
    Action.SIGN_IN_REFUSED: N_("sign-in refused"),
    Action.SIGN_OUT: N_("signed out"),
    Action.VIEW: N_("viewed"),
    Action.SEARCH: N_("searched"),
    Action.PLAY: N_("listened to"),
    Action.EXPORT: N_("exported"),
    Action.CALL_OUT: N_("called"),
    Action.SUPERVISE: N_("took part in a talk"),
    Action.ADD: N_("added"),
    Action.CHANGE: N_("changed"),
    Action.PASSWORD: N_("changed the password"),
    Action.TOTP: N_("changed the one-time code"),
    Action.DEACTIVATE: N_("closed the account"),
    Action.ACTIVATE: N_("reopened the account"),
    Action.TOKEN_REFUSED: N_("token refused"),
    Action.REVOKE: N_("revoked"),
    Action.COMMAND: N_("command line"),
    Action.REMOVE: N_("removed"),
    Action.ERASE: N_("erased at the citizen's wish"),
}
TABLE = Table(
    name="audit",
    title=N_("Audit log"),
    headings=(N_("When"), N_("Who"), N_("Action"), N_("Subject"), N_("Details"), N_("Address")),
)


@allowed(Permission.SEE_AUDIT)
async def page(request: web.Request) -> web.Response:
    """Show a page of entries, the newest first; the filters are in the address."""
    accounts = request.app[ACCOUNTS]
    behind = _position(request.query)
    found = await accounts.audit.find(_wanted(request), limit=PAGE_ROWS + 1, behind=behind)
    await audit(request, Action.VIEW, "audit", request.query_string)
    kept = {name: request.query.get(name, "") for name in _FILTERS}
    users, words = await accounts.users.all(), words_of(request)
    names = {user.id: user.name for user in users}
    return render(
        request,
        "admin/audit.html.jinja2",
        entries=found[:PAGE_ROWS],
        users=users,
        names=names,
        actions=ACTIONS,
        kept=kept,
        named=partial(named, user=request[USER], users=names, words=words),
        detail=partial(detail, user=request[USER], users=names, words=words),
        turned=turned(kept, _address),
        conditions=_conditions(kept, names, words),
        newest=_address(kept) if behind else "",
        **await views_of(request, VIEWS, kept),
        older=_address(kept, found[PAGE_ROWS - 1]) if len(found) > PAGE_ROWS else "",
    )


@allowed(Permission.SEE_AUDIT)
async def export(request: web.Request) -> web.StreamResponse:
    """Everything that the filters find, as a file."""
    return await send_table(request, TABLE, _rows(request))


def _conditions(
    kept: Mapping[str, str], names: Mapping[int, str], words: NullTranslations
) -> Sequence[Condition]:
    """Tell what is set besides the subject in the box, each with the address without it."""
    days = {name: day_shown(kept[name]) if day(kept[name]) else None for name in ("from", "to")}
    who = whole(kept["user"])
    actions = {str(action): text for action, text in ACTIONS.items()}
    known = {"user": None if who is None else names.get(who), "action": actions.get(kept["action"]), **days}
    labels = {"user": N_("Who"), "action": N_("Action"), "from": N_("From"), "to": N_("To")}
    return conditions(known.items(), labels=labels, kept=kept, address=_address, words=words)


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext = words_of(request).gettext
    names = {user.id: user.login for user in await request.app[ACCOUNTS].users.all()}
    async for entry in _all(request):
        done = next(
            (gettext(text) for action, text in ACTIONS.items() if action == entry.action), entry.action
        )
        who = names.get(entry.user_id, "") if entry.user_id else ""
        if entry.acting_head:
            who = f"{who} ({gettext('as acting head')})"
        yield entry.at, who, done, entry.subject, entry.detail, entry.address


def _wanted(request: web.Request) -> AuditFilter:
    """Read the filters; what cannot be read is not asked for."""
    given = request.query
    since, until = period(request, given)
    return AuditFilter(
        user_id=whole(given.get("user", "")),
        action=given.get("action") or None,
        subject=given.get("subject", "").strip() or None,
        since=since,
        until=until,
    )


def _position(query: Mapping[str, str]) -> AuditPosition | None:
    at, number = moment(query.get("at", "")), whole(query.get("behind", ""))
    return None if at is None or number is None else AuditPosition(at=at, id=number)


def _address(kept: Mapping[str, str], last: AuditEntry | None = None) -> str:
    place = {} if last is None else {"at": last.at.isoformat(), "behind": str(last.id)}
    return str(
        URL("/admin/audit").with_query({**{name: value for name, value in kept.items() if value}, **place})
    )


async def _all(request: web.Request) -> AsyncIterator[AuditEntry]:
    """Yield all entries found, some hundred at a time; later entries are newer than the position."""
    wanted, log = _wanted(request), request.app[ACCOUNTS].audit
    entries = await log.find(wanted, limit=_EXPORT_ROWS)
    while entries:
        for entry in entries:
            yield entry
        behind = AuditPosition(at=entries[-1].at, id=entries[-1].id)
        entries = await log.find(wanted, limit=_EXPORT_ROWS, behind=behind)
