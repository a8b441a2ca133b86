"""RSS 2.0, for readers that know nothing newer; the same as the Atom feed says."""

from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from cti_server.outages.public.feed import Feed
from cti_server.outages.public.xml_text import xml_child
from hotline.outages.bulletin import PublishedOutage, ToldOrder

MINUTES = "5"
"""How often a reader may ask."""


def rss(feed: Feed) -> str:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    xml_child(channel, "title", feed.title)
    xml_child(channel, "link", f"{feed.site}/outages")
    xml_child(channel, "description", feed.title)
    xml_child(channel, "language", feed.words.language)
    xml_child(channel, "lastBuildDate", format_datetime(feed.changed_at))
    xml_child(channel, "ttl", MINUTES)
    for order in feed.place.bulletin.orders:
        _order(channel, feed, order)
    for told in feed.place.bulletin.all:
        _item(channel, feed, told)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _item(channel: Element, feed: Feed, told: PublishedOutage) -> None:
    outage = told.outage
    item = SubElement(channel, "item")
    xml_child(item, "title", feed.headline(told))
    xml_child(item, "link", feed.page(outage.id))
    # Readers show an item again when its name is another, so each version has its own.
    xml_child(item, "guid", f"{feed.page(outage.id)}#{outage.version}")
    xml_child(item, "pubDate", format_datetime(told.changed_at))
    xml_child(item, "category", outage.utility.value)
    xml_child(
        item, "description", "<br>".join(map(escape, feed.words.story(told)))
    )  # readers take it for HTML


def _order(channel: Element, feed: Feed, order: ToldOrder) -> None:
    item = SubElement(channel, "item")
    xml_child(item, "title", order.subject)
    xml_child(item, "link", feed.order_page(order.id))
    xml_child(item, "guid", feed.order_page(order.id))
    xml_child(item, "pubDate", format_datetime(order.since))
    xml_child(item, "category", "order")
    xml_child(item, "description", "<br>".join(map(escape, feed.order_story(order))))
