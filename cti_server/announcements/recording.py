"""A person's recording of a phrase: uploaded or recorded in the browser, confirmed, withdrawn."""

import tempfile
from pathlib import Path

from aiohttp import web

from cti_server.announcements.brought import received
from cti_server.announcements.phrases import asked_for, phrase_page, words_seen
from cti_server.announcements.sources import ANNOUNCING
from cti_server.announcements.words import FAULTS, MANAGE, NO_WORDS, NOTHING_BROUGHT, OTHER_WORDS, PHRASES
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import SoundRefused


@allowed(Permission.MANAGE_ANNOUNCEMENTS, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Let this voice be heard from now on; what cannot be taken is said, and nothing changes."""
    phrase, language = await asked_for(request)
    gettext = words_of(request).gettext
    with tempfile.TemporaryDirectory(prefix="hotline-voice-") as scratch:
        file = Path(scratch) / "brought"
        try:
            brought = await received(request, file)
            if not brought.octets:
                return await phrase_page(request, phrase, {language: gettext(NOTHING_BROUGHT)})
            if brought.seen != words_seen(phrase, language):
                return await phrase_page(request, phrase, {language: gettext(OTHER_WORDS)})
            kept = await request.app[ANNOUNCING].studio.take(
                file, phrase, language, origin=brought.origin, user_id=request[USER].id
            )
        except SoundRefused as error:
            return await phrase_page(request, phrase, {language: gettext(FAULTS[error.fault])})
    await audit(request, Action.ADD, f"voice:{phrase.name}", f"{language} {kept.origin} {kept.seconds:.1f} s")
    raise web.HTTPSeeOther(f"{PHRASES}/{phrase.name}?done=kept#{language}")


@MANAGE
async def confirm(request: web.Request) -> web.Response:
    """The old recording fits the new words as well."""
    phrase, language = await asked_for(request)
    recordings = request.app[ANNOUNCING].recordings
    recording = (await recordings.in_use()).get((phrase.name, language))
    seen = str((await request.post()).get("seen", ""))
    if recording is None or seen != words_seen(phrase, language):
        return await phrase_page(request, phrase, {language: words_of(request).gettext(OTHER_WORDS)})
    await recordings.confirm(recording.id, phrase.basis(language))
    await audit(request, Action.CHANGE, f"voice:{phrase.name}", f"{language} confirmed")
    raise web.HTTPSeeOther(f"{PHRASES}/{phrase.name}?done=confirmed#{language}")


@MANAGE
async def take_back(request: web.Request) -> web.Response:
    """Let the synthesis speak again, if there are words for it."""
    phrase, language = await asked_for(request)
    if not any(phrase.text(one) for one in Language):
        return await phrase_page(request, phrase, {language: words_of(request).gettext(NO_WORDS)})
    if await request.app[ANNOUNCING].recordings.take_back(phrase.name, language, request[USER].id):
        await audit(request, Action.REMOVE, f"voice:{phrase.name}", language.value)
    raise web.HTTPSeeOther(f"{PHRASES}/{phrase.name}?done=taken-back#{language}")
