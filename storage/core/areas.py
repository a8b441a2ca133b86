"""Areas of the city as they are kept in a JSON column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from hotline.city.addresses import Area, Side


def areas_as_json(areas: Iterable[Area]) -> list[dict[str, Any]]:
    return [asdict(one) for one in areas]


def areas_of_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Area, ...]:
    """Rows written before sides of streets existed get BOTH."""
    return tuple(Area(**{**one, "side": Side(one.get("side", Side.BOTH))}) for one in kept)
