"""The resident's page of a chat: it works by forms alone, and by a stream of news where there are scripts.

The browser is known by a random word in a cookie of this page alone; we keep its digest.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public, public_with_files
from cti_server.auth.errors import TooManyAttempts, TooManyRequests
from cti_server.chats.lines import shown
from cti_server.chats.sources import CHATS, MOST_STREAMS, STREAMS_OF_ADDRESS, ChatSources
from cti_server.clients import counted_as
from cti_server.frame.language import N_, language_of
from cti_server.frame.onlookers import Onlookers, stream_to
from cti_server.frame.pages import PAGES
from cti_server.frame.uploads import FILE, LONGEST_UPLOAD, bounded, parts_of, pieces_of
from cti_server.keys import HTTPS, REPORTING
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC
from hotline.access.tokens import hash_of
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import (
    LONGEST_TEXT,
    Button,
    Chat,
    ChatIsOver,
    Line,
    LineKind,
    Medium,
    NewChat,
    UnusableText,
)
from hotline.chats.messengers import PhotoRefused, SentPhoto, Taken
from hotline.voice.speech import Language

PATH = "/chat"
COOKIE = "chat"
COOKIE_SECONDS = 30 * 24 * 3600
SHOWN_OVER = timedelta(hours=24)
"""For how long a chat that is over can be read in its browser."""
_WORD_BYTES = 24
WORD = re.compile("[A-Za-z0-9_-]{32}")
"""A word of `new_word`, as a form brings it back."""
_COUNT = re.compile("[0-9]{1,9}")
EMPTY = N_("Write something first.")
TOO_LONG = N_("At most %(most)s letters: write it in parts.")
TOO_FAST = N_("That was too fast. Wait a moment, and send it once more.")
TOO_MANY = N_("Too many chats were begun from your network. Try again later, or call us.")

NO_PHOTO = N_("Choose a photo first.")
PHOTO_LATER = N_("The photo could not be taken now. Send it in some minutes, or describe it in words.")
PHOTO_REFUSALS: Mapping[Taken, str] = {
    Taken.PHOTO_LARGE: N_("This photo is too large. Make a smaller one."),
    Taken.PHOTO_KIND: N_("Only photos (JPEG, PNG, WebP, HEIC) are taken."),
    Taken.PHOTO_DAMAGED: N_("This photo does not open. Choose it once more."),
    Taken.PHOTOS_MANY: N_("No more photos are taken for one appeal. Report the problem first, or call us."),
    Taken.PHOTO_LATER: PHOTO_LATER,
}
_FORM = 1 << 16
"""Octets of a form beside its photo."""


@public
async def page(request: web.Request) -> web.Response:
    """Show the chat of this browser; without one, how to begin it."""
    return await _page(request, await _chat_of(request))


@public
async def begin(request: web.Request) -> web.Response:
    """Begin a chat in this browser; one that it had before is found by nobody any more."""
    sources = request.app[CHATS]
    try:
        sources.begun.count(counted_as(request), sources.clock.now())
    except TooManyAttempts:  # the page says so
        return await _page(request, None, TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
    word, language = new_word(), Language(language_of(request))
    await sources.conversations.begin(NewChat(medium=Medium.WEB, address=hash_of(word), language=language))
    return there_with(request, word)


def new_word() -> str:
    """Make the word by which a browser is known; we keep its digest."""
    return secrets.token_urlsafe(_WORD_BYTES)


def there_with(request: web.Request, word: str) -> web.Response:
    """Lead the browser to its chat, which it finds by this word from now on."""
    led = there()
    led.set_cookie(
        COOKIE,
        word,
        max_age=COOKIE_SECONDS,
        path=PATH,
        httponly=True,
        secure=request.app[HTTPS],
        samesite="Strict",
    )
    return led


@public
async def write(request: web.Request) -> web.Response:
    """Take what was typed, or the choice that was pressed."""
    sources, chat = request.app[CHATS], await _chat_of(request)
    if chat is None:
        return there()
    form = await request.post()
    typed, seen = str(form.get("choice") or form.get("text", "")), str(form.get("seen", ""))
    try:
        sources.written.take(counted_as(request))
        await sources.conversations.write(chat.id, typed, seen=int(seen) if _COUNT.fullmatch(seen) else None)
    except TooManyRequests:
        return await _page(request, chat, TOO_FAST, HTTPStatus.TOO_MANY_REQUESTS, typed=typed)
    except UnusableText as error:
        fault = HTTPStatus.UNPROCESSABLE_ENTITY
        said = TOO_LONG if error.values else EMPTY
        return await _page(request, chat, said, fault, typed=typed, values=error.values)
    except ChatIsOver:  # ended meanwhile: the page says so
        return there()
    return there()


@public_with_files
async def add_photo(request: web.Request) -> web.Response:
    """Take a photo into the chat: redrawn, without its place, and behind a report it goes along with it."""
    sources, chat = request.app[CHATS], await _chat_of(request)
    if chat is None or REPORTING not in request.app:
        return there()
    limits = request.app[REPORTING].store.limits
    try:
        sources.photographed.take(counted_as(request))
        async with bounded(request, most=limits.most_bytes + _FORM, within=LONGEST_UPLOAD):
            async for part in parts_of(request):
                if part.name == FILE and part.filename:
                    sent = SentPhoto(fetch=partial(pieces_of, part))
                    await sources.conversations.add_photo(chat.id, sent)
                    return there()
    except (TooManyRequests, web.HTTPRequestEntityTooLarge, PhotoRefused) as error:
        return await _page(request, chat, *_photo_refused(error))
    except ChatIsOver:  # ended meanwhile: the page says so
        return there()
    return await _page(request, chat, NO_PHOTO, HTTPStatus.UNPROCESSABLE_ENTITY)


def _photo_refused(error: Exception) -> tuple[str, HTTPStatus]:
    """Give the words for why a photo was not taken, and the status; the chat stays as it is."""
    if isinstance(error, TooManyRequests):
        return PHOTO_LATER, HTTPStatus.TOO_MANY_REQUESTS
    if isinstance(error, PhotoRefused):
        return PHOTO_REFUSALS[error.taken], HTTPStatus.UNPROCESSABLE_ENTITY
    return PHOTO_REFUSALS[Taken.PHOTO_LARGE], HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@public
async def leave(request: web.Request) -> web.Response:
    """End the chat of this browser; one that is over is found here no more."""
    chat, led = await _chat_of(request), there()
    if chat is None or chat.state is ChatState.OVER:
        led.del_cookie(COOKIE, path=PATH)
    else:
        await request.app[CHATS].conversations.leave(chat.id)
    return led


@public
async def news(request: web.Request) -> web.StreamResponse:
    """Tell the page that there are new lines, until it goes; 429 where too many pages are open already."""
    sources, chat = request.app[CHATS], await _chat_of(request)
    if chat is None or chat.state is ChatState.OVER:
        return web.Response(status=HTTPStatus.NO_CONTENT)  # a browser does not ask again then
    with (
        _counted(sources, counted_as(request)),
        watching(sources, chat.id) as onlookers,
        onlookers.looking() as onlooker,
    ):
        return await stream_to(request, onlooker)


@contextmanager
def watching(sources: ChatSources, chat_id: int) -> Iterator[Onlookers]:
    """Have the chat watched for as long as the block lasts."""
    onlookers = sources.watched.setdefault(chat_id, Onlookers())
    try:
        yield onlookers
    finally:
        if not onlookers and sources.watched.get(chat_id) is onlookers:
            del sources.watched[chat_id]


@contextmanager
def _counted(sources: ChatSources, network: str) -> Iterator[None]:
    """Count a stream of this network; raises TooManyRequests."""
    streams = sources.streams
    if streams.get(network, 0) >= STREAMS_OF_ADDRESS or sum(streams.values()) >= MOST_STREAMS:
        raise TooManyRequests(60)
    streams[network] = streams.get(network, 0) + 1
    try:
        yield
    finally:
        streams[network] -= 1
        if not streams[network]:
            del streams[network]


async def _chat_of(request: web.Request) -> Chat | None:
    """Find the chat of this browser; one that has long been over is not shown to who sits here next."""
    word, sources = request.cookies.get(COOKIE, ""), request.app[CHATS]
    chat = await sources.chats.latest(Medium.WEB, hash_of(word)) if word else None
    if chat is not None and chat.state is ChatState.OVER:
        return chat if sources.clock.now() - chat.changed_at < SHOWN_OVER else None
    return chat


async def _page(
    request: web.Request,
    chat: Chat | None,
    fault: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    *,
    typed: str = "",
    values: dict[str, object] | None = None,
) -> web.Response:
    sources, asked = request.app[CHATS], asked_of(request, looks=False)
    lines = () if chat is None else shown(await sources.chats.lines(chat.id))
    text = request.app[PAGES].text(
        asked.language,
        "chats/resident.html.jinja2",
        {
            "theme": asked.theme,
            "here": PATH,
            "number": request.app[PUBLIC].number,
            "chat": chat,
            "lines": lines,
            "kept_days": sources.kept.days,
            "choices": _choices(chat, lines),
            "fault": fault,
            "values": values or {},
            "typed": typed,
            "longest": LONGEST_TEXT,
            "megabytes": _megabytes(request),
        },
    )
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _megabytes(request: web.Request) -> int:
    """Give how large a photo may be; 0 where no photos are taken."""
    return request.app[REPORTING].store.limits.most_bytes // 2**20 if REPORTING in request.app else 0


def _choices(chat: Chat | None, lines: Sequence[Line]) -> Sequence[Button]:
    """Give the choices that can be pressed now: of the question that waits, or of the wait for a person."""
    if chat is None or chat.state not in {ChatState.ASKING, ChatState.WAITING}:
        return ()
    asking = chat.state is ChatState.ASKING
    offered = (one for one in reversed(lines) if (one.kind is LineKind.ASKED if asking else one.buttons))
    return next((one.buttons for one in offered), ())


def there() -> web.Response:
    """Lead to the last line of the chat of this browser."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}#last"})
