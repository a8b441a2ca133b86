"""The head of a list: its parts as chips with counts, what is set besides, and the chosen columns.

A list says in its address all that it shows. The markup is in `frame/lists.html.jinja2`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from gettext import NullTranslations

from aiohttp import web
from attrs import frozen

from cti_server.frame.filters import day

MOST_COUNTED = 1000
"""Beyond, a chip says only that there are that many and more."""
COLUMNS = "columns"
Kept = Mapping[str, str]
Address = Callable[[Kept], str]


@frozen(kw_only=True)
class Part:
    """A part of the list that is one press away: `query` are the filters that make it."""

    text: str
    query: Kept

    def chosen(self, kept: Kept) -> bool:
        return all(kept.get(name) == value for name, value in self.query.items())


@frozen(kw_only=True)
class Chip:
    """A part as it is drawn; pressed again, a chosen one is left. `count` is None where it would mislead."""

    text: str
    address: str
    chosen: bool
    count: int | None = None


@frozen(kw_only=True)
class Condition:
    """A filter that is set, in words, and the address without it. One not `known` finds nothing out."""

    label: str
    value: str
    without: str
    known: bool = True


def chosen_part(parts: Sequence[Part], kept: Kept) -> Part | None:
    """Give the part that is shown; of several that fit, the one that says most, the first of such."""
    return max((one for one in parts if one.chosen(kept)), key=lambda one: len(one.query), default=None)


def without_part(parts: Sequence[Part], kept: Kept) -> Kept:
    """Give the filters that are set besides those of the chosen part."""
    chosen = chosen_part(parts, kept)
    return {**kept, **dict.fromkeys(chosen.query if chosen else (), "")}


def chips(
    parts: Sequence[Part], kept: Kept, address: Address, counts: Sequence[int | None] | None
) -> Sequence[Chip]:
    """Draw the parts; one takes the place of another, and whatever else is set stays."""
    chosen, left = chosen_part(parts, kept), without_part(parts, kept)
    return [
        Chip(
            text=one.text,
            address=address(left if one is chosen else {**left, **one.query}),
            chosen=one is chosen,
            count=None if counts is None else counts[number],
        )
        for number, one in enumerate(parts)
    ]


def conditions(
    told: Iterable[tuple[str, str | None]],
    *,
    labels: Mapping[str, str],
    kept: Kept,
    address: Address,
    words: NullTranslations,
    part: Part | None = None,
) -> Sequence[Condition]:
    """Draw the filters that are set, except those that the chosen part tells already.

    `told` gives a filter's name and its value in words, to be translated; None for a value that there is not.
    """
    return [
        Condition(
            label=words.gettext(labels[name]),
            value=words.gettext(text) if text else kept[name],
            known=text is not None,
            without=address({**kept, name: ""}),
        )
        for name, text in told
        if kept[name] and not (part and name in part.query)
    ]


def misordered(kept: Kept, first: str = "from", last: str = "to") -> bool:
    """Whether the first of two days comes behind the last: nothing can be found between."""
    since, until = day(kept.get(first, "")), day(kept.get(last, ""))
    return since is not None and until is not None and since > until


def turned(kept: Kept, address: Address, first: str = "from", last: str = "to") -> str:
    """Give the address with two such days exchanged; empty when they are in order."""
    if not misordered(kept, first, last):
        return ""
    return address({**kept, first: kept[last], last: kept[first]})


def columns_of(
    request: web.Request, name: str, known: Mapping[str, str], usual: Sequence[str]
) -> Sequence[str]:
    """Tell the columns to show, in their own order: the address's, else the browser's, else the usual."""
    asked = request.query.get(COLUMNS) or request.cookies.get(f"{COLUMNS}-{name}", "")
    wanted = set(asked.split("."))
    return [one for one in known if one in wanted] or usual
