"""Routes of meetings."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.meetings import editing, invited, listing, minuting, page, printing
from cti_server.meetings.sources import MEETINGS, MeetingSources
from cti_server.meetings.words import PATH
from hotline.delivery.recipient_links import PAGES
from hotline.delivery.signed_links import TOKEN
from hotline.meetings.telling import INVITEE


def add_meetings(app: web.Application, sources: MeetingSources) -> None:
    """Add the list, one meeting with its form and minutes, and the page of an invitee's link."""
    app[MEETINGS] = sources
    app.router.add_get(PATH, listing.page)
    app.router.add_get(route(PATH), listing.export)
    app.router.add_post(PATH, editing.add)
    app.router.add_get(f"{PATH}/new", editing.new)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, page.page)
    app.router.add_post(one, editing.change)
    app.router.add_get(f"{one}/edit", editing.edit)
    app.router.add_post(f"{one}/call", page.call)
    app.router.add_post(f"{one}/call-off", page.call_off)
    app.router.add_post(f"{one}/answer", page.answer)
    app.router.add_get(f"{one}/minutes", minuting.page)
    app.router.add_post(f"{one}/minutes", minuting.save)
    app.router.add_get(f"{one}/minutes.pdf", printing.pdf)
    app.router.add_post(f"{one}/minutes/sign", minuting.sign)
    app.router.add_post(f"{one}/minutes/give-back", minuting.give_back)
    app.router.add_post(f"{one}/minutes/correct", minuting.correct)
    link = f"{PAGES[INVITEE]}/{{token:{TOKEN}}}"
    app.router.add_get(link, invited.page)
    app.router.add_post(link, invited.answer)
