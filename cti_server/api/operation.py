"""One operation of the interface: declared where its handler stands, served and described from its types.

    @operation("GET", "/calls", Permission.SEE_CALLS, scopes=(Scope.CALLS,), summary=N_("List calls"))
    async def calls(request: web.Request, query: CallsAsked) -> CallPage: ...

What the handler names `path`, `query`, `headers` and `body` is read into the type that it gives them; a body
that is a `SentFile` is one, as an answer that is a `LastingFile` is.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from inspect import getdoc
from typing import Any, get_type_hints

import msgspec
from aiohttp import hdrs, web

from cti_server.api.errors import PersonalData
from cti_server.api.language import asked_language
from cti_server.api.reading import read_body, read_headers, read_path, read_query
from cti_server.api.requests import KeyedRequest, once
from cti_server.api.sent_file import SentFile, sent_file
from cti_server.api.sunsets import SUNSETS
from cti_server.auth.access import Handler, with_token
from cti_server.auth.bearer import BEARERS
from cti_server.auth.revocation import LastingFile
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope

Answer = msgspec.Struct | LastingFile
Run = Callable[..., Awaitable[Answer]]
PREFIX = "/api/v1"
_ALWAYS = frozenset({400, 401, 403, 429})
_OF_INPUT: Mapping[str, frozenset[int]] = {
    "path": frozenset({404, 422}),
    "query": frozenset({422}),
    "headers": frozenset({422}),
    "body": frozenset({413, 415, 422}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of the API: a program sends its inputs and gets its answer.

    `inputs` maps path, query, headers and body to their types.
    """

    method: str
    path: str
    permissions: Sequence[Permission]
    """Any of them will do."""
    scopes: Sequence[Scope]
    """The token needs any of them besides."""
    summary: str
    text: str
    run: Run
    inputs: Mapping[str, type[Any]]
    answer: type[Answer]
    status: int
    personal: bool
    """Only for tokens that see personal data."""
    etag: bool
    location: Callable[[Any], str] | None
    problems: frozenset[int]
    before: Callable[..., Awaitable[None]] | None
    """Refuses a file before it is taken in: it gets the request and what is read of it."""

    @property
    def name(self) -> str:
        return self.run.__name__

    @property
    def takes_file(self) -> bool:
        return self.inputs.get("body") is SentFile

    @property
    def gives_file(self) -> bool:
        return self.answer is LastingFile

    def handler(self) -> Handler:
        """Make what aiohttp calls."""

        @with_token(*self.permissions, scopes=self.scopes)
        async def handle(request: web.Request) -> web.StreamResponse:
            if self.personal and not request[TOKEN].personal:
                raise PersonalData(f"Token {request[TOKEN].id} sees no personal data.")
            # Read before one's turn: a slow sender holds up nobody.
            async with self._read(request) as read, request.app[BEARERS].turn, once(request, read):
                answer = await self.run(request, **read)
            return answer if isinstance(answer, LastingFile) else self._answer(request, answer)

        return handle

    @asynccontextmanager
    async def _read(self, request: web.Request) -> AsyncIterator[dict[str, object]]:
        read: dict[str, object] = {}
        for name, kind in self.inputs.items():
            match name:
                case "path":
                    read[name] = read_path(request, kind)
                case "query":
                    read[name] = read_query(request, kind)
                case "headers":
                    read[name] = read_headers(request, kind)
                case _ if kind is not SentFile:
                    read[name] = await read_body(request, kind)
        if not self.takes_file:
            yield read
            return
        if self.before is not None:
            await self.before(request, **read)
        async with sent_file(request) as file:
            yield {**read, "body": file}

    def _answer(self, request: web.Request, answer: msgspec.Struct) -> web.Response:
        headers: dict[str, str] = {
            hdrs.CONTENT_LANGUAGE: asked_language(request),
            hdrs.VARY: hdrs.ACCEPT_LANGUAGE,
        }
        if self.etag:
            headers[hdrs.ETAG] = etag_of(answer)
        if self.location:
            headers[hdrs.LOCATION] = PREFIX + self.location(answer)
        if ends := SUNSETS.get(self.name):
            headers.update(ends.headers)
        body = msgspec.json.encode(answer)
        return web.Response(body=body, status=self.status, content_type="application/json", headers=headers)


def operation(
    method: str,
    path: str,
    *permissions: Permission,
    scopes: Sequence[Scope],
    summary: str,
    status: int = HTTPStatus.OK,
    personal: bool = False,
    etag: bool = False,
    location: Callable[[Any], str] | None = None,
    problems: frozenset[int] = frozenset(),
    before: Callable[..., Awaitable[None]] | None = None,
) -> Callable[[Run], Operation]:
    """Declare an operation, for tokens that have any of the permissions and any of the scopes.

    `problems` are its own statuses besides those that follow from its inputs; `before` is asked before a file
    is taken in, and gets what else was read.
    """

    def declare(run: Run) -> Operation:
        types = get_type_hints(run, include_extras=True)
        inputs: dict[str, type[Any]] = {name: types[name] for name in _OF_INPUT if name in types}
        keyed = {409} if inputs.get("headers") is KeyedRequest else frozenset()
        return Operation(
            method=method,
            path=PREFIX + path,
            permissions=permissions,
            scopes=scopes,
            summary=summary,
            text=getdoc(run) or "",
            run=run,
            inputs=inputs,
            answer=types["return"],
            status=status,
            personal=personal,
            etag=etag,
            location=location,
            problems=_ALWAYS.union(problems, keyed, *(_OF_INPUT[name] for name in inputs)),
            before=before,
        )

    return declare


def acts_on(
    path: str, *, scopes: Sequence[Scope], problems: frozenset[int] = frozenset({409, 412})
) -> Callable[..., Callable[[Run], Operation]]:
    """Make the declarer of the acts on a thing: each is `POST path/` and its name."""

    def act(name: str, *permissions: Permission, summary: str) -> Callable[[Run], Operation]:
        where = f"{path}/{name}"
        return operation("POST", where, *permissions, scopes=scopes, summary=summary, problems=problems)

    return act


def etag_of(answer: msgspec.Struct) -> str:
    """Name the state of a thing: two with the same name are alike in every part that the API shows."""
    return f'"{hashlib.sha256(msgspec.json.encode(answer)).hexdigest()[:32]}"'
