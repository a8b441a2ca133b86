"""The templates of appeals, with the words that all of them use."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.appeals.words import CONTEXT
from cti_server.frame.pages import render


def show(
    request: web.Request, name: str, context: Mapping[str, object], status: int = HTTPStatus.OK
) -> web.Response:
    """Answer with the template of this name."""
    shown: dict[str, Any] = {**CONTEXT, **context}
    return render(request, f"appeals/{name}.html.jinja2", status=status, **shown)
