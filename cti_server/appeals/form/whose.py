"""The caller of a form: while somebody is on the line, no form of another call opens unasked.

A button that names another call asks for its form. Such a form remembers who was on the line then, in its
field `beside`: when somebody else is later, the user is asked again.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.form.asked import OF_DETAIL
from cti_server.appeals.form.calling import Calling, on_the_line, read_calling
from cti_server.appeals.form.showing import answer

WITHOUT_CALL = ""


async def others_on_the_line(request: web.Request, call_id: str, beside: str = "") -> Sequence[Calling]:
    """Read who is on the line with the user in place of this call; nobody when that was said to be known.

    The request says so by `?own=yes`, the form by those who were on the line when it was opened.
    """
    on_line = await on_the_line(request)
    if call_id in on_line or request.query.get("own"):
        return ()
    known = beside.split()
    return [await read_calling(request, one) for one in on_line if one not in known]


async def beside(request: web.Request, call_id: str) -> str:
    """Name the calls on the line as a form of this one remembers them."""
    return " ".join(one for one in await on_the_line(request) if one != call_id)


def ask_whose(request: web.Request, kind: str, calling: Calling, others: Sequence[Calling]) -> web.Response:
    """Ask for whom the form of this `kind` is to be opened (`new`, `emergency`): both are named."""
    return answer(
        request, "whose", status=HTTPStatus.CONFLICT, kind=kind, calling=calling, others=others, whose=calling
    )


TAKEN_OVER = ("category", "category_search", "urgency", "kind")
"""What a form that turns out to be somebody else's takes along, where theirs says nothing yet.

The person, their consent, address and way of being told are asked anew.
"""


def taken_over(mistaken: Mapping[str, str], theirs: Mapping[str, str]) -> Mapping[str, str]:
    """Put what was typed for another call into this one's form, below what it says already."""
    texts = [one for one in (theirs.get("text", ""), mistaken.get("text", "")) if one.strip()]
    text = "\n".join(dict.fromkeys(texts))
    if theirs.get("category"):
        return {**theirs, "text": text}
    answers = {field: given for field, given in mistaken.items() if field.startswith(OF_DETAIL)}
    return {**theirs, "text": text, **{field: mistaken.get(field, "") for field in TAKEN_OVER}, **answers}
