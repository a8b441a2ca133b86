"""Answers in the two forms of the standard: XML without a namespace, and JSON by the Spark convention.

A document is written once, in plain types; in XML each list names its items.
"""

import hashlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

import msgspec
from aiohttp import hdrs, web

from cti_server.api.language import asked_language
from cti_server.outages.public.xml_text import xml_child, xml_text

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"

FORMATS = "json|xml"
ITEMS: Mapping[str, str] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
"""A list's name → its items'."""
_TYPES = {"json": "application/json", "xml": "text/xml"}
_HEADERS = {
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    hdrs.VARY: hdrs.ACCEPT_LANGUAGE,
}
"""Pages of other sites may read what anybody may."""


def asked_format(request: web.Request) -> str:
    """Give the form that the address ends in; XML, which the standard requires, where it is none of ours."""
    ending = request.path.rpartition(".")[2]
    return ending if ending in _TYPES else "xml"


def answer(request: web.Request, name: str, document: Value, status: int = HTTPStatus.OK) -> web.Response:
    """Answer with the document; `name` is that of its XML root."""
    form = asked_format(request)
    body = msgspec.json.encode(document) if form == "json" else written(name, document)
    headers = {hdrs.CONTENT_LANGUAGE: asked_language(request), **_HEADERS}
    if request.method == hdrs.METH_GET and status == HTTPStatus.OK:
        mark = hashlib.sha256(body).hexdigest()[:24]
        headers[hdrs.ETAG] = f'"{mark}"'
        if any(one.value == mark for one in request.if_none_match or ()):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, status=status, content_type=_TYPES[form], charset="utf-8", headers=headers)


def written(name: str, document: Value) -> bytes:
    """Write the document as XML."""
    root = Element(name)
    _fill(root, name, document)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'.encode()


def _fill(element: Element, name: str, value: Value) -> None:
    match value:
        case Mapping():
            for key, one in value.items():
                _fill(xml_child(element, key), key, one)
        case str():
            element.text = xml_text(value) or None
        case Sequence():
            for one in value:
                _fill(xml_child(element, ITEMS[name]), ITEMS[name], one)
        case bool():
            element.text = str(value).lower()
        case int() | float():
            element.text = str(value)
