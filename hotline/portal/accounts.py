"""Accounts of residents: a telephone or a mailbox that was confirmed by a code; there is no password.

The account is the contact itself. Who holds it sees the appeals that were made from it or are answered at it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Amend, ToldBy
from hotline.appeals.appeal import Appeal, Appeals
from hotline.appeals.handling import Handling
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.errors import ForbiddenTransition, HotlineError
from hotline.portal.report import Contact
from hotline.voice.speech import Language

ACCOUNT = "account:"
"""Begins the recipient of a code: the id of the asking follows."""
BY_CODE = "account-code"
SESSION_LIVES = timedelta(days=30)
MOST_UNCONFIRMED: Mapping[Channel, int] = {Channel.SMS: 200, Channel.EMAIL: 2000}
"""Codes a day to people who do not confirm; more is somebody's mischief, and costs the city money."""
SHOWN_AFTER_END = timedelta(days=365)
MOST_SHOWN = 50


class TooManyCodes(HotlineError):  # noqa: N818 - reads as what happened
    """A mailbox, a telephone, a network, or all together were asked to confirm too often in a day."""

    code = "too-many-codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCode:
    """A code that was sent to a contact, and is awaited."""

    id: int
    channel: Channel
    contact: str
    language: Language
    code: str
    asked_at: datetime
    confirmed_at: datetime | None = None

    def notice(self) -> NewNotice:
        """Make the message that brings it."""
        return NewNotice(
            matter=f"account-{self.id}",
            to=f"{ACCOUNT}{self.id}",
            channel=self.channel,
            address=self.contact,
            about=BY_CODE,
            facts=notice_facts(self.language, texts={"code": self.code}),
        )


class ResidentAccounts(Protocol):
    """Codes that were asked for, and sessions of those who had one."""

    async def ask(
        self, who: Contact, language: Language, code: str, at: datetime, *, network: str
    ) -> AskedCode:
        """Keep a code, and owe its message; raises TooManyCodes."""
        ...

    async def asked(self, asked_id: int) -> AskedCode | None: ...

    async def try_code(self, asked_id: int, typed: str, at: datetime) -> Contact | None:
        """Give the contact that the code confirms; None for a wrong one, a late one, or after MOST_TRIES.

        Each attempt is counted before the code is compared; one that was right serves once.
        """
        ...

    async def taken_by(self, who: Contact, at: datetime) -> Sequence[str]:
        """Note that all reports that name this contact are its holder's; the numbers of those new to it."""
        ...

    async def open(self, token_hash: str, who: Contact, at: datetime) -> None:
        """Begin a session of this contact."""
        ...

    async def find(self, token_hash: str, at: datetime) -> Contact | None:
        """Give the contact of a session, unless it is over."""
        ...

    async def close_all(self, who: Contact) -> None:
        """End all sessions of a contact, in whatever browser they are."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Signing in by a code, and what belongs to the one who did."""

    kept: ResidentAccounts
    appeals: Appeals
    handling: Handling
    clock: Clock

    async def confirm(self, asked_id: int, typed: str) -> Contact | None:
        """Take a code. The reports that named this contact are answered at it from now on."""
        now = self.clock.now()
        who = await self.kept.try_code(asked_id, typed, now)
        if who is None:
            return None
        for number in await self.kept.taken_by(who, now):
            told = Amend(
                by=SERVICE, at=now, reply_by=await self._told(number, who.channel), reply_to=who.address
            )
            try:
                await self.handling.carry_out(number, told, version=None)
            except (ActFault, ForbiddenTransition):  # it has ended: there is nothing to be told of any more
                continue
        return who

    async def _told(self, number: str, channel: Channel) -> ToldBy:
        """Give the way that was confirmed; who has said since that nobody is to call them is not called."""
        appeal = await self.appeals.find(number)
        return ToldBy.by(channel, only_in_writing=appeal is not None and appeal.only_in_writing)

    async def of(self, who: Contact) -> Sequence[Appeal]:
        """List the appeals of this contact: open ones first, and those that ended within a year."""
        since = self.clock.now() - SHOWN_AFTER_END
        return await self.appeals.of_caller(who.address, ended_since=since, most=MOST_SHOWN)
