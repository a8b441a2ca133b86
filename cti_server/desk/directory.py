"""The list under the softphone's number: colleagues, emergencies, who is on duty, the directory."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.desk.services import SERVICES
from cti_server.desk.softphone import dispatcher_of
from cti_server.desk.sources import DESK
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.numbers import phone
from cti_server.frame.pages import PAGES, render
from cti_server.frame.words import PRESENCES, without_number
from cti_server.keys import ACCOUNTS
from hotline.access.permissions import Permission
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.desk.directory import DirectoryEntry, EntryKind, bodies, colleagues, enterprises, matching
from hotline.directory.bodies import bodies_in_force

LONGEST_TYPED = 60
GROUPS: Mapping[EntryKind, str] = {
    EntryKind.COLLEAGUE: N_("Colleagues"),
    EntryKind.OWN: N_("Colleagues' own telephones"),
    EntryKind.SERVICE: N_("Emergency services"),
    EntryKind.INTERPRETER: N_("For those who cannot hear"),
    EntryKind.ENTERPRISE: N_("On duty at the enterprises"),
    EntryKind.BODY: N_("Bodies and institutions"),
    EntryKind.OFFICIAL: N_("People of bodies and institutions"),
}


@allowed(Permission.CALL_OUT)
async def directory(request: web.Request) -> web.Response:
    """`GET /desk/directory`: the options of the list; `q` is what was typed, all of them without it."""
    typed, sources = request.query.get("q", "").strip()[:LONGEST_TYPED], request.app[DESK].sources
    found = await matching(await _entries(request), typed, sources.lemmas)
    groups = {kind: [one for one in found if one.kind is kind] for kind in EntryKind}
    return render(
        request,
        "desk/directory.html.jinja2",
        groups={kind: entries for kind, entries in groups.items() if entries},
        typed=typed,
        GROUPS=GROUPS,
        PRESENCES=PRESENCES,
        phone=phone,
    )


async def _entries(request: web.Request) -> Sequence[DirectoryEntry]:
    sources, gettext = request.app[DESK].sources, words_of(request).gettext
    me, local = await dispatcher_of(request), sources.clock.now().astimezone(request.app[PAGES].timezone)
    services = [
        DirectoryEntry(
            kind=EntryKind.SERVICE,
            name=gettext(one.whole),
            number=one.number,
            known_as=f"{gettext(one.word)} {gettext(one.sought)}",
        )
        for one in SERVICES
    ]
    interpreters = request.app[PAGES].interpreters
    if interpreters.number:
        entry = DirectoryEntry(
            kind=EntryKind.INTERPRETER,
            name=gettext(without_number(FROM_INTERPRETER)),
            number=interpreters.number,
            about=interpreters.name,
            known_as=gettext(N_("does not hear, deaf, video")),
        )
        services.append(entry)
    return [
        *colleagues(await sources.dispatchers.all(), me.id, await request.app[ACCOUNTS].users.all()),
        *services,
        *enterprises(await sources.executors.all(), local),
        *bodies(bodies_in_force(), local, language_of(request)),
    ]
