"""A year of calls with all that goes with them, made by the database itself: they are no work for Python."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.city.classifier import classifier

YEAR_SECONDS = 365 * 86_400
MESSAGES_PERCENT = 3
PEOPLE_SHARE, NUMBERS_SHARE, APPEALS_SHARE = 10, 5, 10
"""Calls for each citizen of the register, each number, each appeal."""
CATEGORIES = tuple(sorted(classifier().categories))
DESKS, EXECUTORS = 111, 40
"""As many dispatchers as docs/capacity.py says for ten million."""
AT_ONCE = 500_000
"""Rows of a transaction, told of as they are written."""
FIRST_NUMBER = 500_000_000
HITS = 20
"""Texts with each of the rare words in a year of any size: the same number of hits at both ends."""
SELDOM, FREQUENT = 997, 19
"""Texts for each that has such a word: their hits grow with the year, of which a page shows the newest.
Primes, so that none of these words falls to the share of calls that left no message.
"""
_RARE, _SELDOM, _FREQUENT = ("рд", 100_000), ("слв", 10_000), ("часте", 100)
"""How they begin, and from which number on. All of eight letters: the beginning of none is another."""


class Dialect(Protocol):
    """The words in which this database says what both can do."""

    def series(self, first: int, last: int) -> str:
        """Give the rows `n` whose `i` runs from `first` up to `last`, which is not among them."""
        ...

    def moment(self, seconds: str) -> str:
        """Give the moment of these seconds since 1970."""
        ...

    def day(self, seconds: str) -> str: ...

    def lemmas(self, words: str) -> str: ...


class _PostgreSql:
    def series(self, first: int, last: int) -> str:
        return f"generate_series(CAST({first} AS bigint), CAST({last - 1} AS bigint)) AS n(i)"

    def moment(self, seconds: str) -> str:
        return f"to_timestamp({seconds})"

    def day(self, seconds: str) -> str:
        return f"CAST(to_timestamp({seconds}) AS date)"

    def lemmas(self, words: str) -> str:
        return f"CAST({words} AS tsvector)"


class _Sqlite:
    def series(self, first: int, last: int) -> str:
        more = f"SELECT i + 1 FROM up WHERE i < {last - 1}"  # noqa: S608 - our own numbers
        up = f"WITH RECURSIVE up(i) AS (SELECT {first} UNION ALL {more})"
        return f"({up} SELECT i FROM up) AS n"  # noqa: S608 - as above

    def moment(self, seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')"

    def day(self, seconds: str) -> str:
        return f"date({seconds}, 'unixepoch')"

    def lemmas(self, words: str) -> str:
        return words


DIALECTS: Mapping[str, Dialect] = {"postgresql": _PostgreSql(), "sqlite": _Sqlite()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of one table: `columns`, each with its expression of `i`, for the `i` that fit `where`."""

    table: str
    columns: Mapping[str, str]
    many: int
    where: str = "TRUE"

    def statements(self, dialect: Dialect) -> Iterator[tuple[int, str]]:
        """Give the statements that write them, each with how many are written after it."""
        names = ", ".join(f'"{one}"' for one in self.columns)
        values = ", ".join(self.columns.values())
        for first in range(0, self.many, AT_ONCE):
            last = min(first + AT_ONCE, self.many)
            series = dialect.series(first, last)
            yield last, f"INSERT INTO {self.table} ({names}) SELECT {values} FROM {series} WHERE {self.where}"  # noqa: S608


def chance(of: int, salt: int, i: str = "i") -> str:
    """Give a number below `of` that looks as if it were drawn; the same in each database."""
    return f"(({i} * 2654435761 + {salt} * 40503) % 4294967291 % {of})"


def one_of(values: Sequence[str], salt: int) -> str:
    """Give one of these, as if it were drawn."""
    each = " ".join(f"WHEN {at} THEN '{value}'" for at, value in enumerate(values))
    return f"CASE {chance(len(values), salt)} {each} END"


def rare(which: int) -> str:
    return f"{_RARE[0]}{_RARE[1] + which}"


def seldom(which: int) -> str:
    return f"{_SELDOM[0]}{_SELDOM[1] + which}"


def frequent(which: int) -> str:
    return f"{_FREQUENT[0]}{_FREQUENT[1] + which}"


def number(index: str) -> str:
    return f"'+380' || ({FIRST_NUMBER} + {index})"


def rare_words(texts: int) -> int:
    """Count the words of which each stands in so few of these texts: no multiple of 2 or 5, as above."""
    return texts // HITS // 10 * 10 + 1


