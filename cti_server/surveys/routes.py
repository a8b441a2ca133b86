"""Routes of surveys."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.surveys import forms, results, trying
from cti_server.surveys.sources import SURVEYS, SurveySources


def add_surveys(app: web.Application, sources: SurveySources) -> None:
    """Add the results with their lists and export, the versions of the questions, and trying them out."""
    app[SURVEYS] = sources
    app.router.add_get(results.PATH, results.page)
    app.router.add_get(f"{results.PATH}/list", results.listed)
    app.router.add_get(route(results.PATH), results.export)
    app.router.add_get(forms.PATH, forms.page)
    app.router.add_get(f"{forms.PATH}/edit", forms.edit_page)
    app.router.add_post(f"{forms.PATH}/edit", forms.submit)
    app.router.add_post(f"{forms.PATH}/trials", trying.call)
    app.router.add_get(forms.PATH + r"/trials/{id:\d{1,12}}", trying.trial)
