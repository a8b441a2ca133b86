"""Spoken remarks of applicants who disputed an appeal, played on its card.

A remark must be in the history of this very appeal, as the user may read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.calls.sound import masked_message, play
from cti_server.calls.sources import Mask
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.handling import Entry, ExecutorWork, Handling
from hotline.calls.history import History
from hotline.calls.sound_store import SoundStore
from hotline.errors import NotFound
from hotline.speech.transcripts import Transcripts


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkSources:
    """Histories that name remarks, and the messages with their sound."""

    handling: Handling
    work: ExecutorWork
    history: History
    transcripts: Transcripts
    mask: Mask
    sounds: SoundStore


REMARKS: web.AppKey[RemarkSources] = web.AppKey("remarks")


def add_remarks(app: web.Application, sources: RemarkSources) -> None:
    """Add their sound, for the city's people and for the executor."""
    app[REMARKS] = sources
    app.router.add_get(r"/appeals/{number:\d{1,12}}/remarks/{id}.wav", of_appeal)
    app.router.add_get(r"/enterprise/{number:\d{1,12}}/remarks/{id}.wav", of_work)


@allowed(Permission.SEE_APPEALS, Permission.HEAR_RECORDINGS)
async def of_appeal(request: web.Request) -> web.StreamResponse:
    number = request.match_info["number"]
    return await _play(request, await request.app[REMARKS].handling.history(number, hidden=True))


@allowed(Permission.WORK_ON_APPEALS)
async def of_work(request: web.Request) -> web.StreamResponse:
    """The same for the enterprise that has the appeal now; another's is one that does not exist."""
    executor_id = request[USER].executor_id
    if executor_id is None:
        raise web.HTTPForbidden
    return await _play(
        request, await request.app[REMARKS].work.history(executor_id, request.match_info["number"])
    )


async def _play(request: web.Request, history: Iterable[Entry]) -> web.StreamResponse:
    remark, sources = request.match_info["id"], request.app[REMARKS]
    if not any(one.facts.get("remark") == remark for one in history):
        raise NotFound(f"Appeal {request.match_info['number']} has no remark {remark}.")
    message = await sources.history.message(remark)
    if message is None:
        raise NotFound(f"There is no message {remark}.")
    whole = await sources.sounds.find(message.file)
    sound = await masked_message(sources.transcripts, sources.mask, remark, whole)
    about = f"appeal:{request.match_info['number']}"
    return await play(request, sources.sounds, sound, f"message:{remark}", about)
