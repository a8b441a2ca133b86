"""Homes of users, by what they may: sign-in, the brand in the header and an error lead there."""

from aiohttp import web

from hotline.access.permissions import Permission
from hotline.access.users import User

_HOMES = (
    (Permission.ANSWER_CALLS, "/desk"),
    (Permission.WORK_ON_APPEALS, "/enterprise"),
    (Permission.SEE_CONTROL, "/city"),
    (Permission.MANAGE_USERS, "/admin/users"),
)
"""A user's home: the first of these pages that exists and that they may use."""


def home_of(app: web.Application, user: User) -> str:
    """Return the user's home page."""
    homes = (path for permission, path in _HOMES if user.may(permission) and is_there(app, path))
    return next(homes, "/account")


def is_there(app: web.Application, path: str) -> bool:
    """Tell if the application serves this address."""
    return any(resource.canonical == path for resource in app.router.resources())
