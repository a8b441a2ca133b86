"""Pages are made here: Jinja2 templates in the language and with the user of the request.

return render(request, "admin/users.html.jinja2", users=users)
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from attrs import evolve

from cti_server.auth.gate import CSRF_FIELD
from cti_server.frame.assets import address
from cti_server.frame.brand import Brand
from cti_server.frame.homes import home_of
from cti_server.frame.language import LANGUAGES, N_, language_of, words
from cti_server.frame.moments import day_shown
from cti_server.frame.noted import said_of
from cti_server.frame.numbers import phone
from cti_server.frame.words import SECRETS, without_number
from cti_server.keys import SESSION, USER
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.air_raid.alarm import CALM, AirState
from hotline.air_raid.measures import air_raid_rules
from hotline.calls.interpreters import NO_INTERPRETERS, Interpreters
from hotline.city.questions import Detail
from hotline.voice.city_name import city_name

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
RESIDENTS = N_("For residents")
WORK = N_("Work")
SETTINGS = N_("Settings")
SECTIONS = (
    ("/city", N_("City now"), Permission.SEE_CONTROL, ""),
    ("/desk", N_("Desk"), Permission.ANSWER_CALLS, ""),
    ("/board", N_("Board of calls"), Permission.SUPERVISE, WORK),
    ("/calls", N_("Calls"), Permission.SEE_CALLS, ""),
    ("/enterprise", N_("Appeals"), Permission.WORK_ON_APPEALS, ""),
    ("/enterprise/outages", N_("Outages"), Permission.ENTER_OWN_OUTAGES, ""),
    ("/todo", N_("To do"), Permission.HANDLE_APPEALS, ""),
    ("/chats", N_("Chats"), Permission.ANSWER_CHATS, ""),
    ("/appeals", N_("Appeals"), Permission.SEE_APPEALS, ""),
    ("/outage-register", N_("Outages"), Permission.SEE_OUTAGES, ""),
    ("/tasks", N_("Tasks"), Permission.SEE_TASKS, WORK),
    ("/tasks", N_("Tasks"), Permission.DO_TASKS, WORK),
    ("/control", N_("Control"), Permission.SEE_CONTROL, WORK),
    ("/reports", N_("Report papers"), Permission.SEE_CONTROL, WORK),
    ("/equipment", N_("Equipment"), Permission.SEE_EQUIPMENT, WORK),
    ("/operation", N_("State of the hotline"), Permission.SEE_OPERATION, WORK),
    ("/surveys/results", N_("Surveys"), Permission.SEE_CONTROL, WORK),
    ("/quality", N_("Quality of talks"), Permission.ASSESS_TALKS, WORK),
    ("/quality/people", N_("Training"), Permission.ASSESS_TALKS, WORK),
    ("/quality/mine", N_("My talks"), Permission.SEE_OWN_ASSESSMENTS, WORK),
    ("/cameras", N_("Cameras"), Permission.WATCH_CAMERAS, WORK),
    ("/shifts", N_("Shifts"), Permission.MANAGE_ROSTER, WORK),
    ("/shifts/mine", N_("My shifts"), Permission.SEE_OWN_SHIFTS, WORK),
    ("/inquiries", N_("Requests"), Permission.ASK_ENTERPRISES, WORK),
    ("/shifts/handovers", N_("Hand-overs"), Permission.SEE_HANDOVERS, WORK),
    ("/meetings", N_("Meetings"), Permission.SEE_MEETINGS, WORK),
    ("/office", N_("Office"), Permission.SEE_OFFICE, WORK),
    ("/memos", N_("Proposals and memoranda"), Permission.WRITE_MEMOS, WORK),
    ("/search", N_("Search"), Permission.SEE_APPEALS, ""),
    ("/knowledge", N_("Knowledge base"), Permission.SEE_KNOWLEDGE, RESIDENTS),
    ("/directory", N_("Directory"), Permission.SEE_KNOWLEDGE, RESIDENTS),
    ("/announcements", N_("Announcements"), Permission.SEE_ANNOUNCEMENTS, RESIDENTS),
    ("/web-calls", N_("Calls from the browser"), Permission.SEE_ANNOUNCEMENTS, RESIDENTS),
    ("/informing", N_("Informing"), Permission.PREPARE_INFORMING, RESIDENTS),
    ("/statements", N_("Statements"), Permission.PREPARE_STATEMENTS, RESIDENTS),
    ("/campaigns", N_("Automatic calls"), Permission.SEE_CAMPAIGNS, RESIDENTS),
    ("/rules", N_("Rules"), Permission.MANAGE_RULES, SETTINGS),
    ("/city-data", N_("City data"), Permission.SEE_CITY_DATA, SETTINGS),
    ("/neighbours", N_("Lines of other cities"), Permission.MANAGE_NEIGHBOURS, SETTINGS),
    ("/executors", N_("Executors"), Permission.MANAGE_EXECUTORS, SETTINGS),
    ("/cameras/register", N_("Register of cameras"), Permission.MANAGE_CAMERAS, SETTINGS),
    ("/admin/users", N_("Users"), Permission.MANAGE_USERS, SETTINGS),
    ("/admin/acting-head", N_("Acting head"), Permission.NAME_ACTING_HEAD, SETTINGS),
    ("/admin/imports", N_("Registers and files"), Permission.IMPORT_DATA, SETTINGS),
    ("/admin/tokens", N_("Access for programs"), Permission.MANAGE_USERS, SETTINGS),
    ("/keeping", N_("Keeping of data"), Permission.MANAGE_RETENTION, SETTINGS),
    ("/admin/audit", N_("Audit log"), Permission.SEE_AUDIT, SETTINGS),
)
"""The menu: address, words, the permission it takes, and where it is folded in when the menu is long.

