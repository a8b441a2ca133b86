"""The queue of a house by the number of its account (особовий рахунок), from the supplier's file.

Accounts are personal data, and short enough to be tried out one by one. So only a digest of each is kept,
made with a secret that is not in the database: the database alone tells nobody's account.
"""

import asyncio
import csv
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from attrs import define

from hotline.errors import HotlineError
from hotline.power.reading import LONGEST_QUEUE

LONGEST_LIST = 30_000_000
"""In bytes; 100,000 accounts have two millions."""
MOST_ACCOUNTS = 1_000_000
LONGEST_ACCOUNT = 20
_ACCOUNT = re.compile(rf"\d{{4,{LONGEST_ACCOUNT}}}")
_GAPS = re.compile(r"[\s\-./]")
_PURPOSE = b"power-account:"

TOO_LONG = "It has more than %(most)s accounts, or more than 30 MB."
NO_LINES = "No line has an account and a queue: two columns are expected."
NO_ACCOUNT = "Line %(line)s has no number of an account in its first column, or no queue in its second."
TWICE = "Line %(line)s has an account that another line gives another queue."
LIST_REASONS = (TOO_LONG, NO_LINES, NO_ACCOUNT, TWICE)


class NoAccounts(HotlineError):  # noqa: N818 - reads as what is missing
    """The file is no list of accounts with their queues."""

    code = "no-power-accounts"


def account_of(typed: str) -> str | None:
    """Give the number of an account without gaps; None for what is none."""
    bare = _GAPS.sub("", typed)
    return bare if _ACCOUNT.fullmatch(bare) else None


def read_accounts(content: bytes) -> Mapping[str, str]:
    """Read a list of accounts and queues (CSV, a first line of names may lead it); raises NoAccounts."""
    if len(content) > LONGEST_LIST:
        raise NoAccounts(TOO_LONG, most=MOST_ACCOUNTS)
    lines = _text(content).splitlines()
    marks = [mark for mark in ";\t," if lines and mark in lines[0]]
    queues: dict[str, str] = {}
    for number, row in enumerate(csv.reader(lines, delimiter=marks[0] if marks else ";"), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        account, queue = account_of(cells[0]), cells[1] if len(cells) > 1 else ""
        if account is None or not 0 < len(queue) <= LONGEST_QUEUE:
            if number == 1:
                continue  # the names of the columns
            raise NoAccounts(NO_ACCOUNT, line=number)
        if queues.setdefault(account, queue) != queue:
            raise NoAccounts(TWICE, line=number)
        if len(queues) > MOST_ACCOUNTS:
            raise NoAccounts(TOO_LONG, most=MOST_ACCOUNTS)
    if not queues:
        raise NoAccounts(NO_LINES)
    return queues


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


class KeptAccounts(Protocol):
    """The digests with their queues."""

    async def replace(self, queues: Mapping[str, str], at: datetime, *, by: int) -> None:
        """Keep these in the place of all that were kept."""
        ...

    async def queue_of(self, digest: str) -> str | None: ...

    async def any(self) -> bool:
        """Tell whether there are some: asked by calls and pages, which need not have them counted."""
        ...

    async def count(self) -> int: ...


@define(eq=False, repr=False)
class AccountQueues:
    """Finds queues by accounts, and takes the supplier's list."""

    _kept: KeptAccounts
    _key: bytes

    async def take(self, content: bytes, at: datetime, *, by: int) -> int:
        """Keep a list in the place of the one before; gives how many it has. Raises NoAccounts."""
        queues = await asyncio.to_thread(self._digested, content)  # a large list would hold up calls
        await self._kept.replace(queues, at, by=by)
        return len(queues)

    async def queue_of(self, typed: str) -> str | None:
        """Give the queue of an account; None for one that nobody knows, and for what is no account."""
        account = account_of(typed)
        return None if account is None else await self._kept.queue_of(self._digest(account))

    async def any(self) -> bool:
        return await self._kept.any()

    async def count(self) -> int:
        return await self._kept.count()

    def _digested(self, content: bytes) -> Mapping[str, str]:
        return {self._digest(account): queue for account, queue in read_accounts(content).items()}

    def _digest(self, account: str) -> str:
        return hmac.new(self._key, _PURPOSE + account.encode(), hashlib.sha256).hexdigest()[:32]
