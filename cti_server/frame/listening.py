"""Listening to a typed text before callers hear it: in the voice, and the sentences, of a call.

    {{ listening.button("order", "text") }}

stands beside the field; a page whose sentences need more than one field answers with `heard` itself.
"""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web
from attrs import define, field

from cti_server.auth.access import Handler, allowed
from cti_server.auth.errors import TooManyRequests
from cti_server.auth.gate import read_form
from cti_server.auth.rates import Rates, TokenLimits
from cti_server.frame.language import N_, words_of
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.voice.listening import Sentences, SpokenField
from hotline.voice.speech import Language, NotSpoken, Phrase
from hotline.voice.voice_recordings import Studio

LONGEST = 2500
"""Letters of all sentences: about three minutes."""
RATE = TokenLimits(per_second=0.2, at_once=10)
"""How often one user may listen, in all windows together."""
LISTENERS: Mapping[SpokenField, frozenset[Permission]] = {
    SpokenField.ANSWER: frozenset({Permission.WORK_ON_APPEALS}),
    SpokenField.REASON: frozenset({Permission.HANDLE_APPEALS}),
    SpokenField.OUTAGE_REASON: frozenset({Permission.ENTER_OWN_OUTAGES, Permission.MANAGE_OUTAGES}),
    SpokenField.ORDER: frozenset({Permission.PREPARE_INFORMING}),
    SpokenField.CITY_MESSAGE: frozenset({Permission.MANAGE_ANNOUNCEMENTS}),
    SpokenField.QUESTION: frozenset({Permission.MANAGE_SURVEYS}),
    SpokenField.EXECUTOR: frozenset({Permission.MANAGE_EXECUTORS}),
    SpokenField.CATEGORY: frozenset({Permission.MANAGE_CITY_DATA}),
}
"""Who may listen to a field: those who may fill it in on any page; one of these is enough."""
EMPTY = N_("There is nothing to read yet: fill it in first.")
TOO_LONG = N_("That is longer than three minutes, and nobody listens so long: shorten it.")
TOO_OFTEN = N_("You have listened often just now: wait a few seconds and press again.")
NOT_READY = N_(
    "The voice does not answer. Save as usual: what you typed is read as soon as it does. "
    "If it stays silent, tell the administrator."
)


@define(eq=False, repr=False)
class Listening:
    """The studio and the sentences of calls; one user listens at a time, so that callers have the voice."""

    studio: Studio
    sentences: Sentences
    rates: Rates = field(factory=lambda: Rates(RATE))
    turn: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(1), init=False)


LISTENING: web.AppKey[Listening] = web.AppKey("listening")


def add_listening(app: web.Application, listening: Listening) -> None:
    """Add a route for each field that stands by itself."""
    app[LISTENING] = listening
    for one, listeners in LISTENERS.items():
        app.router.add_post(f"/listen/{one}", _listener(one, listeners))


def _listener(spoken: SpokenField, listeners: frozenset[Permission]) -> Handler:
    @allowed(*listeners, one_is_enough=True)
    async def listen(request: web.Request) -> web.Response:
        form = await read_form(request)
        english = form.get("language") == Language.ENGLISH
        phrases = request.app[LISTENING].sentences(spoken, str(form.get("text", "")))
        return await heard(request, phrases, Language.ENGLISH if english else Language.UKRAINIAN)

    return listen


async def heard(request: web.Request, phrases: Sequence[Phrase], language: Language) -> web.Response:
    """Answer with the sound and the words that are read; or with a sentence on what to do (`problem`)."""
    if not phrases:
        return _problem(request, EMPTY, HTTPStatus.UNPROCESSABLE_ENTITY)
    if sum(len(one.text(language)) for one in phrases) > LONGEST:
        return _problem(request, TOO_LONG, HTTPStatus.UNPROCESSABLE_ENTITY)
    listening = request.app[LISTENING]
    try:
        listening.rates.take(request[USER].id)
        async with listening.turn:
            reading = await listening.studio.reading(phrases, language)
    except TooManyRequests:
        return _problem(request, TOO_OFTEN, HTTPStatus.TOO_MANY_REQUESTS)
    except NotSpoken:
        return _problem(request, NOT_READY, HTTPStatus.SERVICE_UNAVAILABLE)
    sound = base64.b64encode(reading.wav).decode()
    return web.json_response({"words": reading.words, "seconds": round(reading.seconds), "sound": sound})


def _problem(request: web.Request, text: str, status: HTTPStatus) -> web.Response:
    return web.json_response({"problem": words_of(request).gettext(text)}, status=status)
