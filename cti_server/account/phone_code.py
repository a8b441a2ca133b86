"""One's own code by telephone: set and taken away on the account's page, with the password."""

from dataclasses import replace

from aiohttp import web

from cti_server.account.account import account_page, done, wrong_password
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.phone_codes import acceptable_code
from hotline.contact.numbers import e164

_MANAGE = allowed(Permission.MANAGE_ANNOUNCEMENTS)


@_MANAGE
async def set_code(request: web.Request) -> web.Response:
    """Take a code into use, and the telephone from which it is pressed.

    A code that another user has is refused like one that is easy to guess.
    """
    form, user, gettext = await request.post(), request[USER], words_of(request).gettext
    code, phone = str(form.get("code", "")), e164(str(form.get("code_phone", "")))
    errors = await wrong_password(request, str(form.get("code_password", "")), "code_password")
    if phone is None:
        errors["code_phone"] = gettext("A telephone number is needed, such as 067 123 45 67.")
    if not acceptable_code(code):
        errors["code"] = gettext("6 to 12 digits, neither in a row nor the same over and over.")
    elif code != form.get("code_again"):
        errors["code_again"] = gettext("The two codes differ.")
    elif not errors and await _anothers(request, code):
        errors["code"] = gettext("This code is easy to guess: choose another.")
    if errors:
        return await account_page(request, errors, status=422)
    accounts = request.app[ACCOUNTS]
    await accounts.users.update(
        replace(user, phone=phone, phone_code_hash=await accounts.passwords.hash(code))
    )
    await audit(request, Action.PASSWORD, f"user:{user.id}", "phone-code")
    return done("phone-code")


@_MANAGE
async def forget_code(request: web.Request) -> web.Response:
    """Open nothing by telephone any more; it takes no password to be safer."""
    user = request[USER]
    await request.app[ACCOUNTS].users.update(replace(user, phone=None, phone_code_hash=None))
    await audit(request, Action.PASSWORD, f"user:{user.id}", "phone-code off")
    return done("phone-code-off")


async def _anothers(request: web.Request, code: str) -> bool:
    """Whether a colleague has this very code: on the telephone nothing else tells who it is."""
    accounts = request.app[ACCOUNTS]
    hashes = [
        other.phone_code_hash
        for other in await accounts.users.all()
        if other.id != request[USER].id and other.phone_code_hash is not None
    ]
    return any([await accounts.passwords.verify(one, code) for one in hashes])
