"""Some rules are tried on real storage, with a clock that stands still, as the service's parts are."""

from tests.service.conftest import clock, storage

__all__ = ["clock", "storage"]
