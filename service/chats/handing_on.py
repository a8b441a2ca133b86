"""Codes by which a chat goes on in another medium: short, for minutes, for one use, hard to guess."""

import secrets
from datetime import datetime, timedelta

from attrs import define, field

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits

VALID = timedelta(minutes=10)
DIGITS = 6
GUESSES = TokenLimits(per_second=5 / 3600, at_once=5)
"""Codes that one person tries."""
GUESSES_IN_ALL = TokenLimits(per_second=60 / 3600, at_once=60)
"""Codes that all try together: of the few that are good at a time none is found by trying."""
_ALL = "all"


@define(eq=False, repr=False)
class HandingOn:
    """The codes of now, in memory: after a restart one asks for another."""

    _good: dict[str, tuple[int, datetime]] = field(factory=dict, init=False)
    _guesses: Rates = field(factory=lambda: Rates(GUESSES), init=False)
    _guesses_in_all: Rates = field(factory=lambda: Rates(GUESSES_IN_ALL), init=False)

    def code_for(self, chat_id: int, now: datetime) -> str:
        """Make a code for this chat; an older one of it ends."""
        self._good = {
            code: (whose, until)
            for code, (whose, until) in self._good.items()
            if whose != chat_id and until > now
        }
        while (code := f"{secrets.randbelow(10**DIGITS):0{DIGITS}}") in self._good:
            pass
        self._good[code] = chat_id, now + VALID
        return code

    def take(self, code: str, who: str, now: datetime) -> int | None:
        """Give the chat that goes on by this code, once; None for a wrong one, and for too many guesses."""
        try:
            self._guesses.take(who)
            self._guesses_in_all.take(_ALL)
        except TooManyRequests:
            return None
        return self.said(code, now)

    def said(self, code: str, now: datetime) -> int | None:
        """Give the chat of a code that a dispatcher types, once: they see all chats, and guess none."""
        chat_id, until = self._good.pop(code, (None, now))
        return chat_id if until > now else None
