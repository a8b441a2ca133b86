"""A form with files, as browsers send it."""

import io
from collections.abc import Mapping, Sequence

import aiohttp

from tests.cti_server.conftest import Person

Sent = Sequence[tuple[str, bytes]]


async def send(
    person: Person,
    path: str,
    fields: Mapping[str, str] | None = None,
    files: Sent = (),
    *,
    headers: Mapping[str, str] | None = None,
    csrf: str | None = None,
) -> aiohttp.ClientResponse:
    """Send the form; `files` are what their senders call them, and what they hold."""
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    form.add_field("csrf", person.csrf if csrf is None else csrf)
    for name, value in (fields or {}).items():
        form.add_field(name, value)
    for called, content in files:
        form.add_field("file", io.BytesIO(content), filename=called, content_type="image/jpeg")
    return await person.client.post(
        path, data=form(), headers={**person.origin, **(headers or {})}, allow_redirects=False
    )
