"""What a database can refuse that callers can do something about."""

from hotline.errors import HotlineError


class AlreadyTaken(HotlineError):  # noqa: N818 - reads as what happened
    """The number or extension is in use already; choose another."""

    code = "already-taken"
