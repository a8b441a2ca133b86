"""The bulletin as JSON; docs/api.md describes the fields."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cti_server.outages.public.address_query import AddressOutages
from cti_server.outages.public.feed import Feed
from hotline.outages.bulletin import PublishedOutage, ToldOrder


def json_feed(feed: Feed) -> str:
    bulletin, address = feed.place.bulletin, feed.place.address
    return _written(
        {
            "changed_at": _moment(bulletin.changed_at),
            "address": {"street": address.street, "house": address.house} if address else None,
            "telephone": feed.number,
            "orders": [_order(feed, one) for one in bulletin.orders],
            "current": [_outage(feed, one) for one in bulletin.now],
            "planned": [_outage(feed, one) for one in bulletin.coming],
            "over": [_outage(feed, one) for one in bulletin.over],
        }
    )


def unknown(place: AddressOutages) -> str:
    """Say that there is no such address, and which streets may have been meant."""
    return _written({"error": "address-unknown", "streets": [one.name for one in place.alike]})


def _outage(feed: Feed, told: PublishedOutage) -> Mapping[str, Any]:
    outage = told.outage
    return {
        "id": outage.id,
        "version": outage.version,
        "url": feed.page(outage.id),
        "title": feed.words.title(outage),
        "utility": outage.utility.value,
        "kind": outage.kind.value,
        "where": feed.words.where(outage),
        "city_wide": outage.city_wide,
        "areas": [asdict(one) for one in outage.areas],
        "starts_at": _moment(outage.starts_at),
        "expected_end": _moment(outage.expected_end),
        "ends_before": [_moment(one) for one in told.ends_before],
        "overdue": told.overdue,
        "ended_at": _moment(outage.ended_at),
        "cancelled": outage.cancelled,
        "reason": outage.reason,
        "order": outage.order,
        "executor": told.executor,
        "changed_at": _moment(told.changed_at),
    }


def _order(feed: Feed, order: ToldOrder) -> Mapping[str, Any]:
    return {
        "id": order.id,
        "url": feed.order_page(order.id),
        "number": order.number,
        "dated": order.dated.isoformat(),
        "issued_by": order.issued_by,
        "subject": order.subject,
        "text": order.text,
        "where": feed.words.places(order.areas),
        "city_wide": not order.areas,
        "areas": [asdict(one) for one in order.areas],
        "since": _moment(order.since),
        "until": _moment(order.until),
        "changed_at": _moment(order.changed_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
