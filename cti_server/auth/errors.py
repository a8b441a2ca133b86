"""Why a request is not served."""

from collections.abc import Sequence
from datetime import datetime

from hotline.access.scopes import Scope
from hotline.errors import HotlineError


class SignInNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """Nobody is signed in in this browser."""

    code = "sign-in-needed"


class Unsettled(HotlineError):  # noqa: N818 - reads as what is so
    """The user has a password that somebody else gave, or no one-time code though their role needs one."""

    code = "unsettled"


class Forbidden(HotlineError):  # noqa: N818 - reads as what happened
    """The user's role does not allow this."""

    code = "forbidden"


class ScopeNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """The token's role may do this, and the token was given another scope; any of `scopes` would do."""

    code = "scope-needed"

    def __init__(self, message: str, scopes: Sequence[Scope]) -> None:
        super().__init__(message)
        self.scopes = scopes


class DemoAccount(HotlineError):  # noqa: N818 - reads as what it is
    """A demo account, whose password a file and a terminal show, is asked for from another machine."""

    code = "demo-account"


class ForeignRequest(HotlineError):  # noqa: N818 - reads as what it is
    """The request comes from another site, or from a page of ours that is out of date."""

    code = "foreign-request"


class WrongHost(HotlineError):  # noqa: N818 - reads as what is the matter
    """The request names a host that is none of ours."""

    code = "wrong-host"


class TooManyTogether(HotlineError):  # noqa: N818 - reads as what happened
    """Too many passwords are being looked at: one more would wait too long."""

    code = "too-many-together"
    after = 5
    """Seconds after which to try again."""


class TokenNeeded(HotlineError):  # noqa: N818 - reads as what is missing
    """The program sent no token that is valid."""

    code = "token-needed"


class TooManyRequests(HotlineError):  # noqa: N818 - reads as what happened
    """The token asks more than it may; `after` says in how many seconds it may again."""

    code = "too-many-requests"

    def __init__(self, after: int) -> None:
        super().__init__(f"The next request is possible in {after} s.")
        self.after = after


class TooManyAttempts(HotlineError):  # noqa: N818 - reads as what happened
    """Too many wrong passwords; `not_before` says when the next may be tried."""

    code = "too-many-attempts"

    def __init__(self, not_before: datetime) -> None:
        super().__init__(f"The next attempt is possible at {not_before:%H:%M:%S} UTC.")
        self.not_before = not_before
