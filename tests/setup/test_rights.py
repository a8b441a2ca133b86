"""The page of rights is the table that is walked."""

from tests.setup.drawings import page, script


def test_the_page_of_rights_is_current() -> None:
    there = page("rights")
    assert script("rights").drawn(there) == there, "run `python docs/rights.py`"
