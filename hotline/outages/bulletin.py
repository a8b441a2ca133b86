"""The bulletin: what everybody may read at one moment. Nothing in it is about any citizen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hotline.city.addresses import Address, Area
from hotline.informing.orders import InformingOrder
from hotline.outages.outage import Outage, OutageEntry, concerning


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutage:
    """One outage as published. `ends_before` are the expected ends published earlier, the first first."""

    outage: Outage
    changed_at: datetime
    ends_before: tuple[datetime | None, ...] = ()
    executor: str = ""
    """Short name of the enterprise."""
    overdue: bool = False
    """Its expected end is past, and it is not over."""
    versions: tuple[tuple[int, datetime], ...] = ()
    """Each version with its moment, the first first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOrder:
    """An order as the public reads it: without the people whom it calls or writes to."""

    id: int
    number: str
    dated: date
    issued_by: str
    subject: str
    text: str
    areas: tuple[Area, ...]
    """Empty: the whole city."""
    since: datetime
    until: datetime | None
    changed_at: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """Outages now, coming, and over within a day; `drawn_at` is the hour of the timeline."""

    drawn_at: datetime
    now: tuple[PublishedOutage, ...] = ()
    coming: tuple[PublishedOutage, ...] = ()
    over: tuple[PublishedOutage, ...] = ()
    orders: tuple[ToldOrder, ...] = ()
    stopped: tuple[ToldOrder, ...] = ()
    """Orders that were told until somebody stopped them, within OVER_FOR before."""

    @property
    def all(self) -> tuple[PublishedOutage, ...]:
        return (*self.now, *self.coming, *self.over)

    @property
    def changed_at(self) -> datetime | None:
        """When somebody last did something with one of them, or an order began or was stopped."""
        outages = [one.changed_at for one in self.all]
        return max([*outages, *(one.changed_at for one in (*self.orders, *self.stopped))], default=None)

    def concerning(self, address: Address) -> "Bulletin":
        """Leave what concerns somebody at this address."""
        concerned = concerning([address], [told.outage for told in self.all])
        orders = [
            one for one in self.orders if not one.areas or any(area.covers(address) for area in one.areas)
        ]
        return replace(self.only(*(one.id for one in concerned)), orders=tuple(orders))

    def only(self, *outage_ids: int) -> "Bulletin":
        """Leave these."""

        def left(all_told: Sequence[PublishedOutage]) -> tuple[PublishedOutage, ...]:
            return tuple(told for told in all_told if told.outage.id in outage_ids)

        return replace(self, now=left(self.now), coming=left(self.coming), over=left(self.over))

    def find(self, outage_id: int) -> PublishedOutage | None:
        return next((one for one in self.all if one.outage.id == outage_id), None)


def told_of(outage: Outage, history: Sequence[OutageEntry], executor: str, at: datetime) -> PublishedOutage:
    """Tell of an outage what its history says: when it last changed, which ends were told before."""
    ends: list[datetime | None] = []
    for entry in history:
        end = _moment(entry.facts.get("expected_end"))
        if not ends or ends[-1] != end:
            ends.append(end)
    return PublishedOutage(
        outage=outage,
        changed_at=history[-1].at if history else outage.entered_at,
        ends_before=tuple(ends[:-1]),
        executor=executor,
        versions=tuple((entry.version, entry.at) for entry in history),
        overdue=not outage.over and outage.expected_end is not None and outage.expected_end < at,
    )


def bulletin_of(
    outages: Sequence[Outage],
    histories: Mapping[int, Sequence[OutageEntry]],
    executors: Mapping[int, str],
    at: datetime,
    orders: Sequence[InformingOrder] = (),
    *,
    stopped: Sequence[InformingOrder] = (),
) -> Bulletin:
    """Make the bulletin of this moment; outages keep their order."""
    all_told = [
        told_of(one, histories.get(one.id, ()), executors.get(one.executor_id or 0, ""), at)
        for one in outages
    ]
    begun = [one for one in all_told if not one.outage.over and one.outage.starts_at <= at]
    return Bulletin(
        drawn_at=at.replace(minute=0, second=0, microsecond=0),
        now=tuple(begun),
        coming=tuple(one for one in all_told if not one.outage.over and one.outage.starts_at > at),
        over=tuple(one for one in all_told if one.outage.over),
        orders=tuple(map(_order, orders)),
        stopped=tuple(map(_order, stopped)),
    )


def _order(order: InformingOrder) -> ToldOrder:
    return ToldOrder(
        id=order.id,
        number=order.number,
        dated=order.dated,
        issued_by=order.issued_by,
        subject=order.subject,
        text=order.text,
        areas=order.audience.areas,
        since=order.starts_at,
        until=order.until,
        changed_at=order.changed_at,
        stopped_at=order.stopped_at,
    )


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
