"""Actors on an appeal: the role in which somebody acts, which is not always the role of their account."""

from dataclasses import dataclass, replace
from enum import StrEnum

from hotline.access.permissions import Role
from hotline.access.tokens import Token
from hotline.access.users import User
from hotline.errors import HotlineError


class NotYours(HotlineError):  # noqa: N818 - reads as what happened
    """The act is another's to do, or the appeal is another enterprise's."""

    code = "not-yours"


class ActorRole(StrEnum):
    """The role in which somebody acts on an appeal."""

    APPLICANT = "applicant"
    DISPATCHER = "dispatcher"
    HEAD = "head"
    EXECUTOR = "executor"
    SERVICE = "service"
    """The product by itself: rules, clocks, automatic calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor. For an applicant, `user_id` is the user who took down their word, if any."""

    part: ActorRole
    user_id: int | None = None
    executor_id: int | None = None
    source: str = ""
    """How the act came, so that one can check it: an applicant's word by `call:ID`, `chat:ID`, `survey:ID`,
    `sms:ID`, `link:ID`, `program:…`, `letter:…` (never empty for them), what a program does by `token:ID`."""


SERVICE = Actor(part=ActorRole.SERVICE)
_PARTS = {Role.DISPATCHER: ActorRole.DISPATCHER, Role.HEAD: ActorRole.HEAD, Role.EXECUTOR: ActorRole.EXECUTOR}


def acting(user: User) -> Actor:
    """Give the part that the user plays by their role; raises NotYours for one who only looks on."""
    return _actor(user.acts_as, user.id, user.executor_id, user.login)


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
    """Return the applicant as an actor; `source`: how their word came, `taken_down_by`: who took it down."""
    return Actor(part=ActorRole.APPLICANT, source=source, user_id=taken_down_by.id if taken_down_by else None)
