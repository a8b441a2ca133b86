"""The voice of an order: uploaded or recorded by its author, played on the page, tried by a call."""

import tempfile
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from cti_server.announcements.brought import received
from cti_server.announcements.words import FAULTS, NOTHING_BROUGHT
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.informing.form import asked_for, to_order
from cti_server.informing.pages import OVERTAKEN, FormNotes, show
from cti_server.informing.sources import INFORMING
from cti_server.keys import USER
from cti_server.surveys.trying import REFUSALS, TOO_MANY
from hotline.access.permissions import Permission
from hotline.dialling.calling_out import NotDialled, TooManyCalls
from hotline.dialling.campaign_states import CampaignAct
from hotline.dialling.campaigns import TRIAL, NewCampaign
from hotline.dialling.dialler import Kind
from hotline.errors import ForbiddenTransition, NotFound, Outdated
from hotline.informing.orders import InformingOrder
from hotline.voice.speech import Language, NotSpoken
from hotline.voice.voice_recordings import Origin, SoundRefused

LONGEST_NUMBER = 40
TRIAL_OF = N_("Trial of order № %(number)s")


@allowed(Permission.PREPARE_INFORMING)
async def sound(request: web.Request) -> web.Response:
    """Return the sound that people hear, as a WAV."""
    order = await asked_for(request)
    try:
        sample = await request.app[INFORMING].studio.sample(order.phrase, Language.UKRAINIAN)
    except NotSpoken as error:
        raise NotFound("Nobody has said this phrase yet.") from error
    return web.Response(body=sample.wav, content_type="audio/wav")


@allowed(Permission.PREPARE_INFORMING, streams=True)
async def bring(request: web.Request) -> web.Response:
    """Let this voice say one's own draft; what cannot be taken is said, and nothing changes."""
    order = await asked_for(request)
    with tempfile.TemporaryDirectory(prefix="hotline-voice-") as scratch:
        file = Path(scratch) / "brought"
        try:
            brought = await received(request, file)
            if not brought.octets:
                return await _refused(request, order, NOTHING_BROUGHT)
            if brought.seen != str(order.version) or not order.may_be_changed_by(request[USER].id):
                return await show(request, order, FormNotes(fault=OVERTAKEN), HTTPStatus.CONFLICT)
            return await _keep(request, order, file, brought.origin)
        except SoundRefused as error:
            return await _refused(request, order, FAULTS[error.fault])


async def _keep(request: web.Request, order: InformingOrder, file: Path, origin: Origin) -> web.Response:
    sources, user_id = request.app[INFORMING], request[USER].id
    phrase = order.phrase_to_record
    kept = await sources.studio.take(file, phrase, Language.UKRAINIAN, origin=origin, user_id=user_id)
    answer = await _speak(request, order, phrase.name)
    await audit(request, Action.ADD, f"voice:{phrase.name}", f"{origin} {kept.seconds:.1f} s")
    return answer


@allowed(Permission.PREPARE_INFORMING)
async def take_back(request: web.Request) -> web.Response:
    """Let the synthesis say one's own draft again."""
    return await _speak(request, await asked_for(request), "")


async def _speak(request: web.Request, order: InformingOrder, voice: str) -> web.Response:
    sources = request.app[INFORMING]
    try:
        await sources.orders.speak(order, voice, sources.clock.now(), user_id=request[USER].id)
    except (ForbiddenTransition, Outdated):
        return await show(request, await asked_for(request), FormNotes(fault=OVERTAKEN), HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"informing:{order.id}", "voice" if voice else "synthesis")
    return to_order(order.id)


async def _refused(request: web.Request, order: InformingOrder, fault: str) -> web.Response:
    return await show(request, order, FormNotes(sound_fault=fault), HTTPStatus.UNPROCESSABLE_ENTITY)


@allowed(Permission.PREPARE_INFORMING)
async def try_out(request: web.Request) -> web.Response:
    """Have the number called that was typed, as the order's people will be."""
    sources, order, user = request.app[INFORMING], await asked_for(request), request[USER]
    typed = str((await request.post()).get("number", ""))[:LONGEST_NUMBER]
    try:
        number = sources.rules.dialable_by_itself(typed)
        sources.pace.take(user.id, sources.clock.now())
    except NotDialled as refused:
        fault = REFUSALS[refused.why]
    except TooManyCalls:
        fault = TOO_MANY
    else:
        await _call(request, order, number)
        return await show(request, order, FormNotes(called=number))
    said = FormNotes(number=typed, number_fault=fault)
    return await show(request, order, said, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _call(request: web.Request, order: InformingOrder, number: str) -> None:
    sources, user = request.app[INFORMING], request[USER]
    now = sources.clock.now()
    trial = NewCampaign(
        name=words_of(request).gettext(TRIAL_OF) % {"number": order.number},
        kind=Kind.INFORMING,
        says=order.text,
        phrase=order.phrase.name,
        exempt=f"user {user.id} tries order {order.id} out",
        pauses={},
    )
    campaign = await sources.campaigns.add(trial, [(number, TRIAL)], now, user_id=user.id)
    await sources.campaigns.move(campaign.id, CampaignAct.START, now)
    await audit(request, Action.CALL_OUT, f"number:{number}", f"informing:{order.id}")
