"""A list that is leafed through: `?page=` counts from 1, and whatever is on record can be reached.

    leaf = await leaf_of(request, sources.orders.latest, rows=100)
    return render(request, "orders/list.html.jinja2", orders=leaf.rows, leaf=leaf)

The page has the links by `forms.leafing(leaf)`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web
from yarl import URL

Row = TypeVar("Row")
Read = Callable[[int, int], Awaitable[Sequence[Row]]]
"""Returns a number of rows after an offset."""
_LAST = 100_000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Generic[Row]):
    """One page of a list, with the addresses of those before and behind it; empty where there is none."""

    rows: Sequence[Row]
    before: str
    further: str


async def leaf_of(request: web.Request, read: Read[Row], rows: int, at: str = "") -> Leaf[Row]:
    """Read the requested page; `at` is the list's own path, where it may answer an act as well."""
    asked = request.query.get("page", "")
    page = min(max(int(asked), 1), _LAST) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004
    found = await read(rows + 1, rows * (page - 1))
    path = at or request.path
    return Leaf(
        rows=found[:rows],
        before=_address(path, request, page - 1) if page > 1 else "",
        further=_address(path, request, page + 1) if len(found) > rows else "",
    )


def sifted(read: Read[Row], sift: Callable[[Sequence[Row]], Awaitable[Sequence[Row]]]) -> Read[Row]:
    """Make a reader of the rows that `sift` keeps of those that `read` returns.

    For lists so short that the database need not search them.
    """

    async def fitting(most: int, skipped: int) -> Sequence[Row]:
        found: list[Row] = []
        behind = 0
        while len(found) < skipped + most and (some := await read(_AT_ONCE, behind)):
            behind += len(some)
            found += await sift(some)
        return found[skipped : skipped + most]

    return fitting


def _address(path: str, request: web.Request, page: int) -> str:
    query = {**request.query, "page": str(page)}
    if page == 1:
        del query["page"]
    return str(URL(path).with_query(query))
