"""The tables of settings in docs/operations.md are those of the code, and leave none out."""

from service.environment import settings_of
from service.settings.settings import Settings
from tests.setup.drawings import page, script


def test_the_tables_of_settings_are_current() -> None:
    there = page("operations")
    assert script("settings").drawn(there) == there, "run `python docs/settings.py`"


def test_each_setting_stands_in_one_table() -> None:
    documented = script("settings").documented(page("operations"))
    assert sorted(documented) == sorted(one.name for one in settings_of(Settings))
