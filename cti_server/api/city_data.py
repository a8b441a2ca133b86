"""A city's own documents for other systems: their versions, one of them, and a new one put into force."""

from typing import Annotated, ClassVar

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.language import asked_language
from cti_server.api.operation import operation
from cti_server.api.paging import Moment, Page
from cti_server.api.reading import ESCAPED_LETTER, LONGEST_BODY
from cti_server.api.requests import KeyedRequest
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.city_data.words import FLAWS
from cti_server.frame.language import N_, words
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.city_data.working_copy import faults_of
from hotline.documents.document import LONGEST_DOCUMENT, Document, DocumentKind, revision
from hotline.documents.faults import DocumentFault
from hotline.errors import ForbiddenTransition, NotFound, Outdated

SEES, MANAGES = Permission.SEE_CITY_DATA, Permission.MANAGE_CITY_DATA
VersionNumber = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class DocumentAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a document."""

    kind: DocumentKind


class VersionAsked(DocumentAsked, kw_only=True, forbid_unknown_fields=True):
    """The path of a version."""

    version: VersionNumber


class DocumentVersion(msgspec.Struct, kw_only=True):
    """A version of a document of the city."""

    kind: DocumentKind
    version: int
    delivered: Annotated[bool, Meta(description="It came with the product.")]
    in_force: Annotated[bool, Meta(description="It holds now.")]
    in_force_since: Annotated[Moment | None, Meta(description="null: it never held here.")]
    made_at: Moment
    note: str


class WholeVersion(DocumentVersion, kw_only=True):
    """A version with what it says."""

    text: Annotated[str, Meta(description="TOML, as the city's pages give it to take away.")]


class VersionPage(Page, kw_only=True):
    """Versions, the newest first; `next` is always null."""

    items: list[DocumentVersion]


class PutVersion(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A version that is to hold from now on."""

    LONGEST: ClassVar[int] = LONGEST_BODY + ESCAPED_LETTER * LONGEST_DOCUMENT

    text: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_DOCUMENT, description="The whole document in TOML.")
    ]
    instead_of: Annotated[
        VersionNumber, Meta(description="The version in force as you read it: if another holds, 412.")
    ]
    note: Annotated[str, Meta(max_length=300, description="Why, such as the number of a decision.")] = ""


@operation("GET", "/city-data", SEES, scopes=(Scope.CITY_DATA_READ,), summary=N_("List the city's documents"))
async def list_documents(request: web.Request) -> VersionPage:
    """The version in force of each document."""
    documents = request.app[API].documents
    present = [await documents.present(kind) for kind in DocumentKind]
    return VersionPage(items=[_shown(one, one.version) for one in present])


@operation(
    "GET",
    "/city-data/{kind}/versions",
    SEES,
    scopes=(Scope.CITY_DATA_READ,),
    summary=N_("List a document's versions"),
)
async def list_versions(request: web.Request, path: DocumentAsked) -> VersionPage:
    """All versions that held or were delivered; a draft is none."""
    documents = request.app[API].documents
    holds = (await documents.present(path.kind)).version
    return VersionPage(items=[_shown(one, holds) for one in await documents.versions(path.kind)])


@operation(
    "GET",
    "/city-data/{kind}/versions/{version}",
    SEES,
    scopes=(Scope.CITY_DATA_READ,),
    summary=N_("Read a document's version"),
    etag=True,
)
async def read_version(request: web.Request, path: VersionAsked) -> WholeVersion:
    """Read a version of a document with its text. A version that has come into force never changes."""
    documents = request.app[API].documents
    one = await documents.document(path.kind, path.version)
    if one.draft:
        raise NotFound(f"Version {path.version} of {path.kind} is a draft.")
    return _whole(one, (await documents.present(path.kind)).version)


@operation(
    "POST",
    "/city-data/{kind}/versions",
    MANAGES,
    scopes=(Scope.CITY_DATA_WRITE,),
    summary=N_("Put a document's version into force"),
    status=201,
    etag=True,
    location=lambda one: f"/city-data/{one.kind}/versions/{one.version}",
    problems=frozenset({409, 412}),
)
async def put_version(
    request: web.Request, path: DocumentAsked, headers: KeyedRequest, body: PutVersion
) -> WholeVersion:
    """Let the text hold from now on, if it has no fault; else all its faults are told, and nothing changes.

    The same key again gives the version of then. While a draft waits on the city's pages, 409: it would be
    lost. What changed days off do to the terms of open appeals is as on the pages.
    """
    del headers  # `once` has read it
    documents, kind, user = request.app[API].documents, path.kind, request[TOKEN].user_id
    present = await documents.present(kind)
    if present.version != body.instead_of:
        if (present.text, present.made_by) == (body.text, user):  # this very request has put it
            return _whole(present, present.version)
        raise Outdated(f"Version {present.version} of {kind} is in force.")
    if faults := faults_of(kind, body.text):
        raise Invalid(*(_fault(one, asked_language(request)) for one in faults))
    draft, now = await documents.draft(kind), request.app[API].clock.now()
    if draft is None:
        seen = revision(present.version, None)
        draft = await documents.save_draft(kind, body.text, by=user, at=now, note=body.note, seen=seen)
    elif (draft.text, draft.made_by) != (body.text, user):
        raise ForbiddenTransition(f"A draft of {kind} waits.")
    seen = revision(present.version, draft)
    made = await documents.put_into_force(kind, by=user, at=now, note=body.note, seen=seen)
    await audit(request, Action.CHANGE, f"city-data:{kind}", f"version {made.version} in force: {made.note}")
    return _whole(made, made.version)


def _shown(one: Document, holds: int) -> DocumentVersion:
    return DocumentVersion(
        kind=one.kind,
        version=one.version,
        delivered=one.delivered,
        in_force=one.version == holds,
        in_force_since=one.in_force_since,
        made_at=one.made_at,
        note=one.note,
    )


def _whole(one: Document, holds: int) -> WholeVersion:
    return WholeVersion(**msgspec.structs.asdict(_shown(one, holds)), text=one.text)


def _fault(one: DocumentFault, language: str) -> Fault:
    """Say where in the document it is, such as `body.text: category/water-none/term`."""
    row = one.row or (str(one.place) if one.place else "")
    where = "/".join(filter(None, (one.table, row, one.field)))
    values = dict(one.values)
    if "expected" in values:
        values["expected"] = words(language).gettext(str(values["expected"]))
    return Fault(f"body.text: {where}" if where else "body.text", FLAWS[one.flaw], values)
