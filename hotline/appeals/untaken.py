"""An emergency that nobody takes: who of the centre is called about it, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.appeals.appeal import Appeal, AppealState
from hotline.contact.channel import Channel
from hotline.delivery.outbox import NewNotice, Notice
from hotline.dialling.dialler import Result, RetryRules

CALLED = "user:"
TAKEN = "Аварію взято на себе клавішею в телефонному дзвінку."
"""The note in the appeal's history, in Ukrainian as all that is written there."""
RETRIES = RetryRules(
    {
        Result.BUSY: (timedelta(minutes=1),),
        Result.FAILED: (timedelta(minutes=1),),
        Result.INTERRUPTED: (timedelta(minutes=1), timedelta(minutes=1)),
    }
)
"""Pauses before the same person is called again. A person who does not answer is not waited for."""
_NOBODYS = frozenset({AppealState.REGISTERED, AppealState.ASSIGNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Somebody of the centre who may be called."""

    user_id: int
    number: str

    @property
    def recipient(self) -> str:
        return f"{CALLED}{self.user_id}"


class InTurn(Protocol):
    """Those who are called, by the roster and the accounts of a moment."""

    async def at(self, now: datetime) -> Sequence[Responsible]:
        """List the senior of the shift, the acting head and the heads, of whom a telephone is known."""
        ...


def untaken(appeal: Appeal | None) -> bool:
    """Tell whether an emergency still has no executor, or one who has not accepted it."""
    return appeal is not None and appeal.state in _NOBODYS


def next_call(notice: Notice, told: Sequence[Notice], in_turn: Sequence[Responsible]) -> NewNotice | None:
    """Give the call to the next person after the one of `notice`; None where nobody is left, or it is owed.

    `told` are the notices of the appeal. The calls about one alarm share a matter, which is named after the
    first of them.
    """
    matter = notice.matter or f"untaken-{notice.id}"
    chain = [
        one for one in told if one.channel is Channel.CALL and matter in {one.matter, f"untaken-{one.id}"}
    ]
    if any(one.id > notice.id for one in chain):
        return None
    called = {notice.to, *(one.to for one in chain)}
    person = next((one for one in in_turn if one.recipient not in called), None)
    if person is None:
        return None
    return NewNotice(
        matter=matter,
        to=person.recipient,
        channel=Channel.CALL,
        address=person.number,
        about=notice.about,
        facts=notice.facts,
        number=notice.number,
    )
