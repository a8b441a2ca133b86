"""Bodies with their telephones and hours for everybody: found by words, read without scripts."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.directory.sources import DIRECTORY
from cti_server.directory.words import DirectoryWords
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC
from hotline.directory.bodies import bodies_in_force, shown_to_residents
from hotline.directory.entries import entries, having

PATH = "/contacts"
LONGEST = 100


@public
async def page(request: web.Request) -> web.Response:
    """`?q=` are words, or a part of a number; all that is public without them."""
    sources, typed = request.app[DIRECTORY], request.query.get("q", "").strip()[:LONGEST]
    bodies = shown_to_residents(bodies_in_force())
    every = entries(bodies, [])
    found = await having(every, typed, sources.lemmas) if typed else every
    asked = asked_of(request)
    words = DirectoryWords(bodies, sources.local(), asked.language)
    context = {
        "theme": asked.theme,
        "here": PATH,
        "number": request.app[PUBLIC].number,
        "found": found,
        "typed": typed,
        "words": words,
    }
    text = request.app[PAGES].text(asked.language, "directory/public.html.jinja2", context)
    return web.Response(text=text, content_type="text/html")
