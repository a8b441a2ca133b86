"""Why an Open311 request is not done: the standard knows 400, 403 and 404, each with a description."""

from hotline.errors import HotlineError


class Malformed(HotlineError):  # noqa: N818 - reads as what it is
    """Something that was sent is missing, or cannot be what it is meant to be: 400."""

    code = "open311-malformed"


class KeyRefused(HotlineError):  # noqa: N818 - reads as what happened
    """The api_key is missing, opens nothing, or is not for this: 403."""

    code = "open311-key"


class NotKnown(HotlineError):  # noqa: N818 - reads as what it is
    """A service, a request, a token or a jurisdiction that is not known here: 404."""

    code = "open311-unknown"
