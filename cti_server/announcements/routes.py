"""Routes of announcements."""

from aiohttp import web

from cti_server.announcements import messages, phrases, recording, switching
from cti_server.announcements.sources import ANNOUNCING, Announcing
from cti_server.announcements.words import PATH, PHRASES


def add_announcements(app: web.Application, sources: Announcing) -> None:
    """Add the message to the whole city, and the page of all that the hotline says."""
    app[ANNOUNCING] = sources
    one = PATH + r"/{id:\d{1,9}}"
    phrase = PHRASES + r"/{name:[a-z0-9-]{1,80}}"
    spoken = phrase + r"/{language:\w{2,3}}"
    app.router.add_get(PATH, messages.page)
    app.router.add_get(f"{PATH}/new", messages.new_page)
    app.router.add_post(f"{PATH}/new", messages.enter)
    app.router.add_post(f"{PATH}/off", switching.switch_off)
    app.router.add_get(one, messages.edit_page)
    app.router.add_post(one, messages.amend)
    app.router.add_post(f"{one}/on", switching.switch_on)
    app.router.add_post(f"{one}/remove", switching.remove)
    app.router.add_get(PHRASES, phrases.page)
    app.router.add_get(phrase, phrases.one)
    app.router.add_get(f"{spoken}.wav", phrases.sound)
    app.router.add_get(f"{spoken}/recording.wav", phrases.recorded)
    app.router.add_post(f"{spoken}/recording", recording.bring)
    app.router.add_post(f"{spoken}/confirm", recording.confirm)
    app.router.add_post(f"{spoken}/take-back", recording.take_back)
