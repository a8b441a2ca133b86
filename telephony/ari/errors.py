"""What can go wrong between us and Asterisk's REST interface."""

from hotline.errors import CallGone, TelephonyError


class AriUnavailable(TelephonyError):  # noqa: N818 - says what is the matter
    """Asterisk cannot be reached; the connection is being made anew."""

    code = "ari-unavailable"
    retriable = True


class AriRefused(TelephonyError):  # noqa: N818 - says what happened
    """Asterisk refused an action."""

    code = "ari-refused"


class NotThere(CallGone):
    """The channel, bridge, playback or object that an action names does not exist (any more)."""


def raise_for(status: int, action: str, reason: str) -> None:
    """Turn an HTTP status of ARI into our errors; 2xx passes."""
    if status < 300:  # noqa: PLR2004 - HTTP's own limit
        return
    if status in {404, 409, 412} or "Channel not found" in reason:  # a bridge answers 400 with that
        raise NotThere(f"{action}: {status} {reason}")
    raise AriRefused(f"{action}: {status} {reason}")
