"""`/matters`: what the city was told of and how it stands, for anybody; nothing in it is about a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from yarl import URL

from cti_server.appeals.form.sources import APPEALS
from cti_server.auth.access import public
from cti_server.clients import counted_as
from cti_server.frame.language import N_
from cti_server.frame.words import APPEAL_STATES
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal.account import MATTERS, signed_in, whose
from cti_server.portal.sources import PORTAL
from hotline.city.addresses import Gazetteer
from hotline.city.classifier import last_known
from hotline.errors import NotFound
from hotline.portal.matters import (
    MatterFilter,
    PublicMatter,
    Standing,
    public_categories,
    shown_categories,
)

PATH = MATTERS
SHOWN = 20
_LONGEST = 120
_LONGEST_NUMBER = 12
_MOST_FOUND = 6
_STANDINGS: Mapping[str, str] = {
    "": N_("all matters"),
    Standing.OPEN: N_("open ones"),
    Standing.CLOSED: N_("closed ones"),
}
_NOT_UNDERSTOOD = N_("We know no such number, street or topic. Choose the topic from the list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMatters:
    """The filters of the list as its address has them; what is unknown does not filter."""

    wanted: MatterFilter
    behind: str = ""

    @property
    def query(self) -> dict[str, str]:
        fields = {
            "topic": self.wanted.category,
            "street": self.wanted.street,
            "state": self.wanted.standing or "",
        }
        return {name: value for name, value in fields.items() if value}

    def without(self, name: str) -> str:
        return str(URL(PATH).with_query({key: one for key, one in self.query.items() if key != name}))


def asked_of(request: web.Request, gazetteer: Gazetteer) -> AskedMatters:
    """Read the filters of a list's address, or of its feed's."""
    topic, state = request.query.get("topic", ""), request.query.get("state", "")
    behind = request.query.get("behind", "")
    return AskedMatters(
        wanted=MatterFilter(
            standing=Standing(state) if state in list(Standing) else None,
            category=topic if topic in public_categories() else "",
            street=gazetteer.street(request.query.get("street", "")[:_LONGEST]) or "",
        ),
        behind=behind if _is_number(behind) else "",
    )


@public
async def page(request: web.Request) -> web.Response:
    """List the matters that fit; what is typed into the box leads to the list that it means."""
    count_in(request)
    sources = request.app[PORTAL]
    gazetteer = await sources.streets.gazetteer()
    asked, typed = asked_of(request, gazetteer), request.query.get("q", "").strip()[:_LONGEST]
    if typed and (meant := await _meant(request, typed, gazetteer, asked)):
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": meant})
    found = await sources.matters.find(asked.wanted, limit=SHOWN + 1, behind=asked.behind)
    further = found[SHOWN - 1].number if len(found) > SHOWN else ""
    return rendered_page(
        request,
        "portal/matters.html.jinja2",
        asked_matters=asked,
        typed=typed,
        fault=_NOT_UNDERSTOOD if typed else "",
        found=found[:SHOWN],
        further=str(URL(PATH).with_query({**asked.query, "behind": further})) if further else "",
        first=str(URL(PATH).with_query(asked.query)) if asked.behind else "",
        feed=str(URL(f"{PATH}.atom").with_query(asked.query)),
        topics=shown_categories(),
        standings=_STANDINGS,
        **matter_context(gazetteer),
    )


@public
async def one(request: web.Request) -> web.Response:
    """Show one matter; raises NotFound for what is nobody's to read, as for what there is not."""
    count_in(request)
    return await shown_matter(request, await found_matter(request))


async def found_matter(request: web.Request) -> PublicMatter:
    """Find the matter that the address names; raises NotFound."""
    found = await request.app[PORTAL].matters.one(request.match_info["number"])
    if found is None:
        raise NotFound("There is no such matter in the public list.")
    return found


async def may_join(request: web.Request, matter: PublicMatter) -> str:
    """Give the street on which others may have the same; "" where they cannot join it."""
    gazetteer = await request.app[PORTAL].streets.gazetteer()
    return street_of(gazetteer)(matter) if matter.work_owed else ""


async def shown_matter(
    request: web.Request, matter: PublicMatter, *, fault: str = "", status: HTTPStatus = HTTPStatus.OK
) -> web.Response:
    """Show one matter, and how to join it."""
    who = await signed_in(request)
    return rendered_page(
        request,
        "portal/matter.html.jinja2",
        status,
        one=matter,
        joined_on=await may_join(request, matter),
        who=who,
        whose=whose(request, f"join {matter.number}", who) if who else "",
        fault=fault,
        now=request.app[PORTAL].accounts.clock.now(),
        **matter_context(await request.app[PORTAL].streets.gazetteer()),
    )


def count_in(request: web.Request) -> None:
    """Count a reading of this network; raises TooManyRequests."""
    request.app[PORTAL].reads.take(counted_as(request))


def matter_context(gazetteer: Gazetteer) -> dict[str, Any]:
    """Give what a template needs to show a matter."""
    return {
        "APPEAL_STATES": APPEAL_STATES,
        "topic_of": lambda one: last_known(one.category),
        "street_of": street_of(gazetteer),
    }


def street_of(gazetteer: Gazetteer) -> Callable[[PublicMatter], str]:
    """Name a matter's street or quarter: only by the register, since people write anything as an address."""
    return lambda one: gazetteer.street(one.place) or ""


async def _meant(request: web.Request, typed: str, gazetteer: Gazetteer, asked: AskedMatters) -> str:
    """Give the address that the typed words mean: a matter's own, or the list of a street or topic."""
    digits = "".join(typed.split()).removeprefix("№")
    if _is_number(digits):
        found = await request.app[PORTAL].matters.one(digits)
        return f"{PATH}/{found.number}" if found else ""
    located = gazetteer.locate(typed)
    street = gazetteer.street(typed) or (located.street if located else "")
    if street:
        return str(URL(PATH).with_query({**asked.query, "street": street}))
    topics: Sequence[str] = [
        one.code
        for one in await request.app[APPEALS].categories.find(typed, _MOST_FOUND)
        if one.code in public_categories()
    ]
    return str(URL(PATH).with_query({**asked.query, "topic": topics[0]})) if topics else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
