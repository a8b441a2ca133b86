"""The city's own data of its name, and texts of ours that say it.

In a catalogue `‹city›` stands for it: in Ukrainian in the genitive ("міста Славутича"), in English by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from hotline.documents.document import FIRST_OWN, DocumentKind
from hotline.documents.in_force import InForce
from hotline.documents.reading import document_of

MARK = "‹city›"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CityName:
    """The name; `whose` is the genitive with the kind of place, as it follows "контакт-центр"."""

    name: str
    whose: str
    en: str
    own: bool = False
    """The city has written it itself: it is not the delivered one, of the demo city."""


def read_city_name(text: str, version: int) -> CityName:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    made = CityName(
        name=document.text("name", longest=_LONGEST_NAME),
        whose=document.text("whose", longest=_LONGEST_NAME),
        en=document.text("en", longest=_LONGEST_NAME),
        own=version >= FIRST_OWN,
    )
    document.end()
    return made


CITY_NAME = InForce(DocumentKind.CITY, read_city_name)


_SPOKEN_FOR: ContextVar[CityName | None] = ContextVar("the city in whose name is spoken", default=None)


def city_name() -> CityName:
    """Give the one in force, or that of the city in whose name this task speaks."""
    return _SPOKEN_FOR.get() or CITY_NAME.get()


@contextmanager
def in_name_of(name: CityName) -> Iterator[None]:
    """Speak in another city's name: in this task, and in those that it begins meanwhile."""
    before = _SPOKEN_FOR.set(name)
    try:
        yield
    finally:
        _SPOKEN_FOR.reset(before)


def city_named(text: str, *, ukrainian: bool) -> str:
    """Put the city's name where the text has its mark."""
    if MARK not in text:
        return text
    return text.replace(MARK, city_name().whose if ukrainian else city_name().en)
