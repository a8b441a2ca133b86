"""Names of the rows of the line's report."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from cti_server.calls.counted import NOBODY, half_hour_text, topic_text
from cti_server.frame.language import N_
from hotline.city.city_days import EPOCH
from hotline.line.report import By, Key

BY: Mapping[By, str] = {
    By.HALF_HOUR: N_("By half-hours"),
    By.DAY: N_("By days"),
    By.DISPATCHER: N_("By dispatchers"),
    By.TOPIC: N_("By topics"),
}
FIRST: Mapping[By, str] = {
    By.HALF_HOUR: N_("Half-hour"),
    By.DAY: N_("Day"),
    By.DISPATCHER: N_("Dispatcher"),
    By.TOPIC: N_("Topic"),
}
"""Headings of the first column."""


def row_name(by: By, key: Key, names: Mapping[int, str], gettext: Callable[[str], str], language: str) -> str:
    """Name a row; `names` are those of the dispatchers."""
    match by, key:
        case By.HALF_HOUR, int():
            return half_hour_text(key)
        case By.DAY, int():
            return f"{EPOCH + timedelta(days=key):%d.%m.%Y}"
        case By.DISPATCHER, int():
            return names.get(key, str(key)) if key else gettext(NOBODY)
        case _:
            return topic_text(str(key), gettext, language)
