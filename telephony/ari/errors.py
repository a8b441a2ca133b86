"""Errors of Asterisk's REST interface."""

from hotline.errors import CallGone, TelephonyError


class AriUnavailable(TelephonyError):  # noqa: N818 - says what is the matter
    """Asterisk cannot be reached; the connection reconnects."""

    code = "ari-unavailable"
    retriable = True


class AsteriskEnds(AriUnavailable):
    """Asterisk is being shut down, and is connected with again when it is back."""


class AriRefused(TelephonyError):  # noqa: N818 - says what happened
    """Asterisk refused an action."""

    code = "ari-refused"


class NotThere(CallGone):
    """The channel, bridge, playback or object that an action names does not exist (any more)."""


_GONE = (
    *("Channel not found", "originator channel was not found"),
    *("Channel not in Stasis application", "Channel not in this bridge"),
)
"""Messages of Asterisk's 400 when a channel has just gone: in a bridge, and when a leg is rung for it. And of
its 422 when its dialplan has taken the caller back, since nobody had renewed the lease (a caller who returns
to the application is served anew), and when a channel has just left a bridge by itself."""


def raise_for(status: int, action: str, reason: str) -> None:
    """Turn an HTTP status of ARI into our errors; 2xx passes."""
    if status < 300:  # noqa: PLR2004 - HTTP's own limit
        return
    if status in {404, 409, 412} or any(said in reason for said in _GONE):
        raise NotThere(f"{action}: {status} {reason}")
    raise AriRefused(f"{action}: {status} {reason}")
