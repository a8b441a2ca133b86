"""Acts on a task from its card, on the version that was seen."""

from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.acts.reading import Misread, first, read_input, sent_fields
from cti_server.audit import Action, audit
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.tasks.card import FORMS, ActForm, Tried, show, task_of
from cti_server.tasks.filters import PATH
from cti_server.tasks.inputs import INPUTS
from cti_server.tasks.listing import SEES
from cti_server.tasks.sources import TASKS
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.tasks.rights import may_act
from hotline.tasks.task import BeyondTheWhole, PartsOpen, Task, TaskAct

_FORMS = {form.event.value: form for form in FORMS}
OVERTAKEN = N_(
    "Somebody has changed this task meanwhile: look at it as it is now. Your words stand here still."
)
PARTS_OPEN = N_("Its parts are not done yet: end them first.")


@SEES
async def act(request: web.Request) -> web.Response:
    """Carry out `{act}`, with what was `said`."""
    task, form = await task_of(request), _FORMS.get(request.match_info["act"])
    if form is None:
        raise web.HTTPNotFound
    sent = sent_fields(await request.post())
    said = tidied(first(sent, "said")) if form.asks else ""
    try:
        read = read_input(INPUTS[form.event], sent)
    except Misread as error:
        return await _refused(request, task, form, said, next(iter(error.faults.values())).text)
    if not may_act(request[USER], task, form.event):
        return await _overtaken(request, task, form, said)
    sources, user = request.app[TASKS], request[USER]
    asked = TaskAct(event=form.event, by=user.id, at=sources.clock.now(), said=said)
    try:
        await sources.tasks.act(task.id, read.version, asked)
    except (Outdated, ForbiddenTransition):
        return await _overtaken(request, task, form, said)
    except (PartsOpen, BeyondTheWhole):
        return await _refused(request, task, form, said, PARTS_OPEN, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"task:{task.id}", form.event)
    return noted_at(f"{PATH}/{task.id}", Noted.TASK_ACTED)


async def _overtaken(request: web.Request, task: Task, form: ActForm, said: str) -> web.Response:
    """Show the task as it is now; what the same user has just done is done, and was sent twice."""
    latest = (await request.app[TASKS].tasks.history(task.id))[0]
    if (latest.event, latest.user_id, latest.said) == (form.event, request[USER].id, said):
        return noted_at(f"{PATH}/{task.id}", Noted.TASK_ACTED)
    fresh = await task_of(request)
    return await _refused(request, fresh, form, said, OVERTAKEN, HTTPStatus.CONFLICT)


async def _refused(  # noqa: PLR0917 - what was tried, and why it was not done
    request: web.Request,
    task: Task,
    form: ActForm,
    said: str,
    fault: str,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> web.Response:
    tried = Tried(event=form.event, said=said, fault=words_of(request).gettext(fault))
    return await show(request, task, tried, status)
