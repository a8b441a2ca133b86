"""Language and theme, kept in the browser; chosen by anybody, signed in or not."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.language import COOKIE, LANGUAGES
from cti_server.frame.pages import THEME_COOKIE, THEMES
from cti_server.keys import HTTPS

_YEAR = 365 * 24 * 3600


@public
async def choose(request: web.Request) -> web.Response:
    """Keep the choice and go back to where the form was."""
    form = await request.post()
    response = web.Response(status=303, headers={"Location": own_path(str(form.get("next", "/")))})
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
