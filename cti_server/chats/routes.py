"""Routes of chats."""

from aiohttp import web

from cti_server.chats import dispatcher, hearing, link, resident
from cti_server.chats.sources import CHATS, ChatSources


def add_chats(app: web.Application, sources: ChatSources) -> None:
    """Add the residents' page with its stream, and the dispatchers' pages."""
    app[CHATS] = sources
    app.on_shutdown.append(_end_streams)
    app.router.add_get(hearing.PATH, hearing.page)
    app.router.add_get(resident.PATH, resident.page)
    app.router.add_post(resident.PATH, resident.write)
    app.router.add_post(f"{resident.PATH}/begin", resident.begin)
    app.router.add_post(f"{resident.PATH}/photo", resident.add_photo)
    app.router.add_post(f"{resident.PATH}/leave", resident.leave)
    app.router.add_get(f"{resident.PATH}/news", resident.news)
    app.router.add_get(link.PATH + "/{code}", link.page)
    app.router.add_post(link.PATH + "/{code}", link.opened)
    app.router.add_get(dispatcher.PATH, dispatcher.page)
    app.router.add_post(f"{dispatcher.PATH}/code", dispatcher.by_code)
    one = dispatcher.PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, dispatcher.one)
    app.router.add_post(f"{one}/act", dispatcher.act)
    app.router.add_post(f"{one}/reply", dispatcher.reply)
    app.router.add_post(f"{one}/interpreter", dispatcher.interpreter)
    app.router.add_post(f"{one}/relay", dispatcher.relay)
    app.router.add_get(f"{one}/photos/{{line:\\d{{1,9}}}}", dispatcher.photo)
    app.router.add_post(f"{one}/photos", dispatcher.give_photos)


async def _end_streams(app: web.Application) -> None:
    for one in app[CHATS].watched.values():
        one.end()
