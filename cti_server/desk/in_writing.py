"""A dispatcher has a talk go on in writing: the caller is sent a link, and the chat comes to them."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.parts import part
from cti_server.desk.sources import DESK
from cti_server.desk.story import find_story
from cti_server.frame.language import language_of
from cti_server.frame.pages import PAGES
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.errors import NoDesk, NotFound


@allowed(Permission.ANSWER_CALLS)
async def in_writing(request: web.Request) -> web.Response:
    """Send the link, once a call. Raises NotFound for who does not talk here, or gets no message."""
    sources, call_id, user = request.app[DESK].sources, request.match_info["call"], request[USER]
    if user.dispatcher_id is None:
        raise NoDesk(f"User {user.id} has no desk.")
    record = await sources.calls.find(call_id)
    talks = call_id in await sources.line.engaging(user.dispatcher_id)
    if sources.links is None or record is None or record.number is None or not talks:
        raise NotFound(f"No link goes to the caller of {call_id}.")
    chat = await sources.links.send_for(user.id, call_id, record.number, record.language)
    if chat is not None:
        await audit(request, Action.CHANGE, f"chat:{chat.id}", "chat link sent")
    story = await find_story(sources, call_id)
    shown = {"story": story, "talking": True, "linked": chat}
    text = part(request.app[PAGES], language_of(request), "facts", **shown)
    return web.Response(text=text, content_type="text/html")
