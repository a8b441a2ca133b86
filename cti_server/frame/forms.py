"""Forms as a browser sends them, read into a dataclass of what was typed: by each field's name and type."""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints

from aiohttp import web
from multidict import MultiMapping

from hotline.foreign_text import storable, tidied

LONGEST_REASON = 300
_Typed = TypeVar("_Typed")


def read_form(
    kind: type[_Typed], form: MultiMapping[object], *, before: str = "", one_line: bool = False
) -> _Typed:
    """Read every field that `kind` has; `before` is what the names begin with in the form.

    A text is tidied (`one_line`: and single spaces between words), a ticked box is True, a whole number of at
    most nine digits is read and other text is 0; all else is several texts. A field of one value that comes
    twice is of no page of ours: HTTPBadRequest.
    """
    read = {
        name: _READERS.get(of, _several)(form, before + name) for name, of in get_type_hints(kind).items()
    }
    if one_line:
        read = {name: " ".join(one.split()) if isinstance(one, str) else one for name, one in read.items()}
    return kind(**read)


def new_key() -> str:
    """Name a form that is shown empty, so that what is sent twice is known as one."""
    return secrets.token_urlsafe(12)


def read_reason(form: MultiMapping[object]) -> str:
    """Read the reason of an act in one line; an empty or overlong one is none."""
    why = " ".join(_text(form, "reason").split())
    return why if len(why) <= LONGEST_REASON else ""


def _only(form: MultiMapping[object], name: str) -> str:
    given = form.getall(name, [])
    if len(given) > 1:
        raise web.HTTPBadRequest
    return str(given[0]) if given else ""


def _text(form: MultiMapping[object], name: str) -> str:
    return tidied(_only(form, name))


def _ticked(form: MultiMapping[object], name: str) -> bool:
    return _only(form, name) == "yes"


def _whole(form: MultiMapping[object], name: str) -> int:
    text = _text(form, name)
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _several(form: MultiMapping[object], name: str) -> tuple[str, ...]:
    return tuple(storable(str(one)) for one in form.getall(name, []))


_READERS: Mapping[Any, Callable[[MultiMapping[object], str], Any]] = {
    str: _text,
    bool: _ticked,
    int: _whole,
}
