"""The reach of an order: how many it tells by what way, how long that takes, and at what price."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from hotline.contact.channel import Channel
from hotline.contact.numbers import gets_sms
from hotline.delivery.wording import sms_parts
from hotline.informing.orders import NewOrder, Way

AROUND_A_CALL = timedelta(seconds=25)
"""It rings, says who calls, and names the keys."""
_LETTERS_A_SECOND = 10
_KOPIYKA = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The city's prices, in hryvnias; None: nobody has set it."""

    sms_part: Decimal | None = None
    call_minute: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many addresses an order would tell, by way."""

    called: int = 0
    """Numbers that are called, without the `unwanted`."""
    unwanted: int = 0
    """Numbers of the list of those whom the hotline does not call by itself."""
    messages: int = 0
    letters: int = 0
    silent: int = 0
    """Addresses that none of its ways reaches, such as a landline of an order that only writes."""

    @property
    def total(self) -> int:
        return self.called + self.messages + self.letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The reach of an order, with its time and price, each number being called once.

    Who is not reached is called again, which nobody can foresee.
    """

    reach: Reach
    sms_parts: int
    a_call: timedelta
    at_once: int
    """Calls that go on at the same time; 0: the hotline places none."""
    prices: Prices

    @property
    def all_parts(self) -> int:
        return self.reach.messages * self.sms_parts

    @property
    def calling(self) -> timedelta | None:
        """How long the calls take, without nights; None where none are placed."""
        return ceil(self.reach.called / self.at_once) * self.a_call if self.at_once else None

    @property
    def sms_cost(self) -> Decimal | None:
        return _rounded(self.prices.sms_part, self.all_parts)

    @property
    def call_cost(self) -> Decimal | None:
        """The price of all calls where everybody answers at the first ring."""
        return _rounded(self.prices.call_minute, self.reach.called * self.a_call / timedelta(minutes=1))

    @property
    def cost(self) -> Decimal | None:
        """The price of it all; None where a price that it needs is not set."""
        placed = self.reach.called if self.at_once else 0
        parts = (self.call_cost, placed), (self.sms_cost, self.reach.messages)
        costs = [cost for cost, wanted in parts if wanted]
        return None if None in costs else sum((one for one in costs if one is not None), Decimal(0))


def written_by(order: NewOrder, address: str, sms: Sequence[str]) -> Channel | None:
    """Give the way in which the order is written to this number or e-mail address; None for none.

    `sms` are the beginnings of the numbers to which the city sends short messages.
    """
    if "@" in address:
        return Channel.EMAIL if Way.EMAIL in order.ways else None
    return Channel.SMS if Way.SMS in order.ways and gets_sms(address, sms) else None


def reach_of(
    order: NewOrder,
    addresses: Collection[str],
    *,
    unwanted: Collection[str],
    sms: Sequence[str],
) -> Reach:
    """Count who of these addresses is told; an emergency calls the `unwanted`, too."""
    numbers = [one for one in addresses if "@" not in one]
    calls = set(numbers) if Way.CALL in order.ways else set()
    spared = set() if order.exempt else calls & set(unwanted)
    written = {one: written_by(order, one, sms) for one in addresses}
    messages = {one for one, channel in written.items() if channel is Channel.SMS}
    letters = {one for one, channel in written.items() if channel is Channel.EMAIL}
    return Reach(
        called=len(calls - spared),
        unwanted=len(spared),
        messages=len(messages),
        letters=len(letters),
        silent=len(set(addresses) - calls - messages - letters),
    )


def estimate(
    order: NewOrder, reach: Reach, *, at_once: int, prices: Prices, spoken: timedelta | None = None
) -> Estimate:
    """Work out time and price; `spoken`: how long a recorded voice takes, where there is one."""
    read = spoken or timedelta(seconds=ceil(len(order.text) / _LETTERS_A_SECOND))
    return Estimate(
        reach=reach,
        sms_parts=sms_parts(order.short),
        a_call=read + AROUND_A_CALL,
        at_once=at_once,
        prices=prices,
    )


def _rounded(price: Decimal | None, number: float) -> Decimal | None:
    return None if price is None else (price * Decimal(number)).quantize(_KOPIYKA, ROUND_HALF_UP)
