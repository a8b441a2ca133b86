"""A trial of a form by a call to oneself: its answers count for nothing."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.frame.pages import render
from cti_server.frame.words import SURVEY_OUTCOMES
from cti_server.keys import USER
from cti_server.surveys.forms import MANAGE, PATH, show
from cti_server.surveys.sources import SURVEYS, SurveySources
from hotline.contact.numbers import E164
from hotline.dialling.calling_out import NotDialled, NumberRefusal, TooManyCalls
from hotline.errors import NotFound
from hotline.surveys.forms import COMPLETION
from hotline.voice.speech import Language

REFUSALS = {
    NumberRefusal.MALFORMED: N_("Write a whole number, such as 067 123 45 67."),
    NumberRefusal.PREMIUM: N_("Calls to this number cost extra: write another."),
    NumberRefusal.OURS: N_("This is the hotline's own number: give another."),
    NumberRefusal.NOT_ALLOWED: N_("This hotline does not call such numbers: write another."),
    NumberRefusal.INTERPRETER: N_("This is an interpreter's number: write another."),
}
TOO_MANY = N_("So many calls are enough for now: wait a few minutes.")


@MANAGE
async def call(request: web.Request) -> web.Response:
    """Have the number called that was typed, by the version on the page."""
    sources, typed, user = request.app[SURVEYS], await request.post(), request[USER]
    form_id, number = str(typed.get("form", "")), str(typed.get("number", ""))[:40]
    language = str(typed.get("language", ""))
    versions = await sources.forms.versions(COMPLETION)
    form = next((one for one in versions if str(one.id) == form_id), versions[0])
    try:
        dialled = _dialable(sources, number, user.id)
    except NotDialled as refused:
        fault = REFUSALS[refused.why]
    except TooManyCalls:
        fault = TOO_MANY
    else:
        trial = await sources.surveys.try_out(
            form.id,
            number=dialled,
            language=Language(language) if language in set(Language) else Language.UKRAINIAN,
            user_id=user.id,
            at=sources.clock.now(),
        )
        await audit(request, Action.CALL_OUT, f"number:{dialled}", f"survey-form:{COMPLETION} {form.version}")
        return web.Response(
            status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}/trials/{trial.id}#trial"}
        )
    return await show(
        request,
        versions,
        form,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        number=number,
        language=language,
        fault=fault,
    )


@MANAGE
async def trial(request: web.Request) -> web.Response:
    """How a trial stands; one's own alone. The page asks again until it is over."""
    sources = request.app[SURVEYS]
    survey = await sources.surveys.find(int(request.match_info["id"]))
    if survey is None or survey.tried_by != request[USER].id:
        raise NotFound("There is no such trial.")
    return render(
        request,
        "surveys/trial.html.jinja2",
        survey=survey,
        called=await sources.jobs.dialled_to(survey.number),
        OUTCOMES=SURVEY_OUTCOMES,
    )


def _dialable(sources: SurveySources, typed: str, user_id: int) -> str:
    number = sources.rules.dialable(typed)
    if not number.startswith(E164):
        raise NotDialled(NumberRefusal.NOT_ALLOWED)  # a machine never calls an emergency service
    sources.pace.take(user_id, sources.clock.now())
    return number
