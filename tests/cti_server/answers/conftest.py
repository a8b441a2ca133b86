"""The same city and application as the pages of notices have."""

from tests.cti_server.notices.conftest import app, city

__all__ = ["app", "city"]
