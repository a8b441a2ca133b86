"""Filters of a list kept under a name, for oneself or for everybody who sees that list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.errors import HotlineError

MOST_VIEWS = 30
"""How many of one list a user may keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """Filters kept under a name. `query` is the list's own address behind the `?`."""

    id: int
    user_id: int
    name: str
    query: str
    shared: bool
    """Everybody sees it, not only who made it."""


class TooManyViews(HotlineError):  # noqa: N818 - reads as what happened
    """The user keeps as many views of the list as one may: one is to be forgotten first."""

    code = "too-many-views"


class NameTaken(HotlineError):  # noqa: N818 - reads as what happened
    """The user has another view of the list under that name."""

    code = "view-name-taken"


class SavedViews(Protocol):
    """Filters that people keep; `of_list` names the list, such as `appeals`. No list sees another's."""

    async def of(self, user_id: int, of_list: str) -> Sequence[SavedView]:
        """List one's own and those shared with everybody, by name."""
        ...

    async def save(
        self, *, user_id: int, of_list: str, name: str, query: str, shared: bool, at: datetime
    ) -> SavedView:
        """Keep it; one's own of the same name is replaced. Raises TooManyViews beyond MOST_VIEWS."""
        ...

    async def rename(self, view_id: int, user_id: int, of_list: str, name: str) -> None:
        """Give one's own view another name; raises NotFound for another's, or none, and NameTaken."""
        ...

    async def drop(self, view_id: int, user_id: int, of_list: str) -> None:
        """Forget one's own view; raises NotFound for another's, or none."""
        ...
