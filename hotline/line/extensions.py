"""Extensions: what colleagues dial to reach one another, and which numbers can never be one."""

import re
from typing import ClassVar

from hotline.dialling.calling_out import EMERGENCY
from hotline.errors import HotlineError

_THREE_DIGITS = re.compile(r"[0-9]{3}")


class NotAnExtension(HotlineError):  # noqa: N818 - reads as what happened
    """Nobody can have this extension; the message says what to give."""

    code: ClassVar[str] = "not-an-extension"


def is_extension(typed: str) -> bool:
    """Whether the dialled digits are a colleague's extension; an emergency service's number never is."""
    return _THREE_DIGITS.fullmatch(typed) is not None and typed not in EMERGENCY


def require_extension(typed: str) -> str:
    """Give the extension back; raises NotAnExtension for what nobody may have."""
    if typed in EMERGENCY:
        raise NotAnExtension(
            f"{typed} is an emergency service's number: whoever dials it must reach the service. "
            "Give another extension, such as 201."
        )
    if not is_extension(typed):
        raise NotAnExtension(f"{typed!r} is no extension: give three digits, such as 201.")
    return typed
