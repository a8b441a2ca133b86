"""Look-ups while the dispatcher types: categories, addresses, people, similar earlier appeals."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from aiohttp import web

from cti_server.appeals.form.asked import asked_of
from cti_server.appeals.form.asked_anew import asked_anew
from cti_server.appeals.form.calling import read_calling
from cti_server.appeals.form.filled import Filled
from cti_server.appeals.form.outage_there import outage_there
from cti_server.appeals.form.showing import show, typed
from cti_server.appeals.form.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.registering import Similar
from hotline.city.address_search import Unknown, offered_addresses
from hotline.city.classifier import classifier
from hotline.errors import NotFound
from hotline.outages.outage import Outage

UNKNOWN: Mapping[str, str] = {
    Unknown.STREET: N_("No such street in the register: it can be written down all the same."),
    Unknown.HOUSE: N_("No such house in the register: it can be written down all the same."),
}
ALIKE_FOR = timedelta(days=30)
_REGISTER = allowed(Permission.REGISTER_APPEALS)


@_REGISTER
async def categories(request: web.Request) -> web.Response:
    """`?category_search=` as typed so far; all by their sections for nothing, and where nothing is found."""
    text = request.query.get("category_search", "").strip()
    found = await request.app[APPEALS].categories.find(text) if text else ()
    return _part(request, "categories", found=found, text=text, by_section=classifier().by_section())


@_REGISTER
async def asked(request: web.Request) -> web.Response:
    """`?category=` as it was chosen, `?address=` so far: its questions, its guide, its ready answers.

    `?of=` is an appeal that is put right: questions alone, answers in them; `?within=` begins their ids.
    """
    category = request.query.get("category", "")
    if number := request.query.get("of"):
        return await _asked_anew(request, number, category)
    known = {"address": request.query.get("address", "").strip()}
    return _part(request, "asked", **asked_of(request, category, known))


async def _asked_anew(request: web.Request, number: str, category: str) -> web.Response:
    sources = request.app[APPEALS]
    appeal = await sources.registry.find(number)
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    await audit(request, Action.VIEW, f"appeal:{number}", "amend")
    within = request.query.get("within", "")
    asked = asked_anew(appeal, {"category": category}, sources.timezone, within=within)
    return _part(request, "asked_anew", asked=asked, wrong={})


@_REGISTER
async def proposals(request: web.Request) -> web.Response:
    """The form as it stands: what its text, and what the caller says, may be of, while no category is chosen.

    What is typed counts first. Nothing is chosen here.
    """
    sources, filled = request.app[APPEALS], Filled(await typed(request))
    talk = sources.live.of(filled["call"], request[USER].dispatcher_id)
    said = talk.of_caller if talk else ""
    found = () if filled["category"] else await sources.proposals.of(f"{filled['text']} {said}")
    return _part(request, "proposals", found=found, heard=bool(said))


@_REGISTER
async def addresses(request: web.Request) -> web.Response:
    """`?address=` as typed so far."""
    offered = await offered_addresses(request.app[APPEALS].streets, request.query.get("address", ""))
    return _part(request, "addresses", offered=offered, unknown=UNKNOWN.get(offered.unknown or "", ""))


@_REGISTER
async def people(request: web.Request) -> web.Response:
    """`?name=` as typed so far: people whom the register knows by it."""
    text = request.query.get("name", "")
    found = await request.app[APPEALS].citizens.find(text)
    if found:
        await audit(request, Action.SEARCH, "citizens", text)
    return _part(request, "people", found=found, chosen=request.query.get("applicant", ""))


@_REGISTER
async def benefits(request: web.Request) -> web.Response:
    """`?applicant=`: their categories, to be ticked."""
    of = request.query.get("applicant", "")
    known = Filled({"applicant": of}).citizen_id
    ticked: Sequence[str] = ()
    if known is not None:
        ticked = (await request.app[APPEALS].citizens.get(known)).benefits
        await audit(request, Action.VIEW, f"citizen:{known}", "categories")
    return _part(request, "benefits", of=of, ticked=ticked)


@_REGISTER
async def similar(request: web.Request) -> web.Response:
    """Earlier appeals that may be about the same, by the form as it stands."""
    filled = Filled(dict(request.query))
    found = await alike(request, filled)
    for one in found:
        await audit(request, Action.VIEW, f"appeal:{one.appeal.number}", "similar")
    of = {"outage": await outage_of(request, filled), "of": filled["outage"]}
    return _part(request, "similar", found=found, chosen=filled["earlier"], fault="", **of)


async def outage_of(request: web.Request, filled: Filled) -> Outage | None:
    """Find the outage that this form may be about."""
    sources = request.app[APPEALS]
    return await outage_there(
        sources.outages,
        sources.streets,
        category=filled["category"],
        address=filled["address"],
        at=sources.clock.now(),
    )


async def alike(request: web.Request, filled: Filled) -> Sequence[Similar]:
    """Find earlier appeals of this form's category and address."""
    sources = request.app[APPEALS]
    if not filled["category"] or not filled["address"].strip():
        return ()
    calling = await read_calling(request, filled["call"])
    return await sources.registry.similar(
        category=filled["category"],
        address=await sources.streets.present(filled["address"].strip()),
        number=calling.number,
        applicant=filled.citizen_id,
        since=sources.clock.now() - ALIKE_FOR,
    )


def _part(request: web.Request, name: str, **context: object) -> web.Response:
    return show(request, name, context)
