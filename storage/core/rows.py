"""Rows become what they mean: columns by the names of the fields, read by the fields' types."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from sqlalchemy import RowMapping

from hotline.city.addresses import Area
from storage.core.areas import areas_of_json

T = TypeVar("T")
Reader = Callable[[Any], Any]


def row_to(kind: type[T], row: RowMapping, **more: Any) -> T:
    """Make a dataclass of a row that has a column for each field; `more` are the fields that have none.

    Enumerations, dataclasses, collections of them out of JSON, and areas are read; all else is as the
    column gives it.
    """
    values = {
        name: row[name] if read is None or row[name] is None else read(row[name])
        for name, read in _readers(kind).items()  # type: ignore[arg-type]  # classes are hashable
        if name not in more
    }
    return kind(**values, **more)


@cache
def _readers(kind: type[Any]) -> Mapping[str, Reader | None]:
    hints = get_type_hints(kind)
    return {one.name: _reader(hints[one.name]) for one in fields(kind) if one.init}


def _reader(hint: Any) -> Reader | None:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if hint == tuple[Area, ...]:
        return areas_of_json
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return partial(msgspec.convert, type=hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (tuple, frozenset):
        return partial(_collection, origin, _reader(arguments[0]))
    return None


def _collection(make: type[Collection[Any]], read: Reader | None, found: Sequence[Any]) -> Collection[Any]:
    return make(found if read is None else map(read, found))  # type: ignore[call-arg]
