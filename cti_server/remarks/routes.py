"""Where spoken remarks are heard."""

from aiohttp import web

from cti_server.remarks import sound
from cti_server.remarks.sources import REMARKS, RemarkSources


def add_remarks(app: web.Application, sources: RemarkSources) -> None:
    """Add their sound, for the city's people and for the executor."""
    app[REMARKS] = sources
    app.router.add_get(r"/appeals/{number:\d{1,12}}/remarks/{id}.wav", sound.of_appeal)
    app.router.add_get(r"/enterprise/{number:\d{1,12}}/remarks/{id}.wav", sound.of_work)
