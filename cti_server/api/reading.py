"""Requests become types: path, query, headers and body, each fault with its place and a reason to read."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from cti_server.api.errors import Fault, Invalid, JsonNeeded, NotJson
from cti_server.frame.language import N_
from hotline.foreign_text import storable

LONGEST_BODY = 64 * 1024
"""Bytes. An appeal's text has at most 10,000 letters. A kind of body that takes more says so: `LONGEST`."""
ESCAPED_LETTER = 6
"""Bytes of a letter that JSON writes as `\\u0456`."""

_LARGEST = 2**53
_T = TypeVar("_T")
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_NEEDED = N_("This is needed.")
_UNKNOWN = N_("There is no such field: leave it out.")
_REASONS = (
    (r"Object missing required field `(.*)`", _NEEDED),
    (r"Object contains unknown field `(.*)`", _UNKNOWN),
    (r"Invalid enum value (.*)", N_("{0} is none of the values that are described.")),
    (r"Expected `datetime` with a timezone.*", N_("Name the time zone, such as 2026-03-02T12:00:00+02:00.")),
    (r"Invalid RFC3339 encoded (.*)", N_("Write the moment as 2026-03-02T12:00:00Z.")),
    (r"Expected `\w+` of length <= (\d+).*", N_("That is too long: at most {0}.")),
    (r"Expected `\w+` of length >= (\d+).*", N_("That is too short: at least {0}.")),
    (r"Expected `\w+` <= (.*)", N_("That is too much: at most {0}.")),
    (r"Expected `\w+` >= (.*)", N_("That is too little: at least {0}.")),
    (r"Expected `str` matching regex (.*)", N_("It must be written as the pattern {0} says.")),
    (r"Expected `(.*)`, got `(.*)`", N_("`{0}` is expected, and `{1}` came.")),
)
"""msgspec's message → ours, with the parts in brackets filled in."""
_OTHERWISE = N_("This cannot be read: {0}.")
_TWICE = N_("Give it once only.")
_UNSTORABLE = N_("It holds a character that cannot be kept (U+0000, or half of one): leave it out.")


def read_path(request: web.Request, kind: type[_T]) -> _T:
    return _convert(dict(request.match_info), kind, "path")


def read_query(request: web.Request, kind: type[_T]) -> _T:
    twice = [name for name in request.query if len(request.query.getall(name)) > 1]
    if twice:
        raise Invalid(*(Fault(f"query.{name}", _TWICE) for name in dict.fromkeys(twice)))
    return _convert(dict(request.query), kind, "query")


def read_headers(request: web.Request, kind: type[_T]) -> _T:
    """Take only the headers that are asked for; the others are not ours."""
    names = [one.encode_name for one in msgspec.structs.fields(kind)]  # type: ignore[arg-type]
    return _convert(
        {name: request.headers[name] for name in names if name in request.headers}, kind, "header"
    )


async def read_body(request: web.Request, kind: type[_T]) -> _T:
    """Read JSON; raises JsonNeeded, NotJson, Invalid, or 413 for more than the kind takes."""
    if request.content_type != "application/json":
        raise JsonNeeded(f"The body is {request.content_type}.")
    body = await request.clone(client_max_size=getattr(kind, "LONGEST", LONGEST_BODY)).read()
    sent: object = None
    try:
        msgspec.json.decode(body)  # as the standard says: Python's own reader also takes NaN and UTF-16
        sent = json.loads(body, object_pairs_hook=_once, parse_float=_number)
        _require_storable(sent, "body")
        return msgspec.convert(sent, kind)
    except msgspec.ValidationError as error:
        raise Invalid(*(_every_fault(sent, kind) or [_fault(str(error), "body")])) from error
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def _every_fault(sent: object, kind: type[Any]) -> Sequence[Fault]:
    """Look at each field of an object by itself, for msgspec tells only the first that is wrong."""
    if not isinstance(sent, dict) or not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return ()
    known = {one.encode_name: one for one in msgspec.structs.fields(kind)}
    faults = [Fault(f"body.{name}", _UNKNOWN) for name in sent if name not in known]
    if not kind.__struct_config__.forbid_unknown_fields:
        faults = []
    for name, one in known.items():
        if name not in sent:
            faults += [Fault(f"body.{name}", _NEEDED)] if one.required else []
            continue
        try:
            msgspec.convert(sent[name], one.type)
        except msgspec.ValidationError as error:
            faults.append(_fault(str(error), f"body.{name}"))
    return faults


def _number(text: str) -> float:
    """Read a number with a point or an exponent; a whole one is an integer, as JSON Schema has it."""
    read = float(text)
    return int(read) if read.is_integer() and abs(read) <= _LARGEST else read


def _once(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    """Refuse an object that names something twice: readers differ in which of the two they take."""
    read = dict(pairs)
    if len(read) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise Invalid(*(Fault(f"body.{name}", _TWICE) for name in read if times[name] > 1))
    return read


def _require_storable(read: object, where: str) -> None:
    """Refuse a text that no database keeps, rather than keep another one."""
    match read:
        case str() if read != storable(read):
            raise Invalid(Fault(where, _UNSTORABLE))
        case dict():
            for name, one in read.items():
                _require_storable(one, f"{where}.{name}")
        case list():
            for at, one in enumerate(read):
                _require_storable(one, f"{where}[{at}]")


def _convert(values: Mapping[str, str], kind: type[_T], where: str) -> _T:
    _require_storable(dict(values), where)
    try:
        read = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(_fault(str(error), where)) from error
    for one in msgspec.structs.fields(kind):  # type: ignore[arg-type]
        given = values.get(one.encode_name)
        if given is not None and _too_free(given, getattr(read, one.name)):
            raise Invalid(Fault(f"{where}.{one.encode_name}", _OTHERWISE, (given,)))
    return read


def _too_free(given: str, read: object) -> bool:
    """Msgspec also takes `null` for nothing, and seconds since 1970 for a moment: we describe neither."""
    return read is None or (isinstance(read, datetime) and "T" not in given.upper())


def _fault(said: str, where: str) -> Fault:
    parts = _AT.match(said)
    what, path = (parts["what"], parts["path"] or "") if parts else (said, "")
    for pattern, reason in _REASONS:
        if found := re.fullmatch(pattern, what, re.DOTALL):
            named = f".{found[1]}" if "field `" in what else ""
            return Fault(f"{where}{path}{named}", reason, found.groups())
    return Fault(f"{where}{path}", _OTHERWISE, (what,))


PLACES: Mapping[str, str] = {"path": "path", "query": "query", "headers": "header"}
"""A handler's argument → where OpenAPI says that it is sent."""
