"""Routes of files of appeals: the city's people and the enterprises have addresses of their own."""

from aiohttp import web

from cti_server.appeals.files import serving
from cti_server.appeals.files.sources import EVIDENCE, Evidence

CITY = "/appeals/files"
ENTERPRISE = "/enterprise/files"


def add_evidence(app: web.Application, evidence: Evidence) -> None:
    """Add the files of appeals; pages show them by `appeals/files/files.html.jinja2`."""
    app[EVIDENCE] = evidence
    one = r"/{id:\d{1,18}}"
    app.router.add_get(CITY + one, serving.file)
    app.router.add_get(CITY + one + "/preview", serving.preview)
    app.router.add_get(ENTERPRISE + one, serving.own_file)
    app.router.add_get(ENTERPRISE + one + "/preview", serving.own_preview)
