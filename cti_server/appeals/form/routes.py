"""Routes of appeals."""

from aiohttp import web

from cti_server.appeals.form import amending, drafts, emergency, lookups, registration
from cti_server.appeals.form.sources import APPEALS, AppealSources


def add_appeals(app: web.Application, sources: AppealSources) -> None:
    """Add the form that registers an appeal, what it looks up while one types."""
    app[APPEALS] = sources
    app.router.add_get("/desk/appeals/new", registration.page)
    app.router.add_get("/desk/appeals/emergency", emergency.page)
    app.router.add_post("/desk/appeals", registration.register)
    app.router.add_post("/desk/appeals/move", registration.move)
    app.router.add_get("/desk/appeals/left", drafts.left)
    app.router.add_post("/desk/appeals/emergency", emergency.register)
    app.router.add_post("/desk/appeals/draft", drafts.save)
    app.router.add_post("/desk/appeals/proposals", lookups.proposals)
    app.router.add_post("/desk/appeals/discard", drafts.discard)
    app.router.add_get("/desk/appeals/benefits", lookups.benefits)
    app.router.add_get("/desk/appeals/categories", lookups.categories)
    app.router.add_get("/desk/appeals/asked", lookups.asked)
    app.router.add_get("/desk/appeals/addresses", lookups.addresses)
    app.router.add_get("/desk/appeals/people", lookups.people)
    app.router.add_get("/desk/appeals/similar", lookups.similar)
    app.router.add_get(r"/desk/appeals/{number:\d{1,12}}/amend", amending.page)
    app.router.add_post(r"/desk/appeals/{number:\d{1,12}}/amend", amending.amend)
