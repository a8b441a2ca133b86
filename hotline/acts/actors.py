"""Who acts on an appeal: the part one plays in it, which is not always the account one signed in with."""

from dataclasses import dataclass
from enum import StrEnum

from hotline.errors import HotlineError
from hotline.users import Role, User


class NotYours(HotlineError):  # noqa: N818 - reads as what happened
    """The act is another's to do, or the appeal is another enterprise's."""

    code = "not-yours"


class Part(StrEnum):
    """In whose right something is done."""

    APPLICANT = "applicant"
    DISPATCHER = "dispatcher"
    HEAD = "head"
    EXECUTOR = "executor"
    SERVICE = "service"
    """The product by itself: rules, clocks, automatic calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts. For an applicant `user_id` is whoever took down what they said, if anybody did."""

    part: Part
    user_id: int | None = None
    executor_id: int | None = None
    source: str = ""
    """How an applicant's word came: `call:ID`, `survey:ID`, `sms:ID`, `link:ID`, `letter:…`; never empty
    for them, so that one can check it."""


SERVICE = Actor(part=Part.SERVICE)
_PARTS = {Role.DISPATCHER: Part.DISPATCHER, Role.HEAD: Part.HEAD, Role.EXECUTOR: Part.EXECUTOR}


def acting(user: User) -> Actor:
    """Give the part that the user plays by their role; raises NotYours for one who only looks on."""
    part = _PARTS.get(user.role)
    if part is None or (part is Part.EXECUTOR and user.executor_id is None):
        raise NotYours(f"{user.login} may look at appeals, not act on them.")
    return Actor(part=part, user_id=user.id, executor_id=user.executor_id if part is Part.EXECUTOR else None)


def applicant(source: str, *, taken_down_by: User | None = None) -> Actor:
    """Give the applicant, whose word came by `source` and was taken down by a user, if by one."""
    return Actor(part=Part.APPLICANT, source=source, user_id=taken_down_by.id if taken_down_by else None)
