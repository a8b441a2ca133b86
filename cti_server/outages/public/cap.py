"""Emergencies and orders as alerts of CAP 1.2 (OASIS), for programs that warn people.

A message never changes: each version of an outage is one of its own, which names those before it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, register_namespace, tostring

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.frame.language import N_
from cti_server.outages.public.published import Made
from cti_server.outages.public.sending import FEED, send
from cti_server.outages.public.sources import PUBLIC, PublicSources
from cti_server.outages.public.words import Words
from cti_server.outages.public.xml_text import xml_child
from hotline.city.classifier import Utility
from hotline.errors import NotFound
from hotline.outages.bulletin import Bulletin, PublishedOutage, ToldOrder
from hotline.outages.outage import OVER_FOR, OutageKind

PATH = "/cap"
CONTENT_TYPE = "application/cap+xml"
_ATOM, _CAP = "http://www.w3.org/2005/Atom", "urn:oasis:names:tc:emergency:cap:1.2"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
_LANGUAGES = {"uk": "uk-UA", "en": "en-US"}
_SEVERE = frozenset({Utility.GAS, Utility.HEAT, Utility.POWER})
"""Without which people may come to harm."""
register_namespace("", _ATOM)
register_namespace("cap", _CAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `before` are the identifiers of those that it takes the place of, with their moments."""

    identifier: str
    sent: datetime
    kind: str
    """Alert, Update or Cancel."""
    before: Sequence[tuple[str, datetime]] = ()
    of: PublishedOutage | ToldOrder


def messages(bulletin: Bulletin) -> Sequence[Message]:
    """Make the messages that hold: of each emergency and of each order the latest."""
    outages = [one for one in bulletin.all if one.outage.kind is OutageKind.EMERGENCY]
    return [*map(_of_outage, outages), *map(_of_order, bulletin.orders), *map(_of_order, bulletin.stopped)]


@open_to_all
async def index(request: web.Request) -> web.Response:
    """List the messages that hold as an Atom feed, each with a link to itself."""
    sources = request.app[PUBLIC]

    async def make(bulletin: Bulletin) -> Made:
        changed = bulletin.changed_at or bulletin.drawn_at
        return Made(text=_index(sources, messages(bulletin), changed), content_type=_types("atom"))

    return send(request, await sources.published.rendered(("cap",), make), FEED)


@open_to_all
async def alert(request: web.Request) -> web.Response:
    """Give one message; raises NotFound for one that does not hold (any more)."""
    sources, name = request.app[PUBLIC], request.match_info["id"]

    async def make(bulletin: Bulletin) -> Made:
        found = next((one for one in messages(bulletin) if one.identifier == name), None)
        if found is None:
            raise NotFound("There is no alert %(name)s.", name=name)
        return Made(text=_alert(sources, found), content_type=_types("cap"))

    return send(request, await sources.published.rendered(("cap", name), make), FEED)


def _types(kind: str) -> str:
    return f"application/{kind}+xml; charset=utf-8"


def _of_outage(told: PublishedOutage) -> Message:
    outage = told.outage
    named = [(f"outage-{outage.id}-v{version}", at) for version, at in told.versions]
    *before, (identifier, sent) = named or [(f"outage-{outage.id}-v{outage.version}", told.changed_at)]
    kind = "Cancel" if outage.cancelled else "Update" if before else "Alert"
    return Message(identifier=identifier, sent=sent, kind=kind, before=before, of=told)


def _of_order(order: ToldOrder) -> Message:
    alert = Message(identifier=f"order-{order.id}", sent=order.since, kind="Alert", of=order)
    if order.stopped_at is None:
        return alert
    before = [(alert.identifier, alert.sent)]
    return Message(
        identifier=f"order-{order.id}-stopped",
        sent=order.stopped_at,
        kind="Cancel",
        before=before,
        of=order,
    )


def _alert(sources: PublicSources, message: Message) -> str:
    root, sender = Element(f"{{{_CAP}}}alert"), _sender(sources)
    _add(root, "identifier", message.identifier)
    _add(root, "sender", sender)
    _add(root, "sent", _moment(sources, message.sent))
    _add(root, "status", "Test" if sources.trial else "Actual")
    _add(root, "msgType", message.kind)
    _add(root, "scope", "Public")
    if message.before:
        named = (f"{sender},{name},{_moment(sources, at)}" for name, at in message.before)
        _add(root, "references", " ".join(named))
    for language in _LANGUAGES:
        words = Words(language, sources.timezone, sources.published.clock.now(), lasting=True)
        if isinstance(message.of, ToldOrder):
            _order_info(root, sources, message, message.of, words)
        else:
            _outage_info(root, sources, message, message.of, words)
    return _DECLARED + tostring(root, encoding="unicode")


