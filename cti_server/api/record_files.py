"""Files of tasks, and of answers to requests for information: the list, each of them whole, and one more."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import own_executor
from cti_server.api.files import NewFileAsked
from cti_server.api.inquiries import InquiryAsked
from cti_server.api.inquiries import seen as seen_inquiry
from cti_server.api.masking import text_for
from cti_server.api.operation import operation
from cti_server.api.paging import Moment, Page
from cti_server.api.requests import KeyedRequest
from cti_server.api.sent_file import SentFile
from cti_server.api.task import TaskAsked, bearer
from cti_server.api.task import seen as seen_task
from cti_server.appeals.files.serving import whole
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.revocation import LastingFile
from cti_server.frame.language import N_
from cti_server.inquiries.sources import INQUIRIES
from cti_server.keys import TOKEN
from cti_server.tasks.record_files import check_signatures
from cti_server.tasks.sources import TASKS
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.appeals.attachments import Attachment, cleaned_name
from hotline.errors import ForbiddenTransition, NotFound
from hotline.inquiries.inquiry_states import OWED
from hotline.tasks.rights import may_act
from hotline.tasks.task_states import TaskEvent

_READS_INQUIRIES = (Permission.ASK_ENTERPRISES, Permission.WORK_ON_APPEALS)
_FileId = Annotated[int, Meta(ge=1, le=2**53)]
Add = Callable[[str, int], Awaitable[Attachment]]
"""Puts the file that came on a list, by its name and the most that the list takes; raises FileRefused."""


class TaskFileAsked(TaskAsked, kw_only=True):
    """The path of a task's file."""

    file: _FileId


class AnswerFileAsked(InquiryAsked, kw_only=True):
    """The path of a file that came with an answer."""

    file: _FileId


class RecordFile(msgspec.Struct, kw_only=True):
    """A photo or a paper. Without personal data its name is null."""

    id: int
    record: Annotated[str, Meta(description="What it belongs to: `task:5`, `inquiry:7`.")]
    name: Annotated[str | None, Meta(description="With the ending of what it is, whatever it was called.")]
    kind: Annotated[str, Meta(description="Its media type. Pictures are redrawn as image/jpeg.")]
    size: Annotated[int, Meta(description="In octets.")]
    sha256: Annotated[str, Meta(description="Of the octets as they are kept: of a picture not as it came.")]
    added_at: Moment
    user_id: Annotated[int | None, Meta(description="Who added it, or answers for the program that did.")]


def _place(one: RecordFile) -> str:
    """Give the address below the interface's own."""
    kind, _, number = one.record.partition(":")
    return f"/{'tasks' if kind == 'task' else 'inquiries'}/{number}/files/{one.id}"


class RecordFileList(Page, kw_only=True):
    """The files, the earliest first; `next` is always null."""

    items: list[RecordFile]


@operation(
    "GET",
    "/tasks/{id}/files",
    Permission.DO_TASKS,
    scopes=(Scope.TASKS_READ,),
    summary=N_("List a task's files"),
)
async def list_task_files(request: web.Request, path: TaskAsked) -> RecordFileList:
    """Papers and photos of what was done, and what the task was given with."""
    task = await seen_task(request, path.id)
    files = await request.app[TASKS].files.of_record(f"task:{task.id}")
    return RecordFileList(items=[_shown(request, f"task:{task.id}", one) for one in files])


@operation(
    "GET",
    "/tasks/{id}/files/{file}",
    Permission.DO_TASKS,
    scopes=(Scope.TASKS_READ,),
    summary=N_("Fetch a file of a task"),
    personal=True,
)
async def fetch_task_file(request: web.Request, path: TaskFileAsked) -> LastingFile:
    """The octets as they are kept, by parts too (`Range`); 304 for what is known (`If-None-Match`)."""
    record = f"task:{(await seen_task(request, path.id)).id}"
    return await whole(request, await request.app[TASKS].files.get(path.file, record), record)


async def _require_task(
    request: web.Request, path: TaskAsked, query: NewFileAsked, headers: KeyedRequest
) -> None:
    """Refuse a file for a task that is not theirs, or takes no word of theirs."""
    del query, headers
    task = await seen_task(request, path.id)
    if not may_act(bearer(request), task, TaskEvent.NOTE):
        raise ForbiddenTransition(f"Task {task.id} takes no files of this token.")


