"""The OpenAPI 3.1 document, made of the types that the handlers read and answer with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cti_server.api.operation import Operation
from cti_server.api.problems import CONTENT_TYPE, Problem
from cti_server.api.reading import PLACES
from cti_server.api.sent_file import OCTETS
from cti_server.api.sunsets import SUNSETS
from hotline.appeals.attachments import SUFFIXES

VERSION = "1.0.0"
_PROBLEMS: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "No valid token was sent.",
    403: "The token's role may not do that, or it has none of the scopes.",
    404: "There is no such thing.",
    409: "The present state, or an earlier request, does not allow it.",
    412: "It was changed since it was read.",
    413: "The body is too long.",
    415: "The body is not, by its Content-Type, what is expected.",
    422: "Something that was sent breaks a rule; `errors` says where and why.",
    428: "The header If-Match is missing.",
    429: "Too many requests; `Retry-After` says when to go on.",
}
_ABOUT = """\
Calls, citizens, appeals, outages, dispatchers and the waiting line of the city's hotline, for other systems.

Every request bears a token in the header `Authorization: Bearer …`; the head of the centre makes tokens, each
for some scopes: `security` of an operation names those of which it needs one.
Lists are read page by page: while `next` is not null, send it as `cursor` with the same filters.
Moments are UTC; telephone numbers are E.164. A token without personal data gets numbers masked and names,
addresses and texts as null. Every look at personal data is written down with the token's name.
"""
_FILE = {"schema": {"type": "string", "format": "binary"}}
_OF_A_FILE: Mapping[str, Mapping[str, Any]] = {
    "200": {"description": "The whole file.", "content": dict.fromkeys(SUFFIXES, _FILE)},
    "206": {"description": "The part that was asked for.", "content": dict.fromkeys(SUFFIXES, _FILE)},
    "304": {"description": "It is as the `ETag` in `If-None-Match` says."},
    "416": {"description": "It has no such part."},
}
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token made on the page of tokens."}
}


def document(operations: Sequence[Operation], translate: Callable[[str], str] = str) -> dict[str, Any]:
    """Describe the operations; the summaries in the reader's language by `translate`."""
    kinds = [Problem, *(kind for one in operations for kind in _kinds(one))]
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    by_kind = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        described = _operation(one, by_kind, components, translate)
        paths.setdefault(one.path, {})[one.method.lower()] = described
    sent = {_name(by_kind[id(kind)]) for one in operations for kind in _parameter_kinds(one)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hotline",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: one for name, one in components.items() if name not in sent},
            "securitySchemes": _SECURITY,
        },
    }


def _operation(
    one: Operation,
    by_kind: Mapping[int, Mapping[str, Any]],
    components: Mapping[str, Any],
    translate: Callable[[str], str],
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": translate(one.summary),
        "description": one.text,
        "security": [{"token": [scope.value]} for scope in one.scopes],
        "x-permissions": [permission.value for permission in one.permissions],
        "x-personal": one.personal,
        "responses": _responses(one, by_kind),
    }
    if one.name in SUNSETS:
        described["deprecated"] = True
    if parameters := list(_parameters(one, by_kind, components)):
        described["parameters"] = parameters
    if one.takes_file:
        described["requestBody"] = {"required": True, "content": {OCTETS: _FILE}}
    elif "body" in one.inputs:
        schema = by_kind[id(one.inputs["body"])]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _responses(one: Operation, by_kind: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    problem = {CONTENT_TYPE: {"schema": by_kind[id(Problem)]}}
    refused = {
        str(status): {"description": _PROBLEMS[status], "content": problem} for status in sorted(one.problems)
    }
    if one.gives_file:
        return {**_OF_A_FILE, **refused}
    answered: dict[str, Any] = {
        "description": one.answer.__doc__ or "",
        "content": {"application/json": {"schema": by_kind[id(one.answer)]}},
    }
    headers = {
        **({"ETag": "Names this state; send it in `If-Match` to change it."} if one.etag else {}),
        **({"Location": "Where it is found from now on."} if one.location else {}),
    }
    if headers:
        answered["headers"] = {
            name: {"description": text, "required": True, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return {str(int(one.status)): answered, **refused}


def _parameters(
    one: Operation, by_kind: Mapping[int, Mapping[str, Any]], components: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for argument, place in PLACES.items():
        if argument not in one.inputs:
            continue
        schema = components[_name(by_kind[id(one.inputs[argument])])]
        for name, kind in schema["properties"].items():
            sent = _sent(kind)
            text = sent.pop("description", "")
            needed = bool(sent.pop("x-needed", None)) or name in schema["required"]
            yield {"name": name, "in": place, "required": needed, "description": text, "schema": sent}


def _sent(kind: Mapping[str, Any]) -> dict[str, Any]:
    """Drop null from types in an address or a header: a missing parameter is left out."""
    choices = [one for one in kind.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **({"description": kind["description"]} if "description" in kind else {})}
    return dict(kind)


def _kinds(one: Operation) -> Sequence[type[msgspec.Struct]]:
    """Give the types of which schemas are made: a file has none."""
    return [kind for kind in (*one.inputs.values(), one.answer) if issubclass(kind, msgspec.Struct)]


def _parameter_kinds(one: Operation) -> Sequence[type[Any]]:
    return [kind for argument, kind in one.inputs.items() if argument in PLACES]


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
