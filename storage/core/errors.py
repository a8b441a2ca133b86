"""What a database can refuse that callers can do something about."""

from hotline.errors import AlreadyTaken

__all__ = ["AlreadyTaken"]
