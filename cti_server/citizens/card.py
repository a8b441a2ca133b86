"""A citizen's card: who they are, what of theirs is kept, and its correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.citizens.sources import CITIZENS, CitizenSources
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.frame.words import CONTEXT
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.contact.numbers import e164
from hotline.errors import Outdated
from hotline.outages.outage import Outage, concerning
from hotline.people.citizens import CitizenCard

PATH = r"/citizens/{id:\d{1,9}}"
LONGEST = 300
MOST_NUMBERS = 10
MOST_TOLD = 100
"""Appeals and calls, each, of a timeline."""
NO_NAME = N_("Write the name, in at most 300 characters.")
LONG_ADDRESS = N_("An address has at most 300 characters.")
NO_NUMBER = N_("%(given)s is no telephone number. Write each on a line of its own, such as 067 111 22 33.")
MANY_NUMBERS = N_("A card has at most ten numbers.")
CHANGED = N_("Somebody has changed this card meanwhile. Look at what it is now, and correct it again.")
DONE: Mapping[str, str] = {
    "corrected": N_("The card is corrected."),
    "held": N_("From now on nothing of it is deleted."),
    "lifted": N_("The hold is lifted: terms of keeping count again."),
    "erased": N_("Erased. All that has to be kept by law is named below, with its date."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCard:
    """The typed card; `seen` is the card as it was when the form was opened."""

    name: str
    address: str
    numbers: str
    seen: str


@allowed(Permission.REGISTER_APPEALS)
async def page(request: web.Request) -> web.Response:
    """Show the card; looking at it is written down."""
    one = await asked_for(request)
    await audit(request, Action.VIEW, f"citizen:{one.id}")
    return await show(request, one, done=DONE.get(request.query.get("done", ""), ""))


@allowed(Permission.REGISTER_APPEALS)
async def correct(request: web.Request) -> web.Response:
    """Correct name, address and numbers, if the card is still as it was seen."""
    was, typed = await asked_for(request), read_form(TypedCard, await request.post())
    gettext = words_of(request).gettext
    now, errors = _read(was, typed)
    if told := {name: gettext(text) % values for name, (text, values) in errors.items()}:
        return await show(request, was, typed=typed, errors=told)
    sources = request.app[CITIZENS]
    if typed.seen != seen(was):
        return await _overtaken(request, typed)
    try:
        await sources.cards.change(was, now, by=request[USER].id, at=sources.clock.now())
    except Outdated:  # in this very moment
        return await _overtaken(request, typed)
    changed = [name for name in ("name", "address", "numbers") if getattr(was, name) != getattr(now, name)]
    await audit(request, Action.CHANGE, f"citizen:{was.id}", ", ".join(changed))
    return to_card(was.id, "corrected")


async def _overtaken(request: web.Request, typed: TypedCard) -> web.Response:
    latest = await asked_for(request)
    changed = words_of(request).gettext(CHANGED)
    return await show(request, latest, typed=replace(typed, seen=seen(latest)), errors={"card": changed})


async def asked_for(request: web.Request) -> CitizenCard:
    return await request.app[CITIZENS].cards.get(int(request.match_info["id"]))


async def show(
    request: web.Request,
    one: CitizenCard,
    *,
    typed: TypedCard | None = None,
    errors: Mapping[str, str] | None = None,
    done: str = "",
) -> web.Response:
    """Render the page, with what was typed where it cannot be taken."""
    sources, rules = request.app[CITIZENS], request[USER].may(Permission.MANAGE_RETENTION)
    shown = typed or TypedCard(
        name=one.name, address=one.address, numbers="\n".join(one.numbers), seen=seen(one)
    )
    return render(
        request,
        "citizens/card.html.jinja2",
        status=422 if errors else 200,
        one=one,
        typed=shown,
        errors=errors or {},
        done=done,
        history=await sources.cards.history(one.id),
        reasons=await sources.data.reasons(one.id, sources.kept),
        rules=rules,
        users={user.id: user.name for user in await sources.users.all()},
        longest=LONGEST,
        person=await sources.callers.of_citizen(one, MOST_TOLD),
        outages=await _outages(sources, one),
        **CONTEXT,
    )


async def _outages(sources: CitizenSources, one: CitizenCard) -> Sequence[Outage]:
    """Find what is off now at the addresses that are known of their numbers."""
    holding = await sources.outages.now(sources.clock.now())
    if not holding:
        return ()
    addresses = [place for number in one.numbers for place in await sources.known_places.addresses_of(number)]
    return concerning(addresses, holding) if addresses else ()


def to_card(citizen_id: int, done: str) -> web.Response:
    return web.Response(status=303, headers={hdrs.LOCATION: f"/citizens/{citizen_id}?done={done}"})


def seen(one: CitizenCard) -> str:
    """Name the state that a form was made from, to be compared when it comes back."""
    return sha256("\n".join([one.name, one.address, *one.numbers]).encode()).hexdigest()


def _read(
    was: CitizenCard, typed: TypedCard
) -> tuple[CitizenCard, Mapping[str, tuple[str, Mapping[str, str]]]]:
    errors: dict[str, tuple[str, Mapping[str, str]]] = {}
    name, address = (" ".join(text.split()) for text in (typed.name, typed.address))
    if not 0 < len(name) <= LONGEST:
        errors["name"] = NO_NAME, {}
    if len(address) > LONGEST:
        errors["address"] = LONG_ADDRESS, {}
    lines = [line.strip() for line in typed.numbers.splitlines() if line.strip()]
    read = {line: e164(line) for line in lines}
    if wrong := [line for line, number in read.items() if number is None]:
        errors["numbers"] = NO_NUMBER, {"given": wrong[0][:40]}
    elif len(lines) > MOST_NUMBERS:
        errors["numbers"] = MANY_NUMBERS, {}
    numbers = tuple(sorted({number for number in read.values() if number}))
    return CitizenCard(id=was.id, name=name, address=address, numbers=numbers), errors