def said(rare_ones: int, frequent_ones: int) -> str:
    """Give the words of a text: one of each kind, and one that all have."""
    kinds = ((_RARE, rare_ones, 37), (_SELDOM, SELDOM, 39), (_FREQUENT, frequent_ones, 41))
    drawn = " || ' ' || ".join(
        f"'{begins}' || ({first} + {chance(many, salt)})" for (begins, first), many, salt in kinds
    )
    return f"{drawn} || ' київська'"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownYear:
    """A year of calls that ends at a moment."""

    calls: int
    ends: datetime
    dialect: Dialect
    desks: int = DESKS
    executors: int = EXECUTORS
    categories: Sequence[str] = CATEGORIES
    frequent: int = FREQUENT
    owed: float = 0.03
    """The share of appeals whose work has not ended: the newest."""

    def came(self, i: str = "i") -> str:
        """Give the seconds since 1970 at which a call arrived."""
        began = self.ends.timestamp() - YEAR_SECONDS
        return f"({began:.3f} + {i} * {YEAR_SECONDS / self.calls:.6f})"

    def call(self, i: str = "i") -> str:
        return f"'hotline-' || CAST({self.came(i)} AS bigint) || '.' || {i}"

    @property
    def numbers(self) -> int:
        return max(self.calls // NUMBERS_SHARE, 1)

    @property
    def people(self) -> int:
        return max(self.calls // PEOPLE_SHARE, 1)

    def of(self, i: str = "i") -> str:
        return number(chance(self.numbers, 7, i))

    @property
    def appeals(self) -> int:
        return self.calls // APPEALS_SHARE

    @property
    def messages(self) -> int:
        return self.calls * MESSAGES_PERCENT // 100

    def all(self) -> Iterator[Rows]:
        """Give the rows of all tables, those that others refer to first."""
        yield from self._staff()
        yield from self._people()
        yield from self._calls()
        yield from self._talks()
        yield from self._appeals()
        yield from self._owed()

    def _staff(self) -> Iterator[Rows]:
        now = self.dialect.moment(f"{self.ends.timestamp():.3f}")
        yield Rows(
            table="executors",
            many=self.executors,
            columns={
                "id": "i + 1",
                "name": "'КП ' || i",
                "short": "'КП ' || i",
                "active": "TRUE",
                "demo": "FALSE",
            },
        )
        yield Rows(
            table="dispatchers",
            many=self.desks,
            columns={
                "id": "i + 1",
                "extension": "CAST(7000 + i AS text)",
                "name": "'Диспетчер ' || i",
                "secret": "''",
                "presence": "'away'",
                "reason": "''",
                "since": now,
                "misses": "0",
            },
        )
        yield Rows(
            table="users",
            many=self.desks,
            columns={
                "id": "i + 1",
                "login": "'dispatcher' || i",
                "name": "'Диспетчер ' || i",
                "role": "'dispatcher'",
                "password_hash": "'none'",
                "dispatcher_id": "i + 1",
                "active": "TRUE",
                "demo": "FALSE",
            },
        )

    def _people(self) -> Iterator[Rows]:
        noted = self.dialect.moment(self.came())
        yield Rows(
            table="citizens",
            many=self.people,
            columns={
                "id": "i + 1",
                "name": f"'Заявник ' || {chance(50_000, 3)}",
                "address": f"'вул. Київська, ' || {chance(400, 5)}",
                "noted_at": noted,
            },
        )
        yield Rows(
            table="citizen_numbers",
            many=self.people,
            columns={"number": number("i"), "citizen_id": "i + 1"},
        )
        digits = f"CAST({FIRST_NUMBER} + i AS text)"
        backwards = " || ".join(f"substr({digits}, {place}, 1)" for place in range(9, 0, -1))
        yield Rows(
            table="known_numbers",
            many=self.numbers,
            columns={"number": number("i"), "backwards": f"{backwards} || '083+'"},
        )

    def _calls(self) -> Iterator[Rows]:
        moment, came, drawn = self.dialect.moment, self.came(), chance(100, 1)
        outcome = (
            f"CASE WHEN {drawn} < 45 THEN 'talked' WHEN {drawn} < 65 THEN 'answered-by-machine'"
            f" WHEN {drawn} < 85 THEN 'hung-up-in-menu' WHEN {drawn} < 97 THEN 'abandoned-in-line'"
            " ELSE 'message-left' END"
        )
        in_line = f"{drawn} < 45 OR {drawn} >= 85"
        yield Rows(
            table="calls",
            many=self.calls,
            columns={
                "id": self.call(),
                "number": self.of(),
                "shown": self.of(),
                "arrived_at": moment(came),
                "language": "'uk'",
                "answered_at": moment(f"{came} + 0.01"),
                "first_prompt_at": moment(f"{came} + 0.02"),
                "ended_at": moment(f"{came} + 45 + {chance(300, 11)}"),
                "outcome": outcome,
                "recording_refused": "FALSE",
                "joined_at": f"CASE WHEN {in_line} THEN {moment(f'{came} + 20')} END",
                "talked_at": f"CASE WHEN {drawn} < 45 THEN {moment(f'{came} + 30')} END",
            },
        )
        yield Rows(
            table="journey_steps",
            many=3 * self.calls,
            columns={
                "call_id": self.call("(i / 3)"),
                "number": "i % 3",
                "at": moment(f"{self.came('(i / 3)')} + i % 3 * 20"),
                "step": "CASE i % 3 WHEN 0 THEN 'arrived' WHEN 1 THEN 'pressed' ELSE 'ended' END",
                "detail": """'{"key": "0"}'""",
            },
        )
        yield Rows(
            table="queue_entries",
            many=self.calls,
            where=in_line,
            columns={
                "call_id": self.call(),
                "priority": "0",
                "entered_at": moment(f"{came} + 20"),
                "state": "'left'",
                "offers": "1",
                "left_at": moment(f"{came} + 30"),
                "rung": "0",
            },
        )

    def _talks(self) -> Iterator[Rows]:
        moment, came, talked = self.dialect.moment, self.came(), f"{chance(100, 1)} < 45"
        desk = f"1 + {chance(self.desks, 13)}"
        began, ended = moment(f"{came} + 30"), moment(f"{came} + 45 + {chance(300, 11)}")
        yield Rows(
            table="talks",
            many=self.calls,
            where=talked,
            columns={
                "call_id": self.call(),
                "dispatcher_id": desk,
                "started_at": began,
                "ended_at": ended,
            },
        )
        for presence, at in (("talking", began), ("ready", ended)):
            yield Rows(
                table="presence_history",
                many=self.calls,
                where=talked,
                columns={"dispatcher_id": desk, "presence": f"'{presence}'", "reason": "''", "at": at},
            )
        yield Rows(
            table="recordings",
            many=self.calls,
            where=talked,
            columns={
                "id": f"{self.call()} || '-1'",
                "call_id": self.call(),
                "dispatcher_id": desk,
                "started_at": began,
                "caller_file": "'recordings/' || i || '-in.wav'",
                "dispatcher_file": "'recordings/' || i || '-out.wav'",
                "listening_file": "'recordings/' || i || '.ogg'",
                "seconds": "60.0",
                "master_file": "'recordings/' || i || '.flac'",
                "mastered_at": ended,
                "sides_gone_at": ended,
            },
        )
        yield Rows(
            table="voice_messages",
            many=self.calls,
            where=f"{chance(100, 1)} >= {100 - MESSAGES_PERCENT}",
            columns={
                "id": f"{self.call()} || '-m'",
                "call_id": self.call(),
                "number": self.of(),
                "file": "'messages/' || i || '.wav'",
                "began_at": began,
                "seconds": "20.0",
            },
        )
        yield Rows(
            table="transcripts",
            many=self.calls,
            where=f"{chance(100, 1)} >= {100 - MESSAGES_PERCENT}",
            columns={
                "id": f"CAST({came} AS bigint) * 64 + i % 64",
                "message": f"{self.call()} || '-m'",
                "speaker": "'caller'",
                "text": "'Немає води'",
                "words": "'[]'",
                "engine": "'whisper'",
                "model": "'base'",
                "language": "'uk'",
                "made_at": ended,
                "lemmas": self.dialect.lemmas(said(rare_words(self.messages), self.frequent)),
            },
        )
        yield Rows(
            table="audit",
            many=self.calls,
            columns={
                "at": began,
                "user_id": desk,
                "action": f"CASE WHEN {chance(100, 17)} < 60 THEN 'view' ELSE 'play' END",
                "subject": f"'call:' || {self.call()}",
                "address": "'10.0.0.1'",
                "detail": "''",
            },
        )

    def _appeals(self) -> Iterator[Rows]:
        moment, many = self.dialect.moment, self.appeals
        i = f"(i * {APPEALS_SHARE})"
        came = self.came(i)
        appeal, drawn = "CAST(10000000 + i AS text)", chance(100, 19)
        old = f"i < {many} * {1 - self.owed}"
        state = (
            f"CASE WHEN {old} THEN 'closed' WHEN {drawn} < 60 THEN 'in-work'"
            f" WHEN {drawn} < 90 THEN 'accepted' WHEN {drawn} < 97 THEN 'being-checked' ELSE 'done' END"
        )
        executor = f"1 + {chance(self.executors, 23)}"
        house = f"'вул. Київська, ' || {chance(400, 29)}"
        yield Rows(
            table="appeals",
            many=many,
            columns={
                "number": appeal,
                "applicant_number": self.of(i),
                "applicant_id": f"1 + {chance(self.people, 7, i)}",
                "text": "'Немає води в під''їзді з ранку, просимо прислати майстра'",
                "address": house,
                "address_key": house,
                "state": state,
                "state_since": moment(f"{came} + 86400"),
                "registered_at": moment(f"{came} + 60"),
                "due_on": self.dialect.day(f"{came} + 1296000"),
                "due_at": moment(f"{came} + 1296000"),
                "category": one_of(self.categories, 31),
                "consent": "TRUE",
                "call_id": self.call(i),
                "registered_by": f"1 + {chance(self.desks, 13)}",
                "executor_id": executor,
            },
        )
        yield Rows(
            table="appeal_history",
            many=3 * many,
            columns={
                "number": "CAST(10000000 + i / 3 AS text)",
                "version": "1 + i % 3",
                "at": moment(f"{self.came(f'(i / 3 * {APPEALS_SHARE})')} + 60 + i % 3 * 3600"),
                "act": "CASE i % 3 WHEN 0 THEN 'register' WHEN 1 THEN 'assign' ELSE 'accept' END",
                "part": "'dispatcher'",
                "state_before": "CASE i % 3 WHEN 1 THEN 'registered' WHEN 2 THEN 'assigned' END",
                "state_after": (
                    "CASE i % 3 WHEN 0 THEN 'registered' WHEN 1 THEN 'assigned' ELSE 'accepted' END"
                ),
                "said": "''",
                "hidden": "FALSE",
                "facts": "'{}'",
            },
        )
        yield Rows(
            table="appeal_texts",
            many=many,
            columns={
                "id": f"CAST({came} AS bigint) * 64 + i % 64",
                "appeal": appeal,
                "lemmas": self.dialect.lemmas(said(rare_words(many), self.frequent)),
            },
        )

    def _owed(self) -> Iterator[Rows]:
        moment, many = self.dialect.moment, self.calls // 20
        i = "(i * 20)"
        came = self.came(i)
        done = moment(f"{came} + 7200")
        yield Rows(
            table="notices",
            many=2 * many,
            columns={
                "number": "CAST(10000000 + i AS text)",
                "recipient": f"'applicant:' || {chance(self.people, 43)}",
                "channel": "'sms'",
                "address": self.of("(i * 10)"),
                "about": "'accepted'",
                "facts": "'{}'",
                "owed_at": moment(self.came("(i * 10)")),
                "state": "'delivered'",
                "due_at": moment(self.came("(i * 10)")),
                "tries": "1",
                "changed_at": moment(self.came("(i * 10)")),
                "provider_id": "CAST(i AS text)",
                "fault": "''",
            },
        )
        job = {"number": self.of(i), "attempt": "1"}
        yield Rows(
            table="call_jobs",
            many=many,
            columns={
                **job,
                "id": "i + 1",
                "source": "'surveys'",
                "subject": "i",
                "about": "CAST(10000000 + i AS text)",
                "kind": "'survey'",
                "urgency": "5",
                "state": "'reached'",
                "changed_at": done,
                "claimed_at": done,
                "held_by": "'w'",
                "renewed_at": done,
                "call_id": "'out-' || i",
                "called_at": done,
                "result": "'told'",
            },
        )
        yield Rows(
            table="call_attempts",
            many=many,
            columns={
                **job,
                "call_id": "'out-' || i",
                "job_id": "i + 1",
                "dialled_at": done,
                "ended_at": done,
                "result": "'told'",
            },
        )
        yield Rows(
            table="call_notes",
            many=many,
            columns={
                "call_id": self.call(i),
                "user_id": f"1 + {chance(self.desks, 13)}",
                "at": done,
                "text": "'Передзвонити після обіду'",
            },
        )
        missed = f"{chance(100, 1)} >= 85 AND {chance(100, 1)} < 97"
        yield Rows(
            table="callbacks",
            many=self.calls,
            where=f"{missed} AND {chance(100, 47)} < 95",
            columns={
                "number": self.of(),
                "covers_until": moment(self.came()),
                "call_id": self.call(),
                "user_id": f"1 + {chance(self.desks, 13)}",
                "at": moment(f"{self.came()} + 3600"),
                "result": "'reached'",
                "note": "''",
            },
        )