An address that has no page is left out; one that stands twice takes either permission.
"""
LONGEST_MENU = 7
"""Entries that fit into one line; further ones are folded in."""
Entry = tuple[str, str]
MINUTES = "%d.%m.%Y %H:%M"
NO_BRAND = Brand()
TEMPLATES = Path(__file__).resolve().parents[1]


class Pages:
    """The templates, one environment for each language; times are shown in the city's own zone."""

    def __init__(
        self,
        timezone: ZoneInfo,
        brand: Brand = NO_BRAND,
        air: Callable[[], AirState] = lambda: CALM,
        interpreters: Interpreters = NO_INTERPRETERS,
    ) -> None:
        """`air` tells whether an air-raid alert holds: pages for residents say so."""
        self.timezone = timezone
        self.brand = brand
        self.interpreters = interpreters
        self._air = air
        self.calls_open: Callable[[], bool] = lambda: False
        """Whether residents may call by the browser: public pages have the button then."""
        self._environments = {language: _environment(language, timezone) for language in LANGUAGES}

    def text(self, language: str, template: str, context: Mapping[str, object]) -> str:
        return (
            self._environments[language]
            .get_template(template)
            .render(
                {
                    "brand": self._named_brand(),
                    "interpreters": self.interpreters,
                    "air": self._air(),
                    "residents": air_raid_rules().residents,
                    "calls_open": self.calls_open(),
                    **context,
                }
            )
        )

    def _named_brand(self) -> Brand:
        """Give the brand with the city's own name, where no setting names it otherwise."""
        city = city_name()
        return evolve(self.brand, city=city.name) if city.own and not self.brand.city else self.brand

    def local(self, moment: datetime | None, form: str = MINUTES) -> str:
        """Write the moment as people in the city do; an empty string for none."""
        return _local(self.timezone, moment, form)


@cache
def _environment(language: str, timezone: ZoneInfo) -> jinja2.Environment:
    """Give the process's one: to compile a template takes longer than to fill it hundreds of times."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    environment.filters["local"] = partial(_local, timezone)
    environment.filters["day_shown"] = day_shown
    environment.filters["said"] = partial(_said, timezone, language)
    environment.globals.update(
        Permission=Permission,
        asset=address,
        SECRETS=SECRETS,
        phone=phone,
        without_number=without_number,
        language=language,
        LANGUAGES=LANGUAGES,
    )
    return environment


def _local(timezone: ZoneInfo, moment: datetime | None, form: str = MINUTES) -> str:
    return "" if moment is None else moment.astimezone(timezone).strftime(form)


def _said(timezone: ZoneInfo, language: str, detail: Detail) -> str:
    """Write the answer to a question of an appeal's category."""
    return detail.said(language, timezone)


PAGES: web.AppKey[Pages] = web.AppKey("pages")
TOLD_NOW: web.RequestKey[Sequence[object]] = web.RequestKey("told_now", Sequence)
"""Messages and orders that callers hear now, for the bar on the page (`cti_server.frame.on_now`)."""


def render(request: web.Request, template: str, *, status: int = 200, **context: object) -> web.Response:
    """Answer with a page. Templates see `user` (or none), `csrf`, `path` and the context."""
    return render_in(language_of(request), request, template, context, status)


def render_in(
    language: str, request: web.Request, template: str, context: Mapping[str, object], status: int = 200
) -> web.Response:
    """Render a page in this language, whatever the browser's choice."""
    session, user = request.get(SESSION), request.get(USER)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    sections = [] if user is None else _sections(request.app, user)
    addresses = [address for _, entries in sections for address, _ in entries]
    frame = {
        "user": user,
        "home": "/" if user is None else home_of(request.app, user),
        "told_now": request.get(TOLD_NOW, ()),
        "sections": sections,
        "section": max((one for one in addresses if request.path.startswith(one)), key=len, default=""),
        "noted": said_of(request),
        "csrf": session.csrf if session else "",
        "csrf_field": CSRF_FIELD,
        "path": request.rel_url.path,
        "query": request.rel_url.raw_query_string,
        "here": str(request.rel_url) if request.method == "GET" else request.rel_url.path,
        "theme": theme if theme in THEMES else "auto",
    }
    text = request.app[PAGES].text(language, template, {**frame, **context})
    return web.Response(text=text, content_type="text/html", status=status)


def _sections(app: web.Application, user: User) -> Sequence[tuple[str, Sequence[Entry]]]:
    """Return the menu's sections: a name, empty for entries that are not folded, and the entries."""
    there = {resource.canonical for resource in app.router.resources()}
    seen = {one[0]: one for one in SECTIONS if one[0] in there and user.may(one[2])}
    parts: dict[str, list[Entry]] = {}
    for path, text, _, folded in seen.values():
        parts.setdefault(folded if len(seen) > LONGEST_MENU else "", []).append((path, text))
    return [("" if len(entries) == 1 else name, entries) for name, entries in parts.items()]
