"""`/matters.atom`: the list of matters as an Atom feed , with the same filters and as little in it."""

from xml.etree.ElementTree import Element, tostring

from aiohttp import web
from yarl import URL

from cti_server.auth.access import open_to_all
from cti_server.frame.language import words
from cti_server.frame.words import APPEAL_STATES
from cti_server.outages.public.atom import ATOM
from cti_server.outages.public.sending import FEED
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.xml_text import xml_child
from cti_server.portal.matters import PATH, AskedMatters, asked_of, count_in, street_of
from cti_server.portal.sources import PORTAL
from hotline.city.classifier import last_known
from hotline.portal.matters import PublicMatter

MOST = 50


@open_to_all
async def atom(request: web.Request) -> web.Response:
    """Give the newest matters that fit, in Ukrainian; `lang=en` for English."""
    count_in(request)
    sources = request.app[PORTAL]
    gazetteer = await sources.streets.gazetteer()
    asked = asked_of(request, gazetteer)
    found = await sources.matters.find(asked.wanted, limit=MOST)
    language = "en" if request.query.get("lang") == "en" else "uk"
    told = [(one, street_of(gazetteer)(one)) for one in found]
    return web.Response(
        text=_written(request, asked, told, language),
        content_type="application/atom+xml",
        charset="utf-8",
        headers={**FEED, "Cache-Control": "no-cache"},  # words that are taken back are gone at once
    )


def _written(
    request: web.Request, asked: AskedMatters, told: list[tuple[PublicMatter, str]], language: str
) -> str:
    site, gettext = request.app[PUBLIC].address, words(language).gettext
    query = asked.query | ({"lang": language} if language != "uk" else {})
    itself = site + str(URL(f"{PATH}.atom").with_query(query))
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    changed = max((one.since for one, _ in told), default=request.app[PORTAL].accounts.clock.now())
    _add(root, "id", itself)
    _add(root, "title", gettext("Matters of the city"))
    _add(root, "updated", changed.isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=itself)
    _add(root, "link", rel="alternate", type="text/html", href=site + str(URL(PATH).with_query(asked.query)))
    _add(_add(root, "author"), "name", gettext("Hotline"))
    for one, street in told:
        page, category = f"{site}{PATH}/{one.number}", last_known(one.category)
        entry = _add(root, "entry")
        _add(entry, "id", page)
        name = category.name(language) if category else one.category
        _add(entry, "title", f"№ {one.number}: {name}" + (f", {street}" if street else ""))
        _add(entry, "link", rel="alternate", type="text/html", href=page)
        _add(entry, "published", one.registered_at.isoformat())
        _add(entry, "updated", one.since.isoformat())
        _add(entry, "category", term=one.category)
        said = [
            gettext(APPEAL_STATES[one.state]),
            *([one.enterprise] if one.enterprise else []),
            *([one.words] if one.words else []),
        ]
        _add(entry, "content", ". ".join(said), type="text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    return xml_child(parent, f"{{{ATOM}}}{name}", text, **attributes)
