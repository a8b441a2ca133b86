"""Routes of tasks."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.frame.views import add_views
from cti_server.tasks import acting, card, directives, files, giving, listing
from cti_server.tasks.filters import PATH, VIEWS
from cti_server.tasks.sources import TASKS, TaskSources


def add_tasks(app: web.Application, sources: TaskSources) -> None:
    """Add the list, the page of each task with its acts, and the forms of giving and changing."""
    app[TASKS] = sources
    app.router.add_get(PATH, listing.page)
    app.router.add_get(route(PATH), listing.export)
    add_views(app, VIEWS)
    app.router.add_get(f"{PATH}/new", giving.new)
    app.router.add_post(f"{PATH}/new", giving.give)
    app.router.add_get(directives.PATH, directives.listing)
    app.router.add_post(directives.PATH, directives.enter)
    order = directives.PATH + r"/{id:\d{1,9}}"
    app.router.add_get(order, directives.page)
    app.router.add_post(f"{order}/files", files.bring_to_order)
    app.router.add_get(order + r"/files/{file:\d{1,18}}", files.of_order)
    app.router.add_get(order + r"/files/{file:\d{1,18}}/preview", files.small_of_order)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, card.page)
    app.router.add_get(f"{one}/change", giving.form)
    app.router.add_post(f"{one}/change", giving.change)
    app.router.add_post(f"{one}/files", files.bring_to_task)
    app.router.add_get(one + r"/files/{file:\d{1,18}}", files.of_task)
    app.router.add_get(one + r"/files/{file:\d{1,18}}/preview", files.small_of_task)
    app.router.add_post(f"{one}/{{act}}", acting.act)
