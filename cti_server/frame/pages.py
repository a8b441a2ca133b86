"""Pages are made here: Jinja2 templates in the language and with the user of the request.

return render(request, "admin/users.html.jinja2", users=users)
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web

from cti_server.auth.gate import CSRF_FIELD
from cti_server.frame.language import LANGUAGES, N_, language_of, words
from cti_server.frame.numbers import phone
from cti_server.keys import SESSION, USER
from hotline.users import Permission, User

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
SECTIONS = (
    ("/desk", N_("Desk"), Permission.ANSWER_CALLS),
    ("/calls", N_("Calls"), Permission.SEE_CALLS),
    ("/enterprise", N_("Appeals"), Permission.WORK_ON_APPEALS),
    ("/enterprise/outages", N_("Outages"), Permission.ENTER_OWN_OUTAGES),
    ("/todo", N_("To do"), Permission.HANDLE_APPEALS),
    ("/appeals", N_("Appeals"), Permission.SEE_APPEALS),
    ("/outage-register", N_("Outages"), Permission.SEE_OUTAGES),
    ("/campaigns", N_("Automatic calls"), Permission.SEE_CAMPAIGNS),
    ("/informing", N_("Informing"), Permission.PREPARE_INFORMING),
    ("/control", N_("Control"), Permission.SEE_CONTROL),
    ("/surveys/results", N_("Surveys"), Permission.SEE_CONTROL),
    ("/search", N_("Search"), Permission.SEE_APPEALS),
    ("/announcements", N_("Announcements"), Permission.SEE_ANNOUNCEMENTS),
    ("/rules", N_("Rules"), Permission.MANAGE_RULES),
    ("/executors", N_("Executors"), Permission.MANAGE_EXECUTORS),
    ("/admin/users", N_("Users"), Permission.MANAGE_USERS),
    ("/admin/imports", N_("Files"), Permission.IMPORT_DATA),
    ("/admin/tokens", N_("Access for programs"), Permission.MANAGE_USERS),
    ("/admin/audit", N_("Audit log"), Permission.SEE_AUDIT),
)
"""The menu: address, words, the permission it takes. An address that has no page is left out."""
TEMPLATES = Path(__file__).resolve().parents[1]


class Pages:
    """The templates, one environment for each language; times are shown in the city's own zone."""

    def __init__(self, timezone: ZoneInfo) -> None:
        self.timezone = timezone
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def text(self, language: str, template: str, context: Mapping[str, object]) -> str:
        return self._environments[language].get_template(template).render(context)

    def local(self, moment: datetime | None, form: str = "%d.%m.%Y %H:%M") -> str:
        """Write the moment as people in the city do; an empty string for none."""
        return "" if moment is None else moment.astimezone(self.timezone).strftime(form)

    def _environment(self, language: str) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        catalogue = words(language)
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            catalogue.gettext, catalogue.ngettext, newstyle=True
        )
        environment.filters["local"] = self.local
        environment.globals.update(Permission=Permission, phone=phone, language=language, LANGUAGES=LANGUAGES)
        return environment


PAGES: web.AppKey[Pages] = web.AppKey("pages")


def render(request: web.Request, template: str, *, status: int = 200, **context: object) -> web.Response:
    """Answer with a page. Templates see `user` (or none), `csrf`, `path` and the context."""
    return render_in(language_of(request), request, template, context, status)


def render_in(
    language: str, request: web.Request, template: str, context: Mapping[str, object], status: int = 200
) -> web.Response:
    """Answer with a page in this language, whatever was chosen in the browser."""
    session, user = request.get(SESSION), request.get(USER)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    sections = [] if user is None else _sections(request.app, user)
    frame = {
        "user": user,
        "sections": sections,
        "section": max((one for one, _ in sections if request.path.startswith(one)), key=len, default=""),
        "csrf": session.csrf if session else "",
        "csrf_field": CSRF_FIELD,
        "path": request.rel_url.path,
        "query": request.rel_url.raw_query_string,
        "here": str(request.rel_url) if request.method == "GET" else request.rel_url.path,
        "theme": theme if theme in THEMES else "auto",
    }
    text = request.app[PAGES].text(language, template, {**frame, **context})
    return web.Response(text=text, content_type="text/html", status=status)


def _sections(app: web.Application, user: User) -> list[tuple[str, str]]:
    there = {resource.canonical for resource in app.router.resources()}
    return [(path, text) for path, text, needed in SECTIONS if path in there and user.may(needed)]
