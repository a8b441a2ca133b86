"""The words of the city's page."""

from collections.abc import Mapping
from datetime import timedelta

from cti_server.frame.language import N_
from cti_server.frame.numbers import percent, tenths
from cti_server.frame.words import MOST_AREAS, OUTAGE_KINDS, UTILITIES
from hotline.city.area_notation import area_text
from hotline.shares import share

MAP_PUT = N_("The map is shown from now on; shapes: %(number)s.")
MAP_UNKNOWN = N_("The register of addresses does not know: %(names)s.")
MAP_REFUSED = (
    N_("This is no GeoJSON file."),
    N_("The coordinates are no degrees of longitude and latitude (WGS 84): export the file in EPSG:4326."),
    N_("No shape has the name of a street or quarter: see docs/operations.md for the names of properties."),
    N_("The map has more than 20,000 shapes or 150,000 points: simplify it, or leave houses out."),
)
"""The sentences of `hotline.city.geojson`, as the catalogue knows them."""


def days(number: float, language: str) -> str:
    """Write days with one digit behind the language's own decimal sign at most."""
    return tenths(language, number).removesuffix(",0").removesuffix(".0")


def waited(time: timedelta) -> str:
    """Write a wait as minutes and seconds, as the browser goes on counting it."""
    minutes, seconds = divmod(max(0, int(time.total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"


CONTEXT: Mapping[str, object] = {
    "UTILITIES": UTILITIES,
    "OUTAGE_KINDS": OUTAGE_KINDS,
    "MOST_AREAS": MOST_AREAS,
    "area_text": area_text,
    "percent": percent,
    "share": share,
    "waited": waited,
    "in_days": days,
}
