"""Chats before dispatchers: the list, one chat with its lines, taken, answered, given back and ended."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import hdrs, web
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.revocation import LastingFile
from cti_server.chats.lines import shown
from cti_server.chats.sources import CHATS
from cti_server.frame.language import N_, words
from cti_server.frame.numbers import phone
from cti_server.frame.pages import PAGES, render
from cti_server.frame.security import HARMLESS
from cti_server.keys import ACCOUNTS, REPORTING, USER
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.appeals.attachments import PHOTO as JPEG
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, LONGEST_TEXT, PHOTO, Chat, LineKind, Medium, UnusableText
from hotline.contact.numbers import e164
from hotline.dialling.calling_out import EMERGENCY
from hotline.errors import ForbiddenTransition, NotFound, Outdated

PATH = "/chats"
MEDIA: Mapping[Medium, str] = {
    Medium.WEB: N_("on the page"),
    Medium.TELEGRAM: N_("Telegram"),
    Medium.SMS: N_("short messages"),
    Medium.VIBER: N_("Viber"),
    Medium.WHATSAPP: N_("WhatsApp"),
}
OVERTAKEN = N_("Somebody else has acted in the meantime: look at how it stands now.")
WRONG_CODE = N_("There is no such code, or it is not good any more.")
NO_APPEAL = N_("There is no appeal of this number.")
NONE_ADDED = N_("Nothing was added: an appeal has these photos already, or this one has no room for more.")
UNUSABLE = N_("Write something, in at most 2000 characters.")
NO_NUMBER = N_("Write a whole telephone number, such as 067 123 45 67, or 101–104 and 112.")
BY_VIDEO = N_(
    "An interpreter of sign language can join us. Open this page, the dispatcher opens it too: %(url)s"
)
CALLED_FOR_YOU = N_(
    "I am calling %(number)s for you. Write here what to say: I say it, and write what is answered."
)
ACTS: Mapping[str, str] = {"take": "chat taken", "give-back": "chat given back", "close": "chat ended"}


@allowed(Permission.ANSWER_CHATS)
async def page(request: web.Request) -> web.Response:
    """List those before dispatchers: emergencies first, then as they came. It renews itself."""
    if "HX-Request" not in request.headers:
        await audit(request, Action.VIEW, "chats")
    return await _list(request)


async def _list(request: web.Request, fault: str = "", status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    sources = request.app[CHATS]
    return render(
        request,
        "chats/list.html.jinja2",
        status=status,
        fault=fault,
        found=await sources.chats.waiting(),
        names=await _names(request),
        now=sources.clock.now(),
        MEDIA=MEDIA,
    )


@allowed(Permission.ANSWER_CHATS)
async def by_code(request: web.Request) -> web.Response:
    """Open the chat whose code somebody says who calls; the code is used up."""
    code = str((await request.post()).get("code", "")).strip()
    found = request.app[CHATS].conversations.going_on.called_with(code)
    if found is None:
        return await _list(request, WRONG_CODE, HTTPStatus.UNPROCESSABLE_ENTITY)
    raise web.HTTPSeeOther(f"{PATH}/{found}")


@allowed(Permission.ANSWER_CHATS)
async def one(request: web.Request) -> web.Response:
    """Show one chat, from its first line. It renews itself."""
    chat = await _chat_of(request)
    if "HX-Request" not in request.headers:
        await audit(request, Action.VIEW, f"chat:{chat.id}")
    return await _show(request, chat)


@allowed(Permission.ANSWER_CHATS)
async def act(request: web.Request) -> web.Response:
    """Take it, have it wait again or end it."""
    wanted = str((await request.post()).get("act", ""))
    if wanted not in ACTS:
        raise web.HTTPBadRequest
    talks = request.app[CHATS].conversations
    acts: Mapping[str, Callable[[int, User], Awaitable[Chat]]] = {
        "take": talks.take,
        "give-back": lambda chat_id, _user: talks.give_back(chat_id),
        "close": talks.close,
    }
    return await _done(request, lambda chat, user: acts[wanted](chat.id, user), ACTS[wanted])


@allowed(Permission.ANSWER_CHATS)
async def reply(request: web.Request) -> web.Response:
    """Write to the resident; what was typed stays where it cannot be sent."""
    text = str((await request.post()).get("text", ""))
    talks = request.app[CHATS].conversations
    return await _done(request, lambda chat, user: talks.reply(chat.id, user, text), "chat answered", text)


@allowed(Permission.ANSWER_CHATS)
async def interpreter(request: web.Request) -> web.Response:
    """Give both sides the page on which an interpreter joins them; NotFound where there is none."""
    url = request.app[PAGES].interpreters.url
    if not url:
        raise NotFound("The city has no page of interpreters: HOTLINE_SIGN_LANGUAGE_URL.")
    return await _say(request, BY_VIDEO, {"url": url}, "chat by interpreter")


@allowed(Permission.ANSWER_CHATS)
async def relay(request: web.Request) -> web.Response:
    """Tell the resident whom the dispatcher calls for them; the page then has the number to be pressed."""
    typed = str((await request.post()).get("call", "")).strip()
    called = typed if typed in EMERGENCY else e164(typed)
    if called is None:
        chat = await _chat_of(request)
        return await _show(request, chat, NO_NUMBER, HTTPStatus.UNPROCESSABLE_ENTITY, to_call=typed)
    return await _say(request, CALLED_FOR_YOU, {"number": phone(called)}, "chat relayed", called)


async def _say(
    request: web.Request, text: str, values: Mapping[str, str], noted: str, called: str = ""
) -> web.Response:
    """Write it to the resident in the language of the chat."""
    talks = request.app[CHATS].conversations

    async def reply(chat: Chat, user: User) -> Chat:
        said = words(chat.language).gettext(text) % values
        return await talks.reply(chat.id, user, said)

    return await _done(request, reply, noted, called=called)


@allowed(Permission.ANSWER_CHATS)
async def photo(request: web.Request) -> web.StreamResponse:
    """Show the photo that this line brought: our redrawn copy, small. Raises NotFound."""
    chat, number = await _chat_of(request), int(request.match_info["line"])
    lines = await request.app[CHATS].chats.lines(chat.id, after=number - 1)
    key = lines[0].detail.get(PHOTO) if lines and lines[0].number == number else None
    if key is None:
        raise NotFound("This line brought no photo.")
    await audit(request, Action.VIEW, f"chat:{chat.id}", "chat photo")
    headers = {
        hdrs.CONTENT_TYPE: JPEG,
        hdrs.CONTENT_DISPOSITION: "inline",
        hdrs.CACHE_CONTROL: "private, max-age=3600",
    }
    return LastingFile(request.app[REPORTING].store.preview(key), headers=HARMLESS | headers)


@allowed(Permission.ANSWER_CHATS)
async def give_photos(request: web.Request) -> web.Response:
    """Give the appeal that is named the photos of a chat which the dispatcher has."""
    number = str((await request.post()).get("number", "")).strip()
    chat = await _chat_of(request)
    try:
        given = await request.app[CHATS].conversations.give_photos(chat.id, request[USER], number)
    except ForbiddenTransition:
        return await _show(request, chat, OVERTAKEN, HTTPStatus.CONFLICT)
    except NotFound:
        return await _show(request, chat, NO_APPEAL, HTTPStatus.UNPROCESSABLE_ENTITY, number=number)
    if not given:
        return await _show(request, chat, NONE_ADDED, HTTPStatus.CONFLICT, number=number)
    await audit(request, Action.ADD, f"appeal:{number}", "chat photos")
    raise web.HTTPSeeOther(f"{PATH}/{chat.id}")


async def _done(
    request: web.Request,
    work: Callable[[Chat, User], Awaitable[Chat]],
    noted: str,
    typed: str = "",
    *,
    called: str = "",
) -> web.Response:
    chat = await _chat_of(request)
    try:
        await work(chat, request[USER])
    except (ForbiddenTransition, Outdated):
        now = await request.app[CHATS].chats.get(chat.id)
        return await _show(request, now, OVERTAKEN, HTTPStatus.CONFLICT, typed)
    except UnusableText:
        return await _show(request, chat, UNUSABLE, HTTPStatus.UNPROCESSABLE_ENTITY, typed)
    await audit(request, Action.CHANGE, f"chat:{chat.id}", noted)
    there = URL(f"{PATH}/{chat.id}")
    raise web.HTTPSeeOther(there.with_query(call=called) if called else there)


async def _chat_of(request: web.Request) -> Chat:
    """Find the chat of the address. Raises NotFound."""
    return await request.app[CHATS].chats.get(int(request.match_info["id"]))


async def _show(
    request: web.Request,
    chat: Chat,
    fault: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    typed: str = "",
    *,
    number: str = "",
    to_call: str = "",
) -> web.Response:
    asked = request.query.get("call", "")
    lines = shown(await request.app[CHATS].chats.lines(chat.id))
    return render(
        request,
        "chats/one.html.jinja2",
        status=status,
        chat=chat,
        lines=lines,
        has_photos=any(PHOTO in one.detail for one in lines),
        names=await _names(request),
        theirs=chat.state is ChatState.TALKING and chat.user_id == request[USER].id,
        fault=fault,
        typed=typed,
        number=number,
        to_call=to_call,
        called=asked if asked in EMERGENCY else e164(asked),
        PHOTO=PHOTO,
        longest=LONGEST_TEXT,
        MEDIA=MEDIA,
        BY_RESIDENT=BY_RESIDENT,
        REPLIED=LineKind.REPLIED,
        ChatState=ChatState,
    )


async def _names(request: web.Request) -> Mapping[int, str]:
    return {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
