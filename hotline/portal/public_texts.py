"""Words of an applicant that anybody may read: they agree, and somebody of the centre has approved them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.errors import HotlineError
from hotline.transitions import Transitions

LONGEST = 1000


class TextState(StrEnum):
    """The state of an applicant's words. Only what is published anybody sees."""

    WAITING = "waiting"
    """The applicant agrees, and nobody has read it yet."""
    PUBLISHED = "published"
    REFUSED = "refused"
    """It is not fit to be published: it names people, insults, or is empty of meaning to others."""
    TAKEN_BACK = "taken-back"
    """The applicant does not agree any more; the approved wording is gone."""


class TextAct(StrEnum):
    """Acts on an applicant's words."""

    PUBLISH = "publish"
    """Somebody of the centre approves a wording; again, to correct it."""
    REFUSE = "refuse"
    TAKE_BACK = "take-back"
    AGREE = "agree"
    """The applicant agrees anew."""


PUBLIC_TEXT = Transitions(
    subject="The text",
    initial=frozenset({TextState.WAITING}),
    table={
        TextState.WAITING: {
            TextAct.PUBLISH: TextState.PUBLISHED,
            TextAct.REFUSE: TextState.REFUSED,
            TextAct.TAKE_BACK: TextState.TAKEN_BACK,
        },
        TextState.PUBLISHED: {
            TextAct.PUBLISH: TextState.PUBLISHED,
            TextAct.REFUSE: TextState.REFUSED,
            TextAct.TAKE_BACK: TextState.TAKEN_BACK,
        },
        TextState.REFUSED: {
            TextAct.PUBLISH: TextState.PUBLISHED,
            TextAct.TAKE_BACK: TextState.TAKEN_BACK,
        },
        TextState.TAKEN_BACK: {TextAct.AGREE: TextState.WAITING},
    },
)


class NoWording(HotlineError):  # noqa: N818 - reads as what happened
    """The wording to be published is empty or too long."""

    code = "no-wording"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """The consent to publish the words of an appeal, and what came of it. `wording` is what anybody reads."""

    number: str
    state: TextState
    agreed_at: datetime
    wording: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingText:
    """Words that wait to be read: of which appeal, since when, and the words as the applicant gave them."""

    number: str
    category: str
    agreed_at: datetime
    text: str


class PublicTexts(Protocol):
    """Consents, each with the appeal that it was given for."""

    async def find(self, number: str) -> PublicText | None: ...

    async def waiting(self, most: int) -> Sequence[WaitingText]:
        """List the words that nobody has read, of appeals that anybody sees, the earliest first."""
        ...

    async def published(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """Give the published wordings of these appeals, as far as anybody sees them (`matters.SHOWN`)."""
        ...

    async def agree(self, number: str, at: datetime) -> None:
        """Note that the applicant agrees; nothing changes where they do already."""
        ...

    async def take_back(self, number: str, at: datetime) -> None:
        """Note that they do not agree any more; the wording is gone at once. Nothing changes without one."""
        ...

    async def publish(self, number: str, wording: str, *, by: int, at: datetime) -> None:
        """Publish this wording; raises ForbiddenTransition where the applicant does not agree (any more)."""
        ...

    async def refuse(self, number: str, *, by: int, at: datetime) -> None:
        """Publish nothing of it; raises ForbiddenTransition as `publish` does."""
        ...


def checked_wording(typed: str) -> str:
    """Give the wording as it is published; raises NoWording."""
    wording = typed.strip()
    if not wording or len(wording) > LONGEST:
        raise NoWording(f"Write the wording, of no more than {LONGEST} characters.")
    return wording
