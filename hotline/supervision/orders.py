"""The head's order by which dispatchers do not see that somebody listens to their talks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from hotline.errors import HotlineError


class OrderIncomplete(HotlineError):  # noqa: N818 - reads as what it is
    """An order has a number and a day that is not to come."""

    code: ClassVar[str] = "order-incomplete"


class OrderStands(HotlineError):  # noqa: N818 - reads as what it is
    """One order stands already; it is ended first."""

    code: ClassVar[str] = "order-stands"


LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningOrder:
    """One order; it holds from `placed_at` until it is ended, and stays on record."""

    id: int
    number: str
    dated: date
    placed_by: int
    placed_at: datetime
    ended_by: int | None = None
    ended_at: datetime | None = None


def checked(number: str, dated: date | None, today: date) -> tuple[str, date]:
    """Give number and day as they are kept; raises OrderIncomplete."""
    number = " ".join(number.split())
    if not number or len(number) > LONGEST_NUMBER or dated is None or dated > today:
        raise OrderIncomplete("Write the number of the order, and its day, which is not to come.")
    return number, dated


class ListeningOrders(Protocol):
    """The orders. Without one that stands, dispatchers see who is on their talks."""

    async def standing(self) -> ListeningOrder | None: ...

    async def place(self, number: str, dated: date, *, by: int, at: datetime) -> ListeningOrder:
        """Have it hold from now on; raises OrderStands."""
        ...

    async def end(self, order_id: int, *, by: int, at: datetime) -> None:
        """Let it hold no longer; nothing happens when somebody did so before."""
        ...
