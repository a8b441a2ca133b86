"""The names under which the pages answer, from the settings."""

import pytest

from hotline.errors import SettingsError
from service.settings.settings import read_settings

SECRETS = {"HOTLINE_ARI_SECRET": "a", "HOTLINE_AMI_SECRET": "b"}
PUBLIC = {"HOTLINE_PUBLIC_URL": "https://Hotline.city.example:8443"}


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ({"HOTLINE_DEMO": "0", **PUBLIC}, ["hotline.city.example"]),
        (
            {"HOTLINE_DEMO": "0", **PUBLIC, "HOTLINE_HOSTS": "Desk.local, 10.0.0.5"},
            ["hotline.city.example", "desk.local", "10.0.0.5"],
        ),
        ({"HOTLINE_DEMO": "0"}, []),
        (PUBLIC, []),
    ],
)
def test_production_with_a_public_address_answers_to_its_names_only(
    given: dict[str, str], hosts: list[str]
) -> None:
    assert list(read_settings(SECRETS | given).hosts) == hosts


def test_networks_that_are_none_are_named_with_the_mend() -> None:
    with pytest.raises(
        SettingsError, match=r"HOTLINE_TRUSTED_PROXIES: .*10\.0\.0\.5/8.*Give networks such as"
    ):
        read_settings(SECRETS | {"HOTLINE_TRUSTED_PROXIES": "10.0.0.5/8"})
