"""The description of the interface: the OpenAPI document for programs, and a page of it for people."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from cti_server.api import openapi
from cti_server.api.language import asked_language
from cti_server.api.messages import MESSAGES
from cti_server.api.operation import Operation
from cti_server.api.problems import WORDS
from cti_server.auth.access import public
from cti_server.frame.language import words, words_of
from cti_server.frame.pages import render
from cti_server.frame.statuses import STATUS
from cti_server.hosts import own_origin

OPERATIONS: web.AppKey[Sequence[Operation]] = web.AppKey("api_operations")


@public
async def document(request: web.Request) -> web.Response:
    """The OpenAPI 3.1 document, its summaries in the reader's language."""
    gettext = words(asked_language(request)).gettext
    described = openapi.document(request.app[OPERATIONS], gettext)
    return web.Response(body=msgspec.json.encode(described), content_type="application/json")


@public
async def page(request: web.Request) -> web.Response:
    """The same for people, with the stream of events and the errors."""
    described = openapi.document(request.app[OPERATIONS], words_of(request).gettext)
    return render(
        request,
        "api/page.html.jinja2",
        described=described,
        schemas=described["components"]["schemas"],
        events=_events(),
        problems=[(code, STATUS.get(code), *text) for code, text in WORDS.items()],
        origin=own_origin(request),
    )


def _events() -> Sequence[dict[str, Any]]:
    """Each message of the stream with its schema."""
    _refs, components = msgspec.json.schema_components(
        list(MESSAGES), ref_template="#/components/schemas/{name}"
    )
    return [components[kind.__name__] for kind in MESSAGES]
