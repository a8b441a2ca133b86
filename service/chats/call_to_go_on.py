"""A call that goes on in a chat: what it was about, kept in the chat until its link is opened."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from attrs import frozen

from hotline.access.tokens import hash_of
from hotline.calls.conversation import Next
from hotline.chats.chats import UNOPENED

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters of a link's code: none that looks like another."""
LENGTH = 10
"""Nearly 50 bits: none is found by trying."""
LINK_VALID = timedelta(hours=1)
"""The time for which a link is good; the short message says so."""


@frozen(kw_only=True)
class CallToGoOn:
    """The call, the station at which it goes on, its appeal's number, and the dispatcher of the link."""

    call_id: str
    going: Next
    about: str = ""
    user_id: int | None = None

    @property
    def detail(self) -> Mapping[str, Any]:
        return {"from": self.call_id, "next": self.going.value, "about": self.about, "user": self.user_id}

    @classmethod
    def read(cls, detail: Mapping[str, Any]) -> "CallToGoOn":
        """Read what `detail` wrote."""
        going, user_id = Next(detail["next"]), detail["user"]
        return cls(call_id=detail["from"], going=going, about=detail["about"], user_id=user_id)


def new_link_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def address_of_link(code: str) -> str:
    """Give the address of a chat whose link is not opened; the code itself is kept nowhere in it."""
    return f"{UNOPENED}{hash_of(code)}"
