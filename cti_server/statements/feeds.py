"""News as feeds, Atom (RFC 4287) and RSS 2.0: a correction renews an entry, and says what it corrects."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from attrs import frozen

from cti_server.frame.language import N_
from cti_server.outages.public.words import Words
from cti_server.outages.public.xml_text import xml_child
from hotline.appeals.attachments import PHOTO
from hotline.statements.statements import PublicStatement, StatementPicture

_ATOM = "http://www.w3.org/2005/Atom"
register_namespace("", _ATOM)
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'


@frozen(kw_only=True)
class NewsFeed:
    """What a feed tells. `site` is the address of our pages from outside, `path` and `query` its own."""

    found: Sequence[PublicStatement]
    changed_at: datetime
    words: Words
    site: str
    path: str
    query: str

    @property
    def title(self) -> str:
        return self.words.say(N_("News of the hotline"))

    @property
    def itself(self) -> str:
        return f"{self.site}{self.path}{self.query}"

    def page(self, one: PublicStatement) -> str:
        return f"{self.site}/news/{one.id}{self.query}"

    def story(self, one: PublicStatement) -> Sequence[str]:
        """Tell all of it, a paragraph at a time; of a withdrawn one only that, and why."""
        if one.withdrawn_at:
            return [self.words.say(N_("Withdrawn: %(why)s"), why=one.reason)]
        corrected = [
            self.words.say(N_("Corrected: %(what)s"), what=version.correction) for version in one.corrections
        ]
        return [*corrected, *one.present.wording(self.words.language).paragraphs]

    def picture(self, one: PublicStatement) -> tuple[str, StatementPicture] | None:
        """Give its address and the picture; None without one."""
        found = None if one.withdrawn_at else one.present.picture
        return None if found is None else (f"{self.site}/news/pictures/{found.key}.jpg", found)

    def headline(self, one: PublicStatement) -> str:
        return one.present.wording(self.words.language).title


def atom(feed: NewsFeed) -> str:
    root = Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.words.language})
    _add(root, "id", feed.itself)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.changed_at.isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.itself)
    _add(root, "link", rel="alternate", type="text/html", href=f"{feed.site}/news{feed.query}")
    _add(_add(root, "author"), "name", feed.words.say(N_("Hotline")))
    for one in feed.found:
        entry = _add(root, "entry")
        _add(entry, "id", feed.page(one))
        _add(entry, "title", feed.headline(one))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.page(one))
        if pictured := feed.picture(one):
            address, picture = pictured
            _add(
                entry,
                "link",
                rel="enclosure",
                type=PHOTO,
                href=address,
                length=str(picture.bytes),
                title=picture.alt(feed.words.language),
            )
        _add(entry, "published", one.published_at.isoformat())
        _add(entry, "updated", one.changed_at.isoformat())
        _add(entry, "content", "\n\n".join(feed.story(one)), type="text")
    return _DECLARED + tostring(root, encoding="unicode")


def rss(feed: NewsFeed) -> str:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    for name, text in (
        ("title", feed.title),
        ("link", f"{feed.site}/news{feed.query}"),
        ("description", feed.title),
        ("language", feed.words.language),
        ("lastBuildDate", format_datetime(feed.changed_at)),
    ):
        xml_child(channel, name, text)
    for one in feed.found:
        item = SubElement(channel, "item")
        xml_child(item, "title", feed.headline(one))
        xml_child(item, "link", feed.page(one))
        # Readers show an item again when its name is another, so each change has its own.
        xml_child(item, "guid", f"{feed.page(one)}#{int(one.changed_at.timestamp())}")
        xml_child(item, "pubDate", format_datetime(one.changed_at))
        story = [*map(escape, feed.story(one))]
        if pictured := feed.picture(one):
            address, picture = pictured
            xml_child(item, "enclosure", url=address, type=PHOTO, length=str(picture.bytes))
            said = escape(picture.alt(feed.words.language))
            story.append(f'<img src="{escape(address)}" alt="{said}">')
        xml_child(item, "description", "<br><br>".join(story))  # taken for HTML
    return _DECLARED + tostring(root, encoding="unicode")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    return xml_child(parent, f"{{{_ATOM}}}{name}", text, **attributes)
