"""Routes of the desk."""

from aiohttp import web

from cti_server.desk import called_for, directory, in_writing, missed, page, progressive, socket
from cti_server.desk.sources import DESK, Desk


def add_desk(app: web.Application, desk: Desk) -> None:
    """Add the desk's pages and its socket."""
    app[DESK] = desk
    app.router.add_get("/desk", page.shell)
    app.router.add_get("/desk/events", socket.events)
    app.router.add_get("/desk/directory", directory.directory)
    app.router.add_post("/desk/presence", page.presence)
    app.router.add_post("/desk/presence/longer", page.more_time)
    app.router.add_post("/desk/help", called_for.help_asked)
    app.router.add_post("/desk/threat", called_for.threat)
    app.router.add_post("/desk/line/{call}/pick", page.pick)
    app.router.add_post("/desk/missed/{call}", missed.tried)
    app.router.add_post("/desk/progressive", progressive.turn)
    app.router.add_post("/desk/progressive/skip", progressive.skip)
    app.router.add_get("/desk/calls/{call}/who", page.who)
    app.router.add_post("/desk/calls/{call}/recording", page.recording)
    app.router.add_post("/desk/calls/{call}/in-writing", in_writing.in_writing)
    app.router.add_post("/desk/calls/{call}/notes", page.notes)
    app.router.add_post("/desk/calls/{call}/done", page.done)
