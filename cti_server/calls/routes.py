"""Routes of past calls."""

from aiohttp import web

from cti_server.calls import call, listing, missed, scheduled, sound, spoken
from cti_server.calls.filters import VIEWS
from cti_server.calls.owed import VIEWS as OWED_VIEWS
from cti_server.calls.sources import PAST_CALLS, PastCalls
from cti_server.frame.export import route
from cti_server.frame.views import add_views


def add_past_calls(app: web.Application, past_calls: PastCalls) -> None:
    """Add the list, the call's own page, its sound, and the list of those to call back."""
    app[PAST_CALLS] = past_calls
    app.router.add_get("/calls", listing.page)
    app.router.add_get(route("/calls"), listing.export)
    add_views(app, VIEWS)
    app.router.add_get("/calls/missed", missed.page)
    app.router.add_get(route("/calls/missed"), missed.export)
    add_views(app, OWED_VIEWS)
    app.router.add_get("/calls/scheduled/new", scheduled.form)
    app.router.add_post("/calls/scheduled/new", scheduled.arrange)
    app.router.add_post("/calls/scheduled/{reference}/move", scheduled.move)
    app.router.add_post("/calls/scheduled/{reference}/close", scheduled.close)
    one = "/calls/{call}"
    app.router.add_post(f"{one}/callback", missed.tried)
    app.router.add_post(f"{one}/callback/claim", missed.claim)
    app.router.add_post(f"{one}/callback/release", missed.release)
    app.router.add_get(one, call.page)
    app.router.add_post(f"{one}/notes", call.add_note)
    app.router.add_get(f"{one}/recordings/{{id}}/sound", sound.recording)
    app.router.add_get(f"{one}/recordings/{{id}}.json", sound.recording_shape)
    app.router.add_get(f"{one}/recordings/{{id}}/download", sound.recording_download)
    app.router.add_get(f"{one}/messages/{{id}}.wav", sound.message)
    app.router.add_get(f"{one}/messages/{{id}}.json", sound.message_shape)
    app.router.add_get(f"{one}/messages/{{id}}/download", sound.message_download)
    app.router.add_post(f"{one}/messages/{{id}}/heard", call.message_heard)
    app.router.add_post(f"{one}/messages/{{id}}/transcript", call.correct_transcript)
    app.router.add_get(f"{one}/messages/{{id}}/transcript", spoken.of_message)
    app.router.add_get(f"{one}/messages/{{id}}/unmasked", sound.message_unmasked)
    app.router.add_get(f"{one}/recordings/{{id}}/transcript", spoken.of_recording)
    app.router.add_get(f"{one}/recordings/{{id}}/unmasked", sound.recording_unmasked)
    app.router.add_post(f"{one}/recordings/{{id}}/transcript/{{speaker}}", call.correct_transcript)
