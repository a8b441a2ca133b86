"""Language, theme and the columns of lists, kept in the browser; chosen by anybody, signed in or not."""

import re

from aiohttp import web
from yarl import URL

from cti_server.auth.access import public
from cti_server.frame.language import COOKIE, LANGUAGES
from cti_server.frame.lists import COLUMNS
from cti_server.frame.pages import THEME_COOKIE, THEMES
from cti_server.keys import HTTPS

_YEAR = 365 * 24 * 3600
_LIST = re.compile(r"[a-z]{1,20}")
_CHOSEN = re.compile(r"[a-z]{1,20}(\.[a-z]{1,20}){0,19}")


@public
async def choose(request: web.Request) -> web.Response:
    """Keep the choice and go back to where the form was."""
    form = await request.post()
    target = own_path(str(form.get("next", "/")))
    response = web.Response(status=303, headers={"Location": target})
    name, chosen = str(form.get("list", "")), ".".join(map(str, form.getall(COLUMNS, ())))
    if _LIST.fullmatch(name) and _CHOSEN.fullmatch(chosen):
        response.headers["Location"] = str(URL(target).without_query_params(COLUMNS))  # which would go before
        response.set_cookie(
            f"{COLUMNS}-{name}",
            chosen,
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.app[HTTPS],
        )
    for cookie, field, known in ((COOKIE, "language", LANGUAGES), (THEME_COOKIE, "theme", THEMES)):
        if (chosen := str(form.get(field, ""))) in known:
            response.set_cookie(
                cookie, chosen, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.app[HTTPS]
            )
    return response


def own_path(target: str) -> str:
    """Return the path if it is one of ours; anything that could lead to another site becomes `/`."""
    leads_away = not target.startswith("/") or target[1:2] in {"/", "\\"} or not target.isprintable()
    return "/" if leads_away else target
