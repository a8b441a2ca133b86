"""The aiohttp application: its routes and their order."""

import asyncio
from collections.abc import Collection, Sequence

from aiohttp import web

from cti_server.account import account, phone_code, sign_in
from cti_server.admin import acting_head, audit_log, user_list, users
from cti_server.audit import LOOKING
from cti_server.auth.access import require_declared
from cti_server.auth.gate import gate
from cti_server.auth.revocation import watch_over_rights
from cti_server.clients import TRUSTED
from cti_server.explain import explain
from cti_server.frame.assets import asset
from cti_server.frame.brand import add_brand
from cti_server.frame.export import route
from cti_server.frame.on_now import tell_on_now
from cti_server.frame.pages import PAGES, Pages
from cti_server.frame.preferences import choose
from cti_server.frame.security import protect
from cti_server.frame.views import add_views
from cti_server.hosts import HOSTS
from cti_server.keys import ACCOUNTS, CODE_NEEDED, EXPORTS, HTTPS, SMS_PREFIXES, Accounts
from cti_server.status.board import BOARD, Board
from cti_server.status.health import live, ready
from cti_server.status.metrics import few
from cti_server.status.page import NUMBER, page, style
from hotline.access.networks import THIS_MACHINE, Networks
from hotline.contact.mobiles import UKRAINIAN_MOBILES

WORKBOOKS_AT_ONCE = 2


def application(
    board: Board,
    number: str,
    accounts: Accounts,
    pages: Pages,
    *,
    https: bool = False,
    trusted: Networks = THIS_MACHINE,
    hosts: Collection[str] = (),
    code_needed: bool = False,
    sms_prefixes: Sequence[str] = UKRAINIAN_MOBILES,
) -> web.Application:
    """All pages and interfaces.

    `number` is the hotline's own, shown to people; `trusted` are our proxies, `hosts` our names (none: any).
    `code_needed`: heads and administrators sign in with a one-time code as well. `sms_prefixes`: where
    short messages go.
    """
    app = web.Application(middlewares=[explain, gate, tell_on_now])
    app.on_response_prepare.append(protect)
    app.on_startup.append(require_declared)
    app[BOARD] = board
    app[NUMBER] = number
    app[ACCOUNTS] = accounts
    app[PAGES] = pages
    app[HTTPS] = https
    app[CODE_NEEDED] = code_needed
    app[SMS_PREFIXES] = sms_prefixes
    app[TRUSTED] = trusted
    app[HOSTS] = hosts
    app[LOOKING] = {}
    watch_over_rights(app)
    app[EXPORTS] = asyncio.Semaphore(WORKBOOKS_AT_ONCE)
    add_brand(app, pages.brand)
    _status(app)
    _sign_in(app)
    _administration(app)
    return app


def _status(app: web.Application) -> None:
    app.router.add_get("/status", page)
    app.router.add_get("/status.css", style)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    app.router.add_get("/health/metrics", few)


def _sign_in(app: web.Application) -> None:
    app.router.add_get("/static/{name}", asset)
    app.router.add_post("/preferences", choose)
    app.router.add_get("/sign-in", sign_in.page)
    app.router.add_post("/sign-in", sign_in.sign_in)
    app.router.add_get("/sign-in/code", sign_in.code_page, name="code")
    app.router.add_post("/sign-in/code", sign_in.enter_code)
    app.router.add_post("/sign-out", sign_in.sign_out)
    app.router.add_get("/account", account.page)
    app.router.add_post("/account/password", account.change_password)
    app.router.add_get("/account/totp", account.totp_page)
    app.router.add_post("/account/totp", account.turn_totp_on)
    app.router.add_post("/account/totp/off", account.turn_totp_off)
    app.router.add_post("/account/phone-code", phone_code.set_code)
    app.router.add_post("/account/phone-code/off", phone_code.forget_code)


def _administration(app: web.Application) -> None:
    app.router.add_get("/admin/users", user_list.page)
    app.router.add_get(route("/admin/users"), user_list.export)
    add_views(app, user_list.VIEWS)
    app.router.add_get("/admin/users/new", users.new_page)
    app.router.add_post("/admin/users/new", users.add)
    one = r"/admin/users/{id:\d{1,9}}"
    app.router.add_get(one, users.edit_page)
    app.router.add_post(one, users.change)
    app.router.add_post(f"{one}/password", users.reset_password)
    app.router.add_get(f"{one}/deactivate", users.closing_page)
    app.router.add_post(f"{one}/deactivate", users.deactivate)
    app.router.add_post(f"{one}/activate", users.activate)
    app.router.add_get(acting_head.PATH, acting_head.page)
    app.router.add_post(acting_head.PATH, acting_head.name)
    app.router.add_post(acting_head.PATH + r"/{id:\d{1,9}}/end", acting_head.end)
    app.router.add_get("/admin/audit", audit_log.page)
    app.router.add_get(route("/admin/audit"), audit_log.export)
    add_views(app, audit_log.VIEWS)
