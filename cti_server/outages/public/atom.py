"""Atom (RFC 4287): an entry for each order and outage, renewed under the same name whenever it changes."""

from xml.etree.ElementTree import Element, register_namespace, tostring

from cti_server.outages.public.feed import Feed
from cti_server.outages.public.xml_text import xml_child
from hotline.outages.bulletin import PublishedOutage, ToldOrder

ATOM = "http://www.w3.org/2005/Atom"
register_namespace("", ATOM)


def atom(feed: Feed) -> str:
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.words.language})
    _add(root, "id", feed.itself)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.changed_at.isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.itself)
    _add(root, "link", rel="alternate", type="text/html", href=f"{feed.site}/outages")
    _add(_add(root, "author"), "name", feed.words.say("Hotline"))
    for order in feed.place.bulletin.orders:
        _order(root, feed, order)
    for told in feed.place.bulletin.all:
        _entry(root, feed, told)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _entry(root: Element, feed: Feed, told: PublishedOutage) -> None:
    page, outage = feed.page(told.outage.id), told.outage
    entry = _add(root, "entry")
    _add(entry, "id", page)
    _add(entry, "title", feed.headline(told))
    _add(entry, "link", rel="alternate", type="text/html", href=page)
    _add(entry, "published", outage.entered_at.isoformat())
    _add(entry, "updated", told.changed_at.isoformat())
    _add(entry, "category", term=outage.utility.value)
    _add(entry, "content", "\n".join(feed.words.story(told)), type="text")


def _order(root: Element, feed: Feed, order: ToldOrder) -> None:
    page = feed.order_page(order.id)
    entry = _add(root, "entry")
    _add(entry, "id", page)
    _add(entry, "title", order.subject)
    _add(entry, "link", rel="alternate", type="text/html", href=page)
    _add(entry, "published", order.since.isoformat())
    _add(entry, "updated", order.changed_at.isoformat())
    _add(entry, "category", term="order")
    _add(entry, "content", "\n".join(feed.order_story(order)), type="text")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    return xml_child(parent, f"{{{ATOM}}}{name}", text, **attributes)
