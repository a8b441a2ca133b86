"""The templates of appeals, with the words that all of them use, and the form as a browser sends it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.reading import first, sent_fields
from cti_server.appeals.form.asked import OF_DETAIL
from cti_server.appeals.form.filled import FIELDS
from cti_server.appeals.words import CONTEXT
from cti_server.frame.pages import render
from hotline.city.classifier import classifier
from hotline.foreign_text import lined


def show(
    request: web.Request, name: str, context: Mapping[str, object], status: int = HTTPStatus.OK
) -> web.Response:
    """Answer with the template of this name."""
    shown: dict[str, Any] = {**CONTEXT, **context}
    return render(request, f"appeals/form/{name}.html.jinja2", status=status, **shown)


def answer(request: web.Request, name: str, status: int = HTTPStatus.OK, **context: object) -> web.Response:
    """Answer htmx with the part alone, and a browser without it with a page around the part."""
    part = {"part": f"appeals/form/{name}.html.jinja2"}
    return show(request, name if request.headers.get("HX-Request") else "page", part | context, status)


async def typed(request: web.Request) -> dict[str, str]:
    """Read every field of the form; the ticked categories of the applicant become one, `7.13 7.14`.

    Any other field that comes twice is of no page of ours: HTTPBadRequest.
    """
    sent = sent_fields(await request.post())
    asked = {f"{OF_DETAIL}{one.code}" for one in classifier().questions}
    if any(len(given) > 1 for name, given in sent.items() if name != "benefits"):
        raise web.HTTPBadRequest
    ticked = " ".join(sent.get("benefits", ()))
    return {field: lined(first(sent, field)) for field in (*FIELDS, *sorted(asked & set(sent)))} | {
        "benefits": ticked
    }
