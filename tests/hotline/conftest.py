"""Rules are tried with the delivered documents; some on real storage, with a clock that stands still."""

import pytest

from hotline.city_data.kinds import HOLDERS
from tests.service.conftest import clock, storage

__all__ = ["clock", "storage"]


@pytest.fixture(autouse=True)
def _delivered_documents() -> None:
    """Documents hold for a whole process: none that another test has put into force holds here."""
    for one in HOLDERS.values():
        one.hold({})
