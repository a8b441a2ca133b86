"""The prepared city messages: which one is on, how each sounds, and their history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from aiohttp import web

from cti_server.announcements.sources import ANNOUNCING
from cti_server.announcements.words import ACTS, HOURS, MANAGE, PATH, SEE
from cti_server.audit import Action, audit
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from hotline.errors import Outdated
from hotline.informing.city_messages import (
    LONG_SECONDS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    CityMessage,
    MessageBy,
    NewMessage,
)
from hotline.voice.speech import Language, NotSpoken, Phrase
from hotline.voice.voice_recordings import InUse

SHOWN_HISTORY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message with how long it sounds, in seconds by language, and which languages a person says."""

    message: CityMessage
    seconds: Mapping[Language, float]
    human: frozenset[Language]

    @property
    def long(self) -> float:
        """How long the longest lasts, when that is more than callers listen to; else 0."""
        longest = max(self.seconds.values(), default=0.0)
        return longest if longest > LONG_SECONDS else 0.0


@dataclass(slots=True)
class TypedMessage:
    """The form as typed, and its faults by field."""

    title: str = ""
    uk: str = ""
    en: str = ""
    version: str = ""
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Late:
    """A click that came too late: on which message, and for how many hours."""

    message_id: int = 0
    hours: str = ""


@SEE
async def page(request: web.Request) -> web.Response:
    return await show(request)


async def show(request: web.Request, late: Late | None = None) -> web.Response:
    """Show the present state; to a click that came too `late`, with 409."""
    sources = request.app[ANNOUNCING]
    now, in_use = sources.clock.now(), await sources.recordings.in_use()
    messages = sorted(await sources.messages.all(), key=lambda one: not one.on(now))
    shown = [await _shown(request, one, in_use) for one in messages]
    users = {user.id: user.name for user in await request.app[ACCOUNTS].users.all()}
    history = await sources.messages.history(SHOWN_HISTORY)
    on = await sources.messages.on(now)
    return render(
        request,
        "announcements/page.html.jinja2",
        status=HTTPStatus.OK if late is None else HTTPStatus.CONFLICT,
        late=late,
        shown=shown,
        on=on,
        by=next((one for one in history if on and one.message_id == on.id and one.at == on.on_since), None),
        users=users,
        history=history,
        Language=Language,
        ACTS=ACTS,
        HOURS=HOURS,
        done=request.query.get("done", ""),
    )


@MANAGE
async def new_page(request: web.Request) -> web.Response:
    return _form(request, None, TypedMessage())


@MANAGE
async def edit_page(request: web.Request) -> web.Response:
    message = await request.app[ANNOUNCING].messages.get(int(request.match_info["id"]))
    version = str(message.version)
    return _form(request, message, TypedMessage(message.title, message.uk, message.en, version))


@MANAGE
async def enter(request: web.Request) -> web.Response:
    """Store a new message, with its sound made: no caller waits for the synthesis."""
    typed = await _read(request)
    await _check(request, typed, None)
    if typed.faults:
        return _form(request, None, typed)
    sources = request.app[ANNOUNCING]
    message = await sources.messages.enter(_new(typed), MessageBy(user_id=request[USER].id))
    await _speak(request, message.phrase)
    await audit(request, Action.ADD, f"city-message:{message.id}", message.title)
    raise web.HTTPSeeOther(f"{PATH}?done=saved#message-{message.id}")


@MANAGE
async def amend(request: web.Request) -> web.Response:
    """Change a message; the next caller hears the new text."""
    sources = request.app[ANNOUNCING]
    message = await sources.messages.get(int(request.match_info["id"]))
    typed = await _read(request)
    await _check(request, typed, message)
    if typed.faults:
        return _form(request, message, typed)
    seen = replace(message, version=int(typed.version) if typed.version.isdecimal() else 0)
    try:
        changed = await sources.messages.amend(seen, _new(typed), MessageBy(user_id=request[USER].id))
    except Outdated:
        there = await sources.messages.get(message.id)
        typed.version = str(there.version)
        typed.faults["form"] = words_of(request).gettext(
            "Somebody has changed this message meanwhile. Nothing of yours is saved yet: look once more."
        )
        return _form(request, there, typed)
    await _speak(request, changed.phrase)
    await audit(request, Action.CHANGE, f"city-message:{message.id}", changed.title)
    raise web.HTTPSeeOther(f"{PATH}?done=saved#message-{message.id}")


async def _shown(request: web.Request, message: CityMessage, in_use: InUse) -> ShownMessage:
    seconds, human = {}, set()
    for language in Language:
        recording = in_use.get((message.phrase.name, language))
        if recording is not None and recording.speaks(message.phrase):
            human.add(language)
        if language in human or message.phrase.text(language):
            try:
                sample = await request.app[ANNOUNCING].studio.sample(message.phrase, language)
            except NotSpoken:
                continue
            seconds[language] = sample.seconds
    return ShownMessage(message=message, seconds=seconds, human=frozenset(human))


async def _read(request: web.Request) -> TypedMessage:
    form = await request.post()

    def typed(name: str) -> str:
        return " ".join(str(form.get(name, "")).split())

    return TypedMessage(typed("title"), typed("uk"), typed("en"), typed("version"))


async def _check(request: web.Request, typed: TypedMessage, message: CityMessage | None) -> None:
    """Return the faults, by field; the voice must be able to read each text."""
    gettext = words_of(request).gettext
    if not typed.title:
        typed.faults["title"] = gettext("Give it a short name, by which it is found in a hurry.")
    elif len(typed.title) > LONGEST_TITLE:
        typed.faults["title"] = gettext("At most %(num)d letters.") % {"num": LONGEST_TITLE}
    for name in ("uk", "en"):
        if len(getattr(typed, name)) > LONGEST_TEXT:
            typed.faults[name] = gettext("At most %(num)d letters.") % {"num": LONGEST_TEXT}
    if not typed.uk and not typed.en and not await _is_said_without_words(request, message):
        typed.faults["uk"] = gettext("Write what callers are to hear.")
    tried = Phrase(name="city-message-tried", uk=typed.uk, en=typed.en)
    for language in Language:
        if tried.text(language) and language.value not in typed.faults:
            try:
                await request.app[ANNOUNCING].studio.sample(tried, language)
            except NotSpoken:
                typed.faults[language.value] = gettext("The voice cannot read this. Write it in words.")


async def _is_said_without_words(request: web.Request, message: CityMessage | None) -> bool:
    """Whether a person has recorded it without any words, as by telephone."""
    if message is None:
        return False
    wordless = replace(message, uk="", en="").phrase
    in_use = await request.app[ANNOUNCING].recordings.in_use()
    kept = (in_use.get((wordless.name, language)) for language in Language)
    return any(recording is not None and recording.speaks(wordless) for recording in kept)


async def _speak(request: web.Request, phrase: Phrase) -> None:
    for language in Language:
        if phrase.text(language):
            await request.app[ANNOUNCING].studio.sample(phrase, language)


def _new(typed: TypedMessage) -> NewMessage:
    return NewMessage(title=typed.title, uk=typed.uk, en=typed.en)


def _form(request: web.Request, message: CityMessage | None, typed: TypedMessage) -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed.faults else HTTPStatus.OK
    return render(
        request,
        "announcements/form.html.jinja2",
        status=status,
        message=message,
        typed=typed,
        longest_title=LONGEST_TITLE,
        longest_text=LONGEST_TEXT,
    )
