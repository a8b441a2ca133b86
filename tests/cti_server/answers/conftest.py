"""The same city and application as the pages of notices have."""

from tests.cti_server.delivery.conftest import app, city

__all__ = ["app", "city"]
