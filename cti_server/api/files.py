"""Photos and papers of an appeal: the list, each of them whole, and one more."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import SEES, AppealAsked, own_executor, seen
from cti_server.api.masking import text_for
from cti_server.api.operation import operation
from cti_server.api.paging import Moment, Page
from cti_server.api.requests import KeyedRequest
from cti_server.api.sent_file import SentFile
from cti_server.api.sources import API
from cti_server.appeals.files.serving import whole
from cti_server.appeals.files.sources import EVIDENCE
from cti_server.audit import Action, audit
from cti_server.auth.revocation import LastingFile
from cti_server.frame.language import N_
from cti_server.keys import ACCOUNTS, TOKEN
from hotline.access.permissions import Permission, Role
from hotline.access.scopes import Scope
from hotline.access.users import User
from hotline.appeals.attachments import AppealFile, cleaned_name
from hotline.errors import ForbiddenTransition, NotFound


class FileAsked(AppealAsked, kw_only=True):
    """The path of a file."""

    id: Annotated[int, Meta(ge=1, le=2**53)]


class NewFileAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a file that is added."""

    name: Annotated[
        str, Meta(min_length=1, max_length=200, description="What it is called, such as `Акт.pdf`.")
    ]


class AddedBy(StrEnum):
    """Whose a file is."""

    APPLICANT = "applicant"
    EXECUTOR = "executor"
    CENTRE = "centre"


class AttachedFile(msgspec.Struct, kw_only=True):
    """A photo or a paper of an appeal. Without personal data its name is null."""

    id: int
    number: Annotated[str, Meta(description="The appeal.")]
    name: Annotated[str | None, Meta(description="With the ending of what it is, whatever it was called.")]
    kind: Annotated[
        str, Meta(description="Its media type, found in the content. Pictures are redrawn as image/jpeg.")
    ]
    size: Annotated[int, Meta(description="In octets.")]
    sha256: Annotated[str, Meta(description="Of the octets as they are kept: of a picture not as it came.")]
    added_at: Moment
    added_by: Annotated[
        AddedBy, Meta(description="What a token added is that of the account which answers for it.")
    ]


class FileList(Page, kw_only=True):
    """The files of an appeal, the earliest first; `next` is always null."""

    items: list[AttachedFile]


@operation(
    "GET",
    "/appeals/{number}/files",
    *SEES,
    scopes=(Scope.APPEALS_READ,),
    summary=N_("List an appeal's files"),
)
async def list_files(request: web.Request, path: AppealAsked) -> FileList:
    """Its photos and papers: the applicant's, the executor's, the centre's."""
    appeal = await seen(request, path.number)
    files = await request.app[EVIDENCE].files.of_appeal(appeal.number, executor_id=own_executor(request))
    return FileList(items=await _shown(request, files))


@operation(
    "GET",
    "/appeals/{number}/files/{id}",
    *SEES,
    scopes=(Scope.APPEALS_READ,),
    summary=N_("Fetch a file of an appeal"),
    personal=True,
)
async def fetch_file(request: web.Request, path: FileAsked) -> LastingFile:
    """The octets as they are kept, by parts too (`Range`); 304 for what is known (`If-None-Match`)."""
    one = await request.app[EVIDENCE].files.get(path.id, executor_id=own_executor(request))
    if one.number != path.number:
        raise NotFound(f"Appeal {path.number} has no file {path.id}.")
    return await whole(request, one, f"appeal:{one.number}")


async def _require_open(
    request: web.Request, path: AppealAsked, query: NewFileAsked, headers: KeyedRequest
) -> None:
    """Refuse a file for an appeal that is not theirs, or has ended."""
    del query, headers
    sources, own = request.app[API], own_executor(request)
    find = sources.registry.find(path.number) if own is None else sources.work.find(own, path.number)
    appeal = await find
    if appeal is None:
        raise NotFound(f"There is no appeal {path.number}.")
    if appeal.ended:
        raise ForbiddenTransition(f"Appeal {path.number} has ended: no files can be added any more.")


@operation(
    "POST",
    "/appeals/{number}/files",
    Permission.WORK_ON_APPEALS,
    Permission.HANDLE_APPEALS,
    scopes=(Scope.APPEALS_ACT,),
    summary=N_("Add a file to an appeal"),
    status=201,
    location=lambda one: f"/appeals/{one.number}/files/{one.id}",
    before=_require_open,
)
async def add_file(
    request: web.Request, path: AppealAsked, query: NewFileAsked, headers: KeyedRequest, body: SentFile
) -> AttachedFile:
    """Add a photo or a paper. Pictures are redrawn, without place and owner.

    What the appeal has already is not kept twice: the file of then is the answer.
    """
    del headers
    evidence, kept, token = request.app[EVIDENCE], body.kept, request[TOKEN]
    file = await evidence.files.add(
        number=path.number,
        name=cleaned_name(query.name, kept.media_type),
        kept=kept,
        uploaded_by=token.user_id,
        at=evidence.clock.now(),
        executor_id=own_executor(request),
        most=evidence.store.limits.most_files,
    )
    body.listed = file.key == kept.key
    if body.listed:
        await audit(
            request, Action.ADD, f"file:{file.id}", f"appeal:{path.number} {file.media_type} {file.bytes}"
        )
    (shown,) = await _shown(request, [file])
    return shown


async def _shown(request: web.Request, files: Sequence[AppealFile]) -> list[AttachedFile]:
    ids = {one.uploaded_by for one in files if one.uploaded_by is not None}
    users = await request.app[ACCOUNTS].users.those(ids)
    return [_one(request, file, users) for file in files]


def _one(request: web.Request, file: AppealFile, users: Mapping[int, User]) -> AttachedFile:
    by = AddedBy.APPLICANT
    if file.uploaded_by is not None:
        by = AddedBy.EXECUTOR if users[file.uploaded_by].role is Role.EXECUTOR else AddedBy.CENTRE
    return AttachedFile(
        id=file.id,
        number=file.number,
        name=text_for(request[TOKEN], file.name),
        kind=file.media_type,
        size=file.bytes,
        sha256=file.sha256,
        added_at=file.uploaded_at,
        added_by=by,
    )
