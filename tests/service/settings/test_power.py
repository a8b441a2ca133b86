"""Settings of telling ahead of the power."""

import pytest

from hotline.city.city_rules import QUIET_AT_NIGHT
from hotline.errors import SettingsError
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}


def test_the_city_decides_when_nobody_is_told_who_chose_no_hours() -> None:
    assert read_settings(SECRETS).city.power_quiet == QUIET_AT_NIGHT
    assert read_settings(SECRETS | {"HOTLINE_POWER_QUIET_HOURS": "23-6"}).city.power_quiet == (23, 6)


@pytest.mark.parametrize("wrong", ["", "22", "22:00-07:00", "22-24", "7-7"])
def test_hours_that_are_none_are_named_with_the_mend(wrong: str) -> None:
    with pytest.raises(SettingsError, match="HOTLINE_POWER_QUIET_HOURS"):
        read_settings(SECRETS | {"HOTLINE_POWER_QUIET_HOURS": wrong})
