"""Differences between two versions of an article: field by field, in texts word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hotline.knowledge.articles import Content

_TOKENS = re.compile(r"\s+|[^\s]+")
TEXTS = ("question", "answer", "steps")


class Way(StrEnum):
    """How a piece of a text differs."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as both versions have it, or one of them alone."""

    way: Way
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that differs: `uk.answer`, `owner_id`; of a text its pieces, of all else what it was and is."""

    field: str
    before: object
    after: object
    pieces: Sequence[Piece] = ()


def changes(before: Content, after: Content) -> Sequence[Change]:
    """List what differs, in the order in which an article is read."""
    return [*_texts("uk", before, after), *_texts("en", before, after), *_others(before, after)]


def pieces(before: str, after: str) -> Sequence[Piece]:
    """Compare two texts by words."""
    was, now = _TOKENS.findall(before), _TOKENS.findall(after)
    found: list[Piece] = []
    for way, first, last, since, until in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if way == "equal":
            found.append(Piece(Way.SAME, "".join(was[first:last])))
            continue
        found += [Piece(Way.GONE, "".join(was[first:last]))] if last > first else []
        found += [Piece(Way.NEW, "".join(now[since:until]))] if until > since else []
    return found


def _texts(language: str, before: Content, after: Content) -> Iterator[Change]:
    for name in TEXTS:
        was, now = _text(getattr(before, language), name), _text(getattr(after, language), name)
        if was != now:
            yield Change(field=f"{language}.{name}", before=was, after=now, pieces=pieces(was, now))


def _text(wording: object, name: str) -> str:
    value = getattr(wording, name)
    return value if isinstance(value, str) else "\n".join(value)


def _others(before: Content, after: Content) -> Iterator[Change]:
    named = (
        *("said_as", "categories", "topics", "owner_id", "valid_until", "review_on"),
        *("public", "spoken", "withdrawn"),
    )
    for name in named:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(field=name, before=was, after=now)
