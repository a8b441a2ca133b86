"""The list of users: filters and page are in the address; the users are few, and read whole."""

from collections.abc import AsyncIterator, Mapping, Sequence
from gettext import NullTranslations
from typing import Any

from aiohttp import web

from cti_server.admin.users import ROLES, enterprises
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.lists import (
    MOST_COUNTED,
    Chip,
    Condition,
    Kept,
    Part,
    chips,
    chosen_part,
    columns_of,
    conditions,
    without_part,
)
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.views import KeptList, views_of
from cti_server.frame.words import SKILLS
from cti_server.keys import ACCOUNTS
from hotline.access.permissions import Permission, Role
from hotline.access.users import User

PAGE_ROWS = 50
PATH = "/admin/users"
_FILTERS = ("q", "role", "code", "closed", "columns")
VIEWS = KeptList(
    name="users",
    path=PATH,
    filters=_FILTERS,
    see=Permission.MANAGE_USERS,
)
PARTS = (
    Part(text=N_("Dispatchers"), query={"role": Role.DISPATCHER}),
    Part(text=N_("Of enterprises"), query={"role": Role.EXECUTOR}),
    Part(text=N_("Without a one-time code"), query={"code": "off"}),
    Part(text=N_("Closed accounts too"), query={"closed": "1"}),
)
COLUMNS: Mapping[str, str] = {
    "role": N_("Role"),
    "bound": N_("Desk or enterprise"),
    "code": N_("One-time code"),
    "last": N_("Last sign-in"),
    "account": N_("Account"),
}
"""Columns behind the login and the name, which always stand first."""
CODES: Mapping[str, str] = {"on": N_("on"), "off": N_("off")}
_LABELS: Mapping[str, str] = {"role": N_("Role"), "code": N_("One-time code"), "closed": N_("Account")}
_LONGEST_PAGE = 6
TABLE = Table(
    name="users",
    title=N_("Users"),
    headings=(
        *(N_("Login"), N_("Name"), N_("Role"), N_("Desk or enterprise"), N_("Skills")),
        *(N_("One-time code"), N_("Last sign-in"), N_("Account")),
    ),
)


@allowed(Permission.MANAGE_USERS)
async def page(request: web.Request) -> web.Response:
    """One page of accounts, by login."""
    kept, number = _kept(request), _number(request.query.get("page", ""))
    found, (desks, skills) = await _found(request, kept), await _desks(request)
    await audit(request, Action.VIEW, "users", request.query_string)
    return render(
        request,
        "admin/users.html.jinja2",
        users=found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
        desks=desks,
        skills=skills,
        enterprises=await enterprises(request),
        roles=ROLES,
        codes=CODES,
        **await _above(request, kept),
        before=VIEWS.page(kept, number - 1) if number > 1 else "",
        further=VIEWS.page(kept, number + 1) if len(found) > number * PAGE_ROWS else "",
    )


async def _above(request: web.Request, kept: Kept) -> Mapping[str, Any]:
    """Read what stands above the list: chips, what is set, the views and the columns."""
    columns = columns_of(request, "users", COLUMNS, tuple(COLUMNS))
    return {
        "kept": kept,
        "chips": await _chips(request, kept),
        "most_counted": MOST_COUNTED,
        "conditions": _conditions(kept, words_of(request)),
        **await views_of(request, VIEWS, kept, columns),
        "COLUMNS": COLUMNS,
        "columns": columns,
    }


async def _chips(request: web.Request, kept: Kept) -> Sequence[Chip]:
    if VIEWS.narrowed(without_part(PARTS, kept)):
        return chips(PARTS, kept, VIEWS.address, None)
    users = await request.app[ACCOUNTS].users.all()
    wanted = [{**dict.fromkeys(_FILTERS, ""), **one.query} for one in PARTS]
    counts = [sum(_wanted(user, one) for user in users) for one in wanted]
    return chips(PARTS, kept, VIEWS.address, counts)


def _conditions(kept: Kept, words: NullTranslations) -> Sequence[Condition]:
    """Tell what is set besides the chosen part and the box."""
    known: Mapping[str, Mapping[str, str]] = {
        "role": {str(role): text for role, text in ROLES.items()},
        "code": CODES,
        "closed": {"1": N_("Closed accounts too")},
    }
    told = [(name, known[name].get(kept[name])) for name in _LABELS]
    part = chosen_part(PARTS, kept)
    return conditions(told, labels=_LABELS, kept=kept, address=VIEWS.address, words=words, part=part)


@allowed(Permission.MANAGE_USERS)
async def export(request: web.Request) -> web.StreamResponse:
    """All that the filters find, as a file."""
    return await send_table(request, TABLE, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    gettext, known = words_of(request).gettext, await enterprises(request)
    desks, skills = await _desks(request)
    for user in await _found(request, _kept(request)):
        yield (
            *(
                user.login,
                user.name,
                gettext(ROLES[user.role]),
                desks.get(user.dispatcher_id or 0) or known.get(str(user.executor_id)),
                skills.get(user.dispatcher_id or 0, ""),
            ),
            gettext(N_("on")) if user.totp_secret else gettext(N_("off")),
            user.signed_in_at,
            gettext(N_("open")) if user.active else gettext(N_("closed")),
        )


async def _found(request: web.Request, kept: Mapping[str, str]) -> Sequence[User]:
    return [user for user in await request.app[ACCOUNTS].users.all() if _wanted(user, kept)]


def _wanted(user: User, kept: Mapping[str, str]) -> bool:
    text = kept["q"].casefold()
    return (
        (text in user.login or text in user.name.casefold())
        and kept["role"] in {"", user.role.value}
        and kept["code"] in {"", "on" if user.totp_secret else "off"}
        and (kept["closed"] == "1" or user.active)
    )


async def _desks(request: web.Request) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Give the extension of each desk, and the names of its skills as far as we name them."""
    gettext, desks = words_of(request).gettext, await request.app[ACCOUNTS].dispatchers.all()
    named = {
        one.id: [gettext(text) for skill, text in SKILLS.items() if skill in one.skills] for one in desks
    }
    extensions = {one.id: one.extension for one in desks}
    return extensions, {desk: ", ".join(words) for desk, words in named.items()}


def _kept(request: web.Request) -> Mapping[str, str]:
    return {name: request.query.get(name, "").strip() for name in _FILTERS}


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_PAGE else 1
