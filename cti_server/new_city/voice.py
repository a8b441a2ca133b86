"""The step of the voice: phrases are spoken beside the page, which tells of it and plays the greeting."""

from http import HTTPStatus

from aiohttp import web

from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, in_setup
from hotline.errors import NotFound
from hotline.new_city.setup import SetupStep
from hotline.voice.speech import Language, NotSpoken

GREETING = "welcome"


@in_setup
async def page(request: web.Request) -> web.Response:
    return await _page(request, "new_city/voice.html.jinja2")


@in_setup
async def progress(request: web.Request) -> web.Response:
    """Tell how far it is, for a page that polls."""
    return await _page(request, "new_city/voice_progress.html.jinja2")


@in_setup
async def act(request: web.Request) -> web.Response:
    """Begin, go on, or stop."""
    speaking = request.app[NEW_CITY].speaking
    if (await request.post()).get("do") == "stop":
        speaking.stop()
    else:
        speaking.begin()
    raise web.HTTPSeeOther(f"{PATH}/{SetupStep.VOICE}")


@in_setup
async def greeting(request: web.Request) -> web.Response:
    """Play what the first words of a call will be."""
    sources = request.app[NEW_CITY]
    try:
        language = Language(request.match_info["language"])
        phrase = await sources.book.named(GREETING)
        sample = await sources.studio.sample(phrase, language)
    except (ValueError, NotSpoken) as error:
        raise NotFound("There is no such greeting.") from error
    return web.Response(body=sample.wav, content_type="audio/wav", headers={"Cache-Control": "no-store"})


async def _page(request: web.Request, template: str) -> web.Response:
    sources = request.app[NEW_CITY]
    return render(
        request,
        template,
        status=HTTPStatus.OK,
        so_far=sources.speaking.so_far(),
        spoken=SetupStep.VOICE in (await sources.setup.get()).done,
        greeting=await sources.book.named(GREETING),
        languages=[one.value for one in Language],
        Language=Language,
        root=PATH,
    )
