"""All phrases of the hotline: their text, their sound, and their voice."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from aiohttp import web

from cti_server.announcements.sources import ANNOUNCING
from cti_server.announcements.words import FOLDED, GROUPS, ORIGINS, PHRASES, SEE
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS
from hotline.errors import NotFound
from hotline.informing.city_messages import LONG_SECONDS
from hotline.voice.speech import Language, NotSpoken, Phrase
from hotline.voice.voice_recordings import InUse, VoiceRecording


class Speaker(Enum):
    """The voice of a phrase in one language."""

    SYNTHESIS = "synthesis"
    HUMAN = "human"
    STALE = "stale"
    """Somebody recorded it, but for other words: the synthesis says the new ones."""
    OTHER = "other"
    """The phrase has no text in this language: callers hear the other one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPhrase:
    """One phrase in one language."""

    language: Language
    text: str
    speaker: Speaker
    recording: VoiceRecording | None
    seconds: float = 0.0

    @property
    def long(self) -> bool:
        return self.seconds > LONG_SECONDS


@SEE
async def page(request: web.Request) -> web.Response:
    """Show all phrases by purpose; those recorded for other words come first."""
    sources = request.app[ANNOUNCING]
    in_use, groups = await sources.recordings.in_use(), await sources.book.groups()
    listed = {
        group.name: [(one, spoken(one, in_use)) for one in group.phrases] for group in groups if group.phrases
    }
    stale = [
        (phrase, said)
        for phrases in listed.values()
        for phrase, both in phrases
        for said in both
        if said.speaker is Speaker.STALE
    ]
    return render(
        request,
        "announcements/phrases.html.jinja2",
        listed=listed,
        stale=stale,
        GROUPS=GROUPS,
        FOLDED=FOLDED,
        Speaker=Speaker,
    )


@SEE
async def one(request: web.Request) -> web.Response:
    phrase = await request.app[ANNOUNCING].book.named(request.match_info["name"])
    return await phrase_page(request, phrase)


@SEE
async def sound(request: web.Request) -> web.Response:
    """Return the sound that a caller would hear now, as a WAV."""
    phrase, language = await asked_for(request)
    try:
        sample = await request.app[ANNOUNCING].studio.sample(phrase, language)
    except NotSpoken as error:
        raise NotFound("Nobody has said this phrase yet.") from error
    return web.Response(body=sample.wav, content_type="audio/wav")


@SEE
async def recorded(request: web.Request) -> web.Response:
    """The recording that is kept for it, to be heard before somebody confirms that it still fits."""
    phrase, language = await asked_for(request)
    sources = request.app[ANNOUNCING]
    recording = (await sources.recordings.in_use()).get((phrase.name, language))
    if recording is None:
        raise NotFound("Nobody has said this phrase yet.")
    return web.Response(body=(await sources.studio.kept(recording)).wav, content_type="audio/wav")


async def asked_for(request: web.Request) -> tuple[Phrase, Language]:
    """Find the phrase and the language that the address names; raises NotFound."""
    language = request.match_info["language"]
    if language not in set(Language):
        raise NotFound("There is no language %(name)s.", name=language)
    return await request.app[ANNOUNCING].book.named(request.match_info["name"]), Language(language)


async def phrase_page(
    request: web.Request, phrase: Phrase, faults: Mapping[Language, str] | None = None
) -> web.Response:
    """Show one phrase in both languages, with all that was ever recorded for it."""
    sources = request.app[ANNOUNCING]
    both = [
        ShownPhrase(
            language=said.language,
            text=said.text,
            speaker=said.speaker,
            recording=said.recording,
            seconds=await _seconds(request, phrase, said),
        )
        for said in spoken(phrase, await sources.recordings.in_use())
    ]
    return render(
        request,
        "announcements/phrase.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        phrase=phrase,
        both=both,
        faults=faults or {},
        history=await sources.recordings.history(phrase.name),
        users={user.id: user.name for user in await request.app[ACCOUNTS].users.all()},
        done=request.query.get("done", ""),
        address=f"{PHRASES}/{phrase.name}",
        ORIGINS=ORIGINS,
        Speaker=Speaker,
        seen={language: words_seen(phrase, language) for language in Language},
    )


def words_seen(phrase: Phrase, language: Language) -> str:
    """Return a mark of the text on the page, so that no voice is taken for another text."""
    return hashlib.sha256(phrase.basis(language).encode()).hexdigest()[:16]


def spoken(phrase: Phrase, in_use: InUse) -> list[ShownPhrase]:
    """Return the text and the voice of each language."""
    both = []
    for language in Language:
        recording, text = in_use.get((phrase.name, language)), phrase.written(language)
        if recording is not None:
            speaker = Speaker.HUMAN if recording.speaks(phrase) else Speaker.STALE
        else:
            speaker = Speaker.SYNTHESIS if text else Speaker.OTHER
        both.append(ShownPhrase(language=language, text=text, speaker=speaker, recording=recording))
    return both


async def _seconds(request: web.Request, phrase: Phrase, said: ShownPhrase) -> float:
    try:
        return (await request.app[ANNOUNCING].studio.sample(phrase, said.language)).seconds
    except NotSpoken:
        return 0.0
