"""Who acts on an appeal: the part one plays in it, which is not always the account one signed in with."""

from dataclasses import dataclass, replace
from enum import StrEnum

from hotline.access.tokens import Token
from hotline.access.users import Role, User
from hotline.errors import HotlineError


class NotYours(HotlineError):  # noqa: N818 - reads as what happened
    """The act is another's to do, or the appeal is another enterprise's."""

    code = "not-yours"


class ActorRole(StrEnum):
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

    part: ActorRole
    user_id: int | None = None
    executor_id: int | None = None
    source: str = ""
    """How the act came, so that one can check it: an applicant's word by `call:ID`, `survey:ID`, `sms:ID`,
    `link:ID`, `letter:…` (never empty for them), what a program does by `token:ID`."""


SERVICE = Actor(part=ActorRole.SERVICE)
_PARTS = {Role.DISPATCHER: ActorRole.DISPATCHER, Role.HEAD: ActorRole.HEAD, Role.EXECUTOR: ActorRole.EXECUTOR}


def acting(user: User) -> Actor:
    """Give the part that the user plays by their role; raises NotYours for one who only looks on."""
    return _actor(user.role, user.id, user.executor_id, user.login)


def acting_by(token: Token) -> Actor:
    """Give the same for a program; `user_id` is who answers for it. Raises NotYours."""
    return replace(
        _actor(token.role, token.user_id, token.executor_id, token.name), source=f"token:{token.id}"
    )


def _actor(role: Role, user_id: int, executor_id: int | None, name: str) -> Actor:
    part = _PARTS.get(role)
    if part is None or (part is ActorRole.EXECUTOR and executor_id is None):
        raise NotYours(f"{name} may look at appeals, not act on them.")
    return Actor(part=part, user_id=user_id, executor_id=executor_id if part is ActorRole.EXECUTOR else None)


def applicant(source: str, *, taken_down_by: User | None = None) -> Actor:
    """Give the applicant, whose word came by `source` and was taken down by a user, if by one."""
    return Actor(part=ActorRole.APPLICANT, source=source, user_id=taken_down_by.id if taken_down_by else None)
