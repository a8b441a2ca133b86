"""The list of users: filters and page are in the address; the users are few, and read whole."""

from collections.abc import AsyncIterator, Mapping, Sequence

from aiohttp import web
from yarl import URL

from cti_server.admin.users import ROLES, enterprises
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.frame.words import SKILLS
from cti_server.keys import ACCOUNTS
from hotline.access.permissions import Permission
from hotline.access.users import User

PAGE_ROWS = 50
_FILTERS = ("q", "role", "code", "closed")
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
        kept=kept,
        before=_address(kept, number - 1) if number > 1 else "",
        further=_address(kept, number + 1) if len(found) > number * PAGE_ROWS else "",
    )


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


def _address(kept: Mapping[str, str], number: int) -> str:
    given: dict[str, str | int] = {name: value for name, value in kept.items() if value}
    return str(URL("/admin/users").with_query({**given, "page": number}))
