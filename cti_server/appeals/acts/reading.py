"""Forms become inputs: all that is wrong is told at once, each fault with its field."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

import msgspec
from aiohttp import web
from msgspec import inspect
from multidict import MultiMapping

from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.frame.moments import read_day
from hotline.appeals.acts.act import ActFault
from hotline.errors import HotlineError
from hotline.foreign_text import tidied

WRITE = N_("Write a few words here: they stay in the history.")
TOO_LONG = N_("Write no more than %(most)s characters.")
CHOOSE = N_("Choose one of those that are shown.")
NO_DAY = N_("Choose a day.")
TWICE = N_("Give it once only.")

Sent = Mapping[str, Sequence[str]]
"""A form's fields as they came: what each was given."""
_Input = TypeVar("_Input", bound=Input)


class Misread(HotlineError):  # noqa: N818 - reads as what happened
    """Fields of a form that cannot be read, each with its fault."""

    code: ClassVar[str] = "act-fault"

    def __init__(self, faults: Mapping[str, ActFault]) -> None:
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One field of an input: its type, and the sentences for what is not there and what is no such thing."""

    name: str
    kind: Any
    required: bool
    never_blank: bool
    spaced: bool
    is_day: bool
    blank: str
    wrong: str
    most: int | None


def sent_fields(form: MultiMapping[object]) -> dict[str, list[str]]:
    """Take the texts of a form as a browser sends it, without its files."""
    return {name: [one for one in form.getall(name) if isinstance(one, str)] for name in set(form)}


def first(sent: Sent, name: str) -> str:
    """Give a field as it was typed; empty when it did not come."""
    return next(iter(sent.get(name, ())), "")


def read_input(
    kind: type[_Input],
    sent: Sent,
    *,
    allowed: Mapping[str, Container[str]] | None = None,
    needed: Container[str] = (),
) -> _Input:
    """Read the fields of the form; raises Misread.

    `allowed` are fields with what the page lets one choose, `needed` those that this form asks for, although
    the act can do without.
    """
    values, faults = read_fields(kind, sent, allowed=allowed, needed=needed)
    if "version" in faults:  # no page of ours sends such a form
        raise web.HTTPBadRequest
    if faults:
        raise Misread(faults)
    return kind(**values)


def read_fields(
    kind: type[Input],
    sent: Sent,
    *,
    allowed: Mapping[str, Container[str]] | None = None,
    needed: Container[str] = (),
) -> tuple[dict[str, Any], dict[str, ActFault]]:
    """Read the fields that can be read, and give the faults of all others."""
    values: dict[str, Any] = {}
    faults: dict[str, ActFault] = {}
    for field in _fields_of(kind):
        try:
            value = _read(field, sent, allowed or {}, needed)
        except ActFault as fault:
            faults[field.name] = fault
        else:
            if value is not msgspec.UNSET:
                values[field.name] = value
    return values, faults


def _read(field: _Field, sent: Sent, allowed: Mapping[str, Container[str]], needed: Container[str]) -> Any:
    texts = sent.get(field.name, ())
    if len(texts) > 1:
        raise ActFault(field.name, TWICE)
    text = tidied(texts[0]) if texts else ""
    if not text:
        if field.required or field.name in needed or (texts and field.never_blank):
            raise ActFault(field.name, field.blank)
        return msgspec.UNSET
    if text not in allowed.get(field.name, (text,)):
        raise ActFault(field.name, CHOOSE)
    try:
        return msgspec.convert(_plain_text(field, text), field.kind, strict=False)
    except msgspec.ValidationError as error:
        raise ActFault(field.name, field.wrong, most=field.most, number=text) from error


def _plain_text(field: _Field, text: str) -> str:
    """Write it as a program would: a number without signs around it, a day the other way round."""
    if field.spaced:
        return "".join(text.lstrip("№").split())
    day = read_day(text) if field.is_day else None
    return day.isoformat() if day else text


@cache
def _fields_of(kind: type[Input]) -> Sequence[_Field]:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - so mypy knows, too
    types = {one.name: one.type for one in msgspec.structs.fields(kind)}
    return [_field(one, types[one.name]) for one in info.fields]


def _field(described: inspect.Field, kind: Any) -> _Field:
    plain, extra = _plain(described.type)
    blank, wrong = _sentences(plain)
    return _Field(
        name=described.name,
        kind=kind,
        required=described.required,
        never_blank="blank" in extra and described.default is None,
        spaced=bool(extra.get("spaced")),
        is_day=isinstance(plain, inspect.DateType),
        blank=extra.get("blank", blank),
        wrong=extra.get("wrong", wrong),
        most=plain.max_length if isinstance(plain, inspect.StrType) else None,
    )


def _plain(kind: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """Take off what a type is wrapped in: its sentences, and that it may be null."""
    match kind:
        case inspect.Metadata():
            plain, extra = _plain(kind.type)
            return plain, {**extra, **(kind.extra or {})}
        case inspect.UnionType():
            return _plain(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        case _:
            return kind, {}


def _sentences(kind: inspect.Type) -> tuple[str, str]:
    match kind:
        case inspect.StrType():
            return WRITE, TOO_LONG
        case inspect.DateType():
            return NO_DAY, NO_DAY
        case _:
            return CHOOSE, CHOOSE
