"""Acts on a task from its card, on the version that was seen."""

from http import HTTPStatus

from aiohttp import web
from multidict import MultiMapping

from cti_server.audit import Action, audit
from cti_server.frame.filters import whole
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.tasks.card import FORMS, ActForm, Tried, show, task_of
from cti_server.tasks.filters import PATH
from cti_server.tasks.listing import SEES
from cti_server.tasks.sources import TASKS
from hotline.errors import ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.tasks.rights import may_act
from hotline.tasks.task import LONGEST_WORD, BeyondTheWhole, PartsOpen, Task, TaskAct

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
    given = await request.post()
    said = tidied(str(given.get("said", ""))) if form.asks else ""
    if fault := _fault(form, said):
        return await _refused(request, task, form, said, fault)
    if not may_act(request[USER], task, form.event):
        return await _overtaken(request, task, form, said)
    sources, user = request.app[TASKS], request[USER]
    asked = TaskAct(event=form.event, by=user.id, at=sources.clock.now(), said=said)
    try:
        await sources.tasks.act(task.id, _seen(given), asked)
    except (Outdated, ForbiddenTransition):
        return await _overtaken(request, task, form, said)
    except (PartsOpen, BeyondTheWhole):
        return await _refused(request, task, form, said, PARTS_OPEN, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"task:{task.id}", form.event)
    return noted_at(f"{PATH}/{task.id}", Noted.TASK_ACTED)


def _seen(given: MultiMapping[object]) -> int:
    return whole(str(given.get("version", ""))) or 0


def _fault(form: ActForm, said: str) -> str:
    if form.asks and not said:
        return N_("Write what you want to say.")
    if len(said) > LONGEST_WORD:
        return N_("This is too long: write 2000 characters at most.")
    return ""


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
