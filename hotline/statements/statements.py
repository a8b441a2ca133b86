"""Statements for media and the Internet: the instruction, the text in both languages, the public versions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Protocol

from hotline.statements.statement_states import STATEMENT, StatementAct, StatementState, may, require_person
from hotline.voice.speech import Language

LONGEST_LINE = 120
LONGEST_TITLE = 200
LONGEST_TEXT = 8000
LONGEST_ALT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementText:
    """Title and text in one language; an empty line parts paragraphs. Without a title: not written."""

    title: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.title)

    @property
    def paragraphs(self) -> Sequence[str]:
        return [one.strip() for one in self.text.split("\n\n") if one.strip()]


NOT_WRITTEN = StatementText()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPicture:
    """The picture of a statement, redrawn by the store of files, with words for those who cannot see it."""

    key: str
    """Its name in the store."""
    bytes: int
    sha256: str
    alt_uk: str
    alt_en: str = ""

    def alt(self, language: str) -> str:
        """Say what it shows in this language; in Ukrainian where it is not written in it."""
        return self.alt_en if language == Language.ENGLISH and self.alt_en else self.alt_uk


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContent:
    """A statement as it is typed. `number`, `dated` and `instructed_by` are of the instruction."""

    instructed_by: str
    number: str
    dated: date
    uk: StatementText
    en: StatementText = NOT_WRITTEN
    publish_at: datetime | None = None
    """None: as soon as it is approved."""
    correction: str = ""
    """What the correction mends, for readers; empty until there is one."""
    picture: StatementPicture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(StatementContent):
    """A statement as it is kept; what it says is the latest draft, which may be public or not yet."""

    id: int
    state: StatementState
    author_id: int
    """Who wrote it, or the correction that is under way."""
    refusal: str = ""
    """The reason of the latest refusal by the second person."""
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""
    """Why it was withdrawn."""
    created_at: datetime
    changed_at: datetime
    version: int = 1
    """Grows with each act: who acts on an older one has not seen it as it stands."""

    def after(self, act: StatementAct, user_id: int) -> StatementState:
        """Give the state to which this user's act leads. Raises ForbiddenTransition."""
        require_person(act, user_id, self.author_id)
        return STATEMENT.after(self.state, act)

    def possible(self, user_id: int) -> frozenset[StatementAct]:
        """Give the acts of this user that lead somewhere from its state."""
        return frozenset(one for one in STATEMENT.possible(self.state) if may(one, user_id, self.author_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementVersion:
    """A version that was approved; never changed. It is public from `published_at` on."""

    statement_id: int
    number: int
    """1 is the statement, later ones are corrections."""
    uk: StatementText
    en: StatementText = NOT_WRITTEN
    correction: str = ""
    picture: StatementPicture | None = None
    author_id: int
    approver_id: int
    approved_at: datetime
    published_at: datetime

    def wording(self, language: str) -> StatementText:
        """Give it in this language; in Ukrainian where it is not written in it."""
        return self.en if language == Language.ENGLISH and self.en else self.uk


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatement:
    """A statement as residents may read it at a moment: its public versions, the latest last."""

    id: int
    versions: tuple[StatementVersion, ...]
    withdrawn_at: datetime | None = None
    reason: str = ""

    @property
    def present(self) -> StatementVersion:
        return self.versions[-1]

    @property
    def corrections(self) -> Sequence[StatementVersion]:
        """List the corrections, the latest first."""
        return self.versions[:0:-1]

    @property
    def published_at(self) -> datetime:
        return self.versions[0].published_at

    @property
    def changed_at(self) -> datetime:
        return self.withdrawn_at or self.present.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedStatement:
    """A statement with all its approved versions in order, whether public yet or not."""

    id: int
    versions: tuple[StatementVersion, ...]
    withdrawn_at: datetime | None = None
    reason: str = ""

    def at(self, moment: datetime) -> PublicStatement | None:
        """Give it as residents read it then; None before its time, or where it was withdrawn before that.

        A version that another replaced before it was public has never been read, and is left out.
        """
        if self.withdrawn_at is not None and self.withdrawn_at <= self.versions[0].published_at:
            return None
        due = [one for one in self.versions if one.published_at <= moment]
        if self.withdrawn_at is not None:
            due = [one for one in due if one.published_at < self.withdrawn_at]
        read = [
            one
            for one, later in zip_longest(due, due[1:])
            if later is None or one.published_at < later.published_at
        ]
        if not read:
            return None
        return PublicStatement(
            id=self.id, versions=tuple(read), withdrawn_at=self.withdrawn_at, reason=self.reason
        )


def public_statements(approved: Sequence[ApprovedStatement], moment: datetime) -> Sequence[PublicStatement]:
    """List what residents read at this moment, the one published last first."""
    read = [one for each in approved if (one := each.at(moment))]
    return sorted(read, key=lambda one: (one.published_at, one.id), reverse=True)


class Statements(Protocol):
    """Statements, and their approved versions."""

    async def add(self, new: StatementContent, author_id: int, at: datetime) -> Statement:
        """Keep a draft."""
        ...

    async def get(self, statement_id: int) -> Statement:
        """Raises NotFound."""
        ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Statement]:
        """List statements behind `skipped`, those that wait for a person first; none that was discarded."""
        ...

    async def unfinished(self) -> Sequence[Statement]:
        """List those that wait for the second person, and behind them those that are being written."""
        ...

    async def by_state(self) -> Mapping[StatementState, int]:
        """Count all that `latest` lists, by state."""
        ...

    async def change(self, was: Statement, now: StatementContent, at: datetime, *, user_id: int) -> Statement:
        """Make `now` of one's own draft or correction. Raises Outdated, ForbiddenTransition."""
        ...

    async def move(
        self, was: Statement, act: StatementAct, at: datetime, *, user_id: int, reason: str = ""
    ) -> Statement:
        """Do an act that moves it; an approval adds a version. Raises Outdated, ForbiddenTransition.

        `reason` says why it is sent back or withdrawn. A version is public from `publish_at` on, or from its
        approval where that is later. DROP gives back the text of the version before.
        """
        ...

    async def versions(self, statement_id: int) -> Sequence[StatementVersion]:
        """List its approved versions, in order."""
        ...

    async def known(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of these files of the store are pictures of statements, of drafts as well."""
        ...

    async def approved(self) -> Sequence[ApprovedStatement]:
        """List all that were ever approved, with their versions."""
        ...
