"""Every error this product raises on purpose, each with a code that logs, pages and tests share."""

from typing import ClassVar


class HotlineError(Exception):
    """Something went wrong that we foresaw; `code` names it, the message says what to do.

    What people read is given as `text` with `%(name)s` for each of its `values`: pages translate it.
    """

    code: ClassVar[str] = "hotline"

    def __init__(self, text: str = "", **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text = text
        self.values = values


class TelephonyError(HotlineError):
    """Asterisk refused or did not answer; `retriable` says whether trying again can help."""

    code = "telephony"
    retriable: ClassVar[bool] = False


class CallGone(TelephonyError):  # noqa: N818 - the trade speaks of a call that is gone
    """The caller's channel no longer exists: they hung up, or the network did it for them."""

    code = "call-gone"


class SettingsError(HotlineError):
    """The machine's settings cannot be used; the message names the variable and the mend."""

    code = "settings"


class AnotherService(HotlineError):  # noqa: N818 - reads as what is the matter
    """A service runs already on this state or database: a second one would end its calls."""

    code = "another-service"

    def __init__(self, where: str) -> None:
        super().__init__(
            "Гаряча лінія вже працює (%(where)s): зупиніть ту службу, перш ніж запускати іншу.\n"
            "The hotline is running already (%(where)s): stop that service before starting another.",
            where=where,
        )


class NotFound(HotlineError):  # noqa: N818 - reads as what happened
    """No record has this id or number."""

    code = "not-found"


class ForbiddenTransition(HotlineError):  # noqa: N818 - reads as what happened
    """A state was asked to become one that its table of transitions does not allow."""

    code = "forbidden-transition"


class NoDesk(NotFound):
    """A dispatcher's account that has no desk yet: the head chooses one for it on the users' page."""

    code = "no-desk"


class NoPhone(ForbiddenTransition):
    """A dispatcher without a phone that can ring wants to be ready: the microphone or a desk phone first."""

    code = "no-phone"


class Engaged(ForbiddenTransition):
    """A dispatcher who has a caller already tried to take another: end that call first."""

    code = "engaged"


class OffDuty(ForbiddenTransition):
    """A dispatcher who is away tried to take a caller: become ready first."""

    code = "off-duty"


class NotRecorded(ForbiddenTransition):
    """A pause was asked for where no talk is being recorded: it is over, or the citizen refused."""

    code = "not-recorded"


class Outdated(HotlineError):  # noqa: N818 - reads as what happened
    """Somebody changed the record meanwhile: read it again, and decide anew."""

    code = "outdated"


class AlreadyTaken(HotlineError):  # noqa: N818 - reads as what happened
    """The number, login or desk is in use already; choose another."""

    code = "already-taken"