def _outage_info(
    root: Element, sources: PublicSources, message: Message, told: PublishedOutage, words: Words
) -> None:
    outage = told.outage
    fields = {
        "event": words.title(outage),
        "responseType": "AllClear" if outage.over else "Monitor",
        "urgency": "Past" if outage.over else "Immediate",
        "severity": "Severe" if outage.utility in _SEVERE else "Moderate",
        "effective": _moment(sources, message.sent),
        "onset": _moment(sources, outage.starts_at),
        "expires": _moment(sources, _expires(told, message.sent)),
        "headline": f"{words.title(outage)}. {'; '.join(words.where(outage))}",
        "description": "\n".join(words.story(told)),
        "web": f"{sources.address}/outages/{outage.id}",
    }
    _info(root, sources, words, fields, "; ".join(words.where(outage)))


def _order_info(
    root: Element, sources: PublicSources, message: Message, order: ToldOrder, words: Words
) -> None:
    stopped = order.stopped_at is not None
    fields = {
        "event": order.subject,
        "responseType": "AllClear" if stopped else "Monitor",
        "urgency": "Past" if stopped else "Expected",
        "severity": "Unknown",
        "effective": _moment(sources, message.sent),
        "onset": _moment(sources, order.since),
        "expires": _moment(sources, _order_expires(order)),
        "headline": order.subject,
        "description": f"{order.text}\n{words.ordered(order)}",
        "web": f"{sources.address}/outages#order-{order.id}",
    }
    _info(root, sources, words, fields, "; ".join(words.places(order.areas)))


def _info(root: Element, sources: PublicSources, words: Words, fields: Mapping[str, str], where: str) -> None:
    """Write what is told in one language, in the order of the schema."""
    info = _add(root, "info")
    _add(info, "language", _LANGUAGES[words.language])
    _add(info, "category", "Infra")
    for name in ("event", "responseType", "urgency", "severity"):
        _add(info, name, fields[name])
    _add(info, "certainty", "Observed")
    for name in ("effective", "onset", "expires"):
        _add(info, name, fields[name])
    _add(info, "senderName", words.say("Hotline"))
    for name in ("headline", "description"):
        _add(info, name, fields[name])
    _add(info, "web", fields["web"])
    _add(info, "contact", sources.number)
    _add(_add(info, "area"), "areaDesc", where)


def _expires(told: PublishedOutage, sent: datetime) -> datetime:
    """Tell how long the message holds: until the expected end, or a day where there is none to come."""
    end = told.outage.expected_end
    return end if end is not None and end > sent and not told.outage.over else sent + OVER_FOR


def _order_expires(order: ToldOrder) -> datetime:
    """Give until when the message holds: one that ends an order, as long as the feed has it."""
    if order.stopped_at is not None:
        return order.stopped_at + OVER_FOR
    return order.until or order.since + OVER_FOR


def _index(sources: PublicSources, held: Sequence[Message], changed_at: datetime) -> str:
    root, words = Element(f"{{{_ATOM}}}feed"), Words("uk", sources.timezone, changed_at, lasting=True)
    itself = f"{sources.address}{PATH}.atom"
    _entry_part(root, "id", itself)
    _entry_part(root, "title", words.say(N_("Alerts of the city")))
    _entry_part(root, "updated", changed_at.isoformat())
    _entry_part(root, "link", rel="self", type="application/atom+xml", href=itself)
    _entry_part(_entry_part(root, "author"), "name", words.say("Hotline"))
    for one in held:
        address = f"{sources.address}{PATH}/{one.identifier}.xml"
        entry = _entry_part(root, "entry")
        _entry_part(entry, "id", address)
        _entry_part(entry, "title", _title(one, words))
        _entry_part(entry, "updated", one.sent.isoformat())
        _entry_part(entry, "link", rel="alternate", type=CONTENT_TYPE, href=address)
    return _DECLARED + tostring(root, encoding="unicode")


def _title(message: Message, words: Words) -> str:
    return message.of.subject if isinstance(message.of, ToldOrder) else words.title(message.of.outage)


def _sender(sources: PublicSources) -> str:
    """Name us as the protocol has it: without spaces, commas and the signs of XML."""
    return re.sub(r"[\s,<&]", "", urlsplit(sources.address).netloc)


def _moment(sources: PublicSources, at: datetime) -> str:
    """Write a moment in the city's time; the protocol takes no `Z`, and whole seconds alone."""
    return at.astimezone(sources.timezone).isoformat(timespec="seconds")


def _add(parent: Element, name: str, text: str = "") -> Element:
    return xml_child(parent, f"{{{_CAP}}}{name}", text)


def _entry_part(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    return xml_child(parent, f"{{{_ATOM}}}{name}", text, **attributes)
