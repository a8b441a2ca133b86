"""The enterprise of the signed-in user."""

from aiohttp import web

from cti_server.keys import USER


def enterprise_of(request: web.Request) -> int:
    """Return the signed-in user's enterprise; WORK_ON_APPEALS is allowed to nobody without one."""
    executor_id = request[USER].executor_id
    if executor_id is None:
        raise web.HTTPForbidden
    return executor_id
