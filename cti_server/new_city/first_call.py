"""The last step: the number is called, and the page tells that it was answered and what was heard."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.frame.language import language_of
from cti_server.frame.pages import render
from cti_server.new_city.door import NEW_CITY, PATH, in_setup, noted
from cti_server.new_city.sources import LINE_SETTINGS, NewCitySources
from hotline.calls.call import MEANWHILE, CallRecord, Direction, Step
from hotline.documents.document import DocumentKind
from hotline.errors import NotFound
from hotline.new_city.setup import SetupStep
from hotline.voice.speech import Language

_NUMBER, _TRUNK = LINE_SETTINGS[:2]


@in_setup
async def page(request: web.Request) -> web.Response:
    return await _page(request, "new_city/trial.html.jinja2")


@in_setup
async def progress(request: web.Request) -> web.Response:
    """Tell how the call goes, for a page that polls."""
    return await _page(request, "new_city/trial_progress.html.jinja2")


@in_setup
async def call(request: web.Request) -> web.Response:
    """Have this machine call the number."""
    request.app[NEW_CITY].trial.begin(language_of(request))
    raise web.HTTPSeeOther(f"{PATH}/{SetupStep.TRIAL}")


async def _page(request: web.Request, template: str) -> web.Response:
    sources = request.app[NEW_CITY]
    line, setup, so_far = sources.line.now(), await sources.setup.get(), sources.trial.so_far()
    answered = await _answered(sources)
    heard = await _heard(sources, answered) if answered else ()
    if heard and not so_far.running and SetupStep.TRIAL not in setup.done:
        await noted(request, SetupStep.TRIAL)
    return render(
        request,
        template,
        so_far=so_far,
        number=line[_NUMBER],
        by_trunk=bool(line[_TRUNK]),
        answered=answered,
        heard=heard,
        root=PATH,
    )


async def _answered(sources: NewCitySources) -> CallRecord | None:
    """Find the latest call, if it was answered by this number and in this city's name; None before."""
    named = (await sources.documents.present(DocumentKind.CITY)).in_force_since
    since = max(filter(None, (sources.begun, named)))
    calls = [one for one in await sources.calls.recent(1) if one.direction is Direction.INCOMING]
    return next((one for one in calls if one.answered_at and one.answered_at > since), None)


async def _heard(sources: NewCitySources, call: CallRecord) -> Sequence[str]:
    """Give the sentences that were said in the call, in its language."""
    names = [
        name
        for step in await sources.calls.journey(call.id)
        if step.step is Step.HEARD and MEANWHILE not in step.detail
        for name in str(step.detail.get("phrases", "")).split()
    ]
    return [said for name in names if (said := await _said(sources, name, call.language))]


async def _said(sources: NewCitySources, name: str, language: Language) -> str:
    try:
        return (await sources.book.named(name)).written(language)
    except NotFound:
        return ""
