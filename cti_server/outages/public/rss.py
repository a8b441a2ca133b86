"""RSS 2.0, for readers that know nothing newer; the same as the Atom feed says."""

from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from cti_server.outages.public.feed import Feed
from cti_server.outages.public.xml_text import xml_text
from hotline.outages.bulletin import PublishedOutage, ToldOrder

MINUTES = "5"
"""How often a reader may ask."""


def rss(feed: Feed) -> str:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", f"{feed.site}/outages")
    _add(channel, "description", feed.title)
    _add(channel, "language", feed.words.language)
    _add(channel, "lastBuildDate", format_datetime(feed.changed_at))
    _add(channel, "ttl", MINUTES)
    for order in feed.place.bulletin.orders:
        _order(channel, feed, order)
    for told in feed.place.bulletin.all:
        _item(channel, feed, told)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _item(channel: Element, feed: Feed, told: PublishedOutage) -> None:
    outage = told.outage
    item = SubElement(channel, "item")
    _add(item, "title", feed.headline(told))
    _add(item, "link", feed.page(outage.id))
    # Readers show an item again when its name is another, so each version has its own.
    _add(item, "guid", f"{feed.page(outage.id)}#{outage.version}")
    _add(item, "pubDate", format_datetime(told.changed_at))
    _add(item, "category", outage.utility.value)
    _add(item, "description", "<br>".join(map(escape, feed.words.story(told))))  # readers take it for HTML


def _order(channel: Element, feed: Feed, order: ToldOrder) -> None:
    item = SubElement(channel, "item")
    _add(item, "title", order.subject)
    _add(item, "link", feed.order_page(order.id))
    _add(item, "guid", feed.order_page(order.id))
    _add(item, "pubDate", format_datetime(order.since))
    _add(item, "category", "order")
    _add(item, "description", "<br>".join(map(escape, feed.order_story(order))))


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = xml_text(text)
