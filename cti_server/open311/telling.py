"""An update is posted by an enterprise's own system, or by the centre's: a word on a request that it has."""

import hashlib
from collections.abc import Mapping

import msgspec
from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import from_outside
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from cti_server.open311.asking import text_in
from cti_server.open311.faults import Malformed, NotKnown
from cti_server.open311.filing import form_of, key_of
from cti_server.open311.formats import answer
from cti_server.open311.sources import OPEN311
from hotline.access.permissions import Permission
from hotline.access.tokens import Token
from hotline.appeals.acts.act import LONGEST_TEXT, ActFault
from hotline.appeals.acts.actors import ActorRole, NotYours, acting_by
from hotline.appeals.appeal import Appeal
from hotline.appeals.handling import Entry
from hotline.appeals.outside_updates import acts_of_update, said_done
from hotline.errors import ForbiddenTransition, NotFound

_LONGEST_ID = 100


@from_outside
async def tell(request: web.Request) -> web.Response:
    """Take an update in, once however often it is sent; raises Malformed, KeyRefused, NotKnown.

    An enterprise's "closed" is its word that the work is done, as on its own page: the applicant is asked.
    """
    given = await form_of(request)
    token = await key_of(request, given, Permission.WORK_ON_APPEALS, Permission.HANDLE_APPEALS)
    number, said = (
        text_in(given, "service_request_id", _LONGEST_ID),
        text_in(given, "description", LONGEST_TEXT),
    )
    if not number:
        raise Malformed(N_("service_request_id was not provided."))
    appeal = await _theirs(request, token, number)
    key = _key(given, token)
    entry = await request.app[OPEN311].handling.taken(appeal.number, key)
    if entry is None:
        done = said_done(text_in(given, "status"))
        entry = await _done(request, appeal, key, said, done=done)
        await audit(request, Action.CHANGE, f"appeal:{appeal.number}", f"open311 {entry.act}")
    return answer(request, "service_request_updates", [{"update_id": str(entry.id)}], 201)


async def _theirs(request: web.Request, token: Token, number: str) -> Appeal:
    sources, found = request.app[OPEN311], None
    try:
        if token.may(Permission.HANDLE_APPEALS):
            found = await sources.registry.find(number)
        elif token.executor_id is not None:
            found = await sources.work.find(token.executor_id, number)
    except NotFound:
        found = None
    if found is None:
        raise NotKnown(N_("service_request_id %(number)s was not found."), number=number)
    return found


def _key(given: Mapping[str, str], token: Token) -> str:
    """Name the update: by the sender's own id, or by all that it says."""
    named = text_in(given, "update_id", _LONGEST_ID)
    if not named:
        sent = {name: value for name, value in given.items() if name != "api_key"}
        named = hashlib.sha256(msgspec.json.encode(sent, order="sorted")).hexdigest()
    return f"open311:{token.id}:{named}"


async def _done(request: web.Request, appeal: Appeal, key: str, said: str, *, done: bool) -> Entry:
    handling, actor = request.app[OPEN311].handling, acting_by(request[TOKEN])
    try:
        if done and actor.part is not ActorRole.EXECUTOR:
            raise Malformed(N_("Only the applicant's own word closes a request."))
        if done and not said:
            raise Malformed(N_("description says too little."))
        now = request.app[OPEN311].clock.now()
        for act in acts_of_update(appeal, actor, now, key=key, said=said, done=done):
            await handling.carry_out(appeal.number, act, version=None)
    except ActFault as error:
        raise Malformed(N_("description says too little.")) from error
    except (ForbiddenTransition, NotYours) as error:
        raise Malformed(N_("That is not possible in the present state of the request.")) from error
    entry = await handling.taken(appeal.number, key)
    if entry is None:
        raise NotKnown(N_("service_request_id %(number)s was not found."), number=appeal.number)
    return entry