@operation(
    "POST",
    "/tasks/{id}/files",
    Permission.DO_TASKS,
    scopes=(Scope.TASKS_ACT,),
    summary=N_("Add a file to a task"),
    status=201,
    location=_place,
    before=_require_task,
)
async def add_task_file(
    request: web.Request, path: TaskAsked, query: NewFileAsked, headers: KeyedRequest, body: SentFile
) -> RecordFile:
    """Add a photo or a paper, as one who may write a note on the task. What it has is not kept twice."""
    await _require_task(request, path, query, headers)  # a slow sender's task may be another's by now
    sources, token, record = request.app[TASKS], request[TOKEN], f"task:{path.id}"

    async def add(name: str, most: int) -> Attachment:
        now = sources.clock.now()
        return await sources.files.add(record, name, body.kept, user_id=token.user_id, at=now, most=most)

    shown = await _added(request, query, body, record, add)
    await check_signatures(request, record)
    return shown


@operation(
    "GET",
    "/inquiries/{id}/files",
    *_READS_INQUIRIES,
    scopes=(Scope.INQUIRIES,),
    summary=N_("List an answer's files"),
)
async def list_answer_files(request: web.Request, path: InquiryAsked) -> RecordFileList:
    """Files that came with the answers to a request for information."""
    one = await seen_inquiry(request, path)
    files = await request.app[INQUIRIES].inquiries.files(one.id)
    return RecordFileList(items=[_shown(request, f"inquiry:{one.id}", file) for file in files])


@operation(
    "GET",
    "/inquiries/{id}/files/{file}",
    *_READS_INQUIRIES,
    scopes=(Scope.INQUIRIES,),
    summary=N_("Fetch a file of an answer"),
    personal=True,
)
async def fetch_answer_file(request: web.Request, path: AnswerFileAsked) -> LastingFile:
    """The octets as they are kept, by parts too (`Range`); 304 for what is known (`If-None-Match`)."""
    one = await request.app[INQUIRIES].inquiries.file(path.file, executor_id=own_executor(request))
    if one.inquiry_id != path.id:
        raise NotFound(f"Request {path.id} has no file {path.file}.")
    return await whole(request, one, f"inquiry:{path.id}")


async def _require_owed(
    request: web.Request, path: InquiryAsked, query: NewFileAsked, headers: KeyedRequest
) -> None:
    """Refuse a file where no answer is owed."""
    del query, headers
    one = await seen_inquiry(request, path)
    if one.state not in OWED:
        raise ForbiddenTransition(f"Request {one.id} waits for no answer.")


@operation(
    "POST",
    "/inquiries/{id}/files",
    Permission.WORK_ON_APPEALS,
    scopes=(Scope.INQUIRIES,),
    summary=N_("Add a file to an answer"),
    status=201,
    location=_place,
    before=_require_owed,
)
async def add_answer_file(
    request: web.Request, path: InquiryAsked, query: NewFileAsked, headers: KeyedRequest, body: SentFile
) -> RecordFile:
    """Add a photo or a paper before the answer, while it is owed. What it has is not kept twice."""
    del headers
    sources, token = request.app[INQUIRIES], request[TOKEN]

    async def add(name: str, most: int) -> Attachment:
        now = sources.now()
        return await sources.inquiries.attach(
            path.id, name, body.kept, user_id=token.user_id, at=now, most=most
        )

    return await _added(request, query, body, f"inquiry:{path.id}", add)


async def _added(
    request: web.Request, query: NewFileAsked, body: SentFile, about: str, add: Add
) -> RecordFile:
    """Put the file that came on its list, audited; one that is there already is the file of then."""
    kept = body.kept
    file = await add(cleaned_name(query.name, kept.media_type), request.app[EVIDENCE].store.limits.most_files)
    body.listed = file.key == kept.key
    if body.listed:
        await audit(request, Action.ADD, f"file:{file.id}", f"{about} {file.media_type} {file.bytes}")
    return _shown(request, about, file)


def _shown(request: web.Request, record: str, file: Attachment) -> RecordFile:
    return RecordFile(
        id=file.id,
        record=record,
        name=text_for(request[TOKEN], file.name),
        kind=file.media_type,
        size=file.bytes,
        sha256=file.sha256,
        added_at=file.uploaded_at,
        user_id=file.uploaded_by,
    )
