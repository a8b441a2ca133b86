"""A desk whose account may no longer answer there: it goes off duty, and its telephone is signed out."""

from contextlib import suppress
from datetime import datetime

from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import ForbiddenTransition
from hotline.line.line import Dispatchers
from hotline.line.phones import new_secret
from hotline.line.presence_states import Presence


def answered_at(user: User) -> int | None:
    """Return the desk at which the account answers calls."""
    return user.dispatcher_id if user.active and user.may(Permission.ANSWER_CALLS) else None


async def take_off_duty(dispatchers: Dispatchers, before: User, after: User, now: datetime) -> None:
    """Take the desk off duty that the account has left by a change; in a talk, when the talk is over.

    Its telephone gets another password: who has left may know the old one.
    """
    left = answered_at(before)
    if left is not None and left != answered_at(after):
        with suppress(ForbiddenTransition):
            await dispatchers.set_presence(left, Presence.AWAY, now)
        await dispatchers.renew_secret(left, new_secret())
