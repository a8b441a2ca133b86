from datetime import timedelta

import pytest

from hotline.errors import SettingsError
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}


def test_the_city_decides_how_many_reports_within_how_long_are_an_alert() -> None:
    city = read_settings(SECRETS).city
    assert (city.reports_for_alert, city.reports_within) == (3, timedelta(minutes=30))
    own = {"HOTLINE_REPORTS_FOR_ALERT": "5", "HOTLINE_REPORTS_WITHIN_MINUTES": "10"}
    city = read_settings(SECRETS | own).city
    assert (city.reports_for_alert, city.reports_within) == (5, timedelta(minutes=10))


@pytest.mark.parametrize("wrong", ["1", "0", "багато"])
def test_nobody_raises_an_alert_alone(wrong: str) -> None:
    with pytest.raises(SettingsError, match="HOTLINE_REPORTS_FOR_ALERT"):
        read_settings(SECRETS | {"HOTLINE_REPORTS_FOR_ALERT": wrong})
