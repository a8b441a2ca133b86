"""Routes of quality."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.frame.views import add_views
from cti_server.quality import assessing, deciding, listing, own, people
from cti_server.quality.filters import PATH, VIEWS
from cti_server.quality.sources import QUALITY, QualitySources

_ID = r"{id:\d{1,9}}"
_DISPATCHER = r"{dispatcher:\d{1,9}}"


def add_quality(app: web.Application, sources: QualitySources) -> None:
    """Add the pages; the sound is played by those of past calls."""
    app[QUALITY] = sources
    app.router.add_get(PATH, listing.page)
    app.router.add_get(route(PATH), listing.export)
    add_views(app, VIEWS)
    app.router.add_get(own.PATH, own.page)
    app.router.add_get(f"{own.PATH}/{_ID}", own.one_talk)
    app.router.add_post(f"{own.PATH}/{_ID}/read", own.read)
    app.router.add_post(f"{own.PATH}/{_ID}/dispute", own.dispute)
    app.router.add_post(f"{own.PATH}/trial-calls", own.try_out)
    app.router.add_get(people.PATH, people.page)
    one = f"{people.PATH}/{_DISPATCHER}"
    app.router.add_get(one, people.person)
    app.router.add_post(f"{one}/notes", people.coach)
    app.router.add_post(f"{one}/trial-calls", people.try_out)
    app.router.add_post(one + r"/notes/{note:\d{1,9}}/review", people.review)
    talk = f"{PATH}/{_ID}"
    app.router.add_get(talk, assessing.page)
    app.router.add_post(f"{talk}/take", assessing.take)
    app.router.add_post(f"{talk}/give-back", assessing.give_back)
    app.router.add_post(f"{talk}/draft", assessing.save)
    app.router.add_post(f"{talk}/remarks", assessing.comment)
    app.router.add_post(talk + r"/remarks/{comment:\d{1,9}}/remove", assessing.remove_comment)
    app.router.add_post(f"{talk}/finish", assessing.finish)
    app.router.add_post(f"{talk}/skip", assessing.skip)
    app.router.add_post(f"{talk}/decide", deciding.decide)
