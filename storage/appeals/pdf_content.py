"""Looks into a PDF for all that is no page: every object that a reader can come to."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_ACTS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie"),
        *("/Sound", "/RichMediaExecute", "/GoTo3DView"),
    }
)
"""Actions (ISO 32000-2, 12.6.4) that do more than turn to a page of the same paper."""
_ENTRIES = frozenset({"/XFA", "/RichMediaContent"})
"""Entries that hold a form which is a program, or a film which is one."""
_FILES = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def is_active(file: Path) -> bool | None:
    """Tell whether it would do something besides being read; None when it opens only with a password.

    Raises PyPdfError, and whatever else a damaged file causes.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - pictures need none of it
    from pypdf.errors import PdfReadError  # noqa: PLC0415

    reader = PdfReader(file)
    if reader.is_encrypted:
        return None
    if not len(reader.pages):
        raise PdfReadError("It has no pages.")
    return any(_acts(one) for one in _dictionaries(reader.trailer))


def _acts(one: Mapping[str, Any]) -> bool:
    files = _plain(one.get("/EF"))
    if _ENTRIES & set(one) or (isinstance(files, dict) and _FILES & set(files)):
        return True
    does, shown = _name(one, "/S"), _name(one, "/Subtype")
    if does == "/URI" and not str(_plain(one.get("/URI", ""))).lower().startswith(_SCHEMES):
        return True
    return does in _ACTS or shown in _ANNOTATIONS


def _name(one: Mapping[str, Any], key: str) -> str:
    found = _plain(one.get(key, ""))
    return found if isinstance(found, str) else ""


def _plain(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _dictionaries(trailer: Any) -> Iterator[Mapping[str, Any]]:
    """Walk from the trailer through every reference, each object once, however deep."""
    from pypdf.generic import IndirectObject  # noqa: PLC0415

    seen: set[tuple[int, int]] = set()
    left = [trailer]
    while left:
        one = left.pop()
        if isinstance(one, IndirectObject):
            place = (one.idnum, one.generation)
            if place not in seen:
                seen.add(place)
                left.append(one.get_object())
        elif isinstance(one, dict):
            raw = {str(name): one.raw_get(name) if hasattr(one, "raw_get") else one[name] for name in one}
            yield raw
            left.extend(raw.values())
        elif isinstance(one, list):
            left.extend(list.__iter__(one))
