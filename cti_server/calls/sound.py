"""Recordings and voice messages, served in parts so that one can seek; every playback is written down."""

import asyncio
from datetime import timedelta

import msgspec
from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.lasting_sound import LastingSound
from cti_server.calls.shape import Shape, read_shape, shape_of
from cti_server.calls.sources import PAST_CALLS, Mask, PastCalls, message_in_path, recording_in_path
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.users import AuditFilter
from hotline.calls.call import Recording
from hotline.calls.sound_store import Sound, SoundLocked, SoundStore
from hotline.errors import HotlineError, NotFound
from hotline.speech.transcripts import Transcripts

ONE_PLAYBACK = timedelta(hours=1)
"""Parts of the file requested within this time of its beginning belong to the same playback."""

_heard = allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS)
_heard_whole = allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS, Permission.HEAR_UNMASKED)
_downloaded = allowed(Permission.SEE_CALLS, Permission.HEAR_RECORDINGS, Permission.DOWNLOAD_RECORDINGS)


@_heard
async def recording(request: web.Request) -> web.StreamResponse:
    return await _play(request, await masked_recording(request), "recording")


@_heard_whole
async def recording_unmasked(request: web.Request) -> web.StreamResponse:
    """The sound as it was recorded, which is written down as such."""
    return await _play(request, await _recording_sound(request), "recording", "unmasked")


@_heard
async def recording_shape(request: web.Request) -> web.StreamResponse:
    """Who spoke when, to draw (`Shape`). Nothing can be heard in it."""
    found = await find_recording(request)
    figures = await request.app[PAST_CALLS].figures.of([found.id])
    if found.id in figures:
        return _json(shape_of(figures[found.id]))
    return await _shape(request, await _recording_sound(request))


@_downloaded
async def recording_download(request: web.Request) -> web.StreamResponse:
    return await _take_away(request, await masked_recording(request), f"recording:{request.match_info['id']}")


@_heard
async def message(request: web.Request) -> web.StreamResponse:
    return await _play(request, await _masked_message(request), "message")


@_heard_whole
async def message_unmasked(request: web.Request) -> web.StreamResponse:
    return await _play(request, await _message_sound(request), "message", "unmasked")


@_downloaded
async def message_download(request: web.Request) -> web.StreamResponse:
    return await _take_away(request, await _masked_message(request), f"message:{request.match_info['id']}")


@_heard
async def message_shape(request: web.Request) -> web.StreamResponse:
    """How loud it was when, to draw (`Shape`)."""
    return await _shape(request, await _message_sound(request))


async def find_recording(request: web.Request) -> Recording:
    """Find the recording of the path; raises NotFound for one that cannot be listened to."""
    found = await recording_in_path(request)
    if not found.listening_file:
        raise NotFound("The recording cannot be listened to yet.")
    return found


async def _recording_sound(request: web.Request) -> Sound:
    return await _recording_copy(request.app[PAST_CALLS], await find_recording(request))


async def _recording_copy(past: PastCalls, found: Recording) -> Sound:
    """Find the copy to listen to, or make it anew; raises NotFound when there is nothing to make it of."""
    try:
        return await past.sounds.find(found.listening_file or "")
    except NotFound:  # deleted when the disk had no room
        try:
            anew = await past.make_copy(found)
        except SoundLocked:
            raise
        except HotlineError as error:
            raise NotFound(f"The sound of recording {found.id} is gone: {error}") from error
        return await past.sounds.find(anew.listening_file or "")


async def _message_sound(request: web.Request) -> Sound:
    return await request.app[PAST_CALLS].sounds.find((await message_in_path(request)).file)


async def masked_recording(request: web.Request) -> Sound:
    """Find the sound without the numbers that are nobody's business, by what is written down of it."""
    past, found = request.app[PAST_CALLS], request.match_info["id"]
    sides = (await past.transcripts.of_talks([found])).get(found, ())
    spans = await asyncio.to_thread(lambda: [span for side in sides for span in side.hidden])
    return await past.mask(await _recording_sound(request), spans)


async def _masked_message(request: web.Request) -> Sound:
    past, found = request.app[PAST_CALLS], request.match_info["id"]
    return await masked_message(past.transcripts, past.mask, found, await _message_sound(request))


async def masked_message(transcripts: Transcripts, mask: Mask, message_id: str, sound: Sound) -> Sound:
    written = (await transcripts.of([message_id])).get(message_id)
    return await mask(sound, written.hidden if written else ())


async def _play(request: web.Request, sound: Sound, kind: str, how: str = "") -> web.StreamResponse:
    subject, detail = f"{kind}:{request.match_info['id']}", f"call:{request.match_info['call']} {how}"
    return await play(request, request.app[PAST_CALLS].sounds, sound, subject, detail.rstrip())


async def play(
    request: web.Request, sounds: SoundStore, sound: Sound, subject: str, detail: str
) -> web.StreamResponse:
    """Answer with the sound, or the part that is asked for; each playback is written down once."""
    if _from_the_beginning(request) or not await _being_played(request, subject, detail):
        await audit(request, Action.PLAY, subject, detail)
    return LastingSound(sounds, sound)


async def _take_away(request: web.Request, sound: Sound, subject: str) -> web.StreamResponse:
    await audit(request, Action.EXPORT, subject, f"call:{request.match_info['call']}")
    named = content_disposition_header("attachment", filename=sound.file.name)
    return LastingSound(request.app[PAST_CALLS].sounds, sound, {hdrs.CONTENT_DISPOSITION: named})


def _from_the_beginning(request: web.Request) -> bool:
    try:
        return not request.http_range.start
    except ValueError:
        return True


async def _being_played(request: web.Request, subject: str, detail: str) -> bool:
    """Whether this user began to listen to it a short while ago, so that this is a part of that playback."""
    accounts = request.app[ACCOUNTS]
    since = accounts.clock.now() - ONE_PLAYBACK
    wanted = AuditFilter(user_id=request[USER].id, action=Action.PLAY, subject=subject, since=since)
    played = await accounts.audit.find(wanted, limit=20)
    return any((entry.subject, entry.detail) == (subject, detail) for entry in played)


async def _shape(request: web.Request, sound: Sound) -> web.Response:
    async with request.app[PAST_CALLS].sounds.laid_out(sound.file) as plain:
        return _json(await asyncio.to_thread(read_shape, plain))


def _json(shape: Shape) -> web.Response:
    return web.Response(body=msgspec.json.encode(shape), content_type="application/json")
