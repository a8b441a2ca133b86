"""Steps that ask a database with a year of calls: the road of a call, pages, reports, the night's sweep."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from attrs import define, field
from sqlalchemy import bindparam, select

from hotline.access.users import AuditEntry, AuditFilter
from hotline.appeals.control import AppealWaitsFor
from hotline.appeals.figures import Days
from hotline.calls.call import CallRecord, JourneyStep, Outcome, Recording, Step
from hotline.calls.history import CallFilter, CallNote, Position
from hotline.city.city_days import city_days
from hotline.desk.search import ResultGroup
from hotline.line.callbacks import EVER, OWED_FOR
from hotline.line.closed_days import parts_of
from hotline.line.presence_states import Presence
from hotline.line.report import By
from hotline.reports.figures import Asked, Span
from hotline.reports.measures import MEASURES, Dimension, Rows
from hotline.retention.terms import Retention
from storage.store import Storage
from storage.tables import Moment, calls
from tests.bench.growth.rows import CATEGORIES, DESKS, EXECUTORS, FREQUENT, frequent, rare, seldom

KYIV = ZoneInfo("Europe/Kyiv")
PAGE_ROWS = 51
SEARCHED = 10
MOST_COUNTED = 99
_CALL_SINCE = (
    select(calls.c.id, calls.c.number, calls.c.arrived_at)
    .where(calls.c.arrived_at >= bindparam("since", type_=Moment))
    .order_by(calls.c.arrived_at)
    .limit(1)
)


@define(eq=False)
class Town:
    """A year of calls in a database, asked again and again; each time of another call of it."""

    storage: Storage
    now: datetime
    rare: int
    """How many rare words appeals have."""
    rare_spoken: int
    """And messages."""
    rows: int = PAGE_ROWS
    """Of a page."""
    desks: int = DESKS
    executors: int = EXECUTORS
    categories: Sequence[str] = CATEGORIES
    frequent: int = FREQUENT
    picked: Sequence[CallRecord] = ()
    came: "count[int]" = field(factory=count)
    number: str = ""
    call: str = ""
    dispatcher: int = 1
    which: int = 0
    of: CallRecord = field(init=False)

    async def pick(self, many: int) -> None:
        """Find calls of the whole year."""
        found = []
        async with self.storage.database.reading() as connection:
            for at in range(many):
                since = self.now - timedelta(days=5) - timedelta(days=350) * at / many
                row = (await connection.execute(_CALL_SINCE, {"since": since})).one()
                found.append(
                    CallRecord(id=row.id, number=row.number, shown=row.number, arrived_at=row.arrived_at)
                )
        self.picked = found

    def turn(self) -> None:
        """Take the next of them, and a new call from the same number."""
        number = next(self.came)
        self.of = self.picked[number % len(self.picked)]
        self.number, self.call = self.of.number or "", f"hotline-{int(self.now.timestamp())}.new{number}"
        self.dispatcher = 1 + number % self.desks
        self.which = number

    def days(self, many: int) -> Span:
        """Give the last days, today among them."""
        today = self.now.astimezone(KYIV).date()
        return Span(first=today - timedelta(days=many - 1), last=today)


Do = Callable[[Town], Awaitable[object]]


async def _known(town: Town) -> None:
    await town.storage.calls.refuses_recording(town.number)
    await town.storage.calls.heard_menu(town.number, town.now - timedelta(days=30))


async def _arrives(town: Town) -> None:
    new = CallRecord(id=town.call, number=town.number, shown=town.number, arrived_at=town.now)
    await town.storage.calls.open(new)
    for number, step in enumerate((Step.ARRIVED, Step.ANSWERED, Step.PRESSED)):
        await town.storage.calls.note(JourneyStep(call_id=town.call, number=number, at=town.now, step=step))
    await town.storage.calls.flush()


async def _expected(town: Town) -> None:
    await town.storage.callers.expect(town.number, but_call=town.call)


async def _enters(town: Town) -> None:
    await town.storage.dispatchers.set_presence(town.dispatcher, Presence.READY, town.now)
    await town.storage.line.enter(town.call, at=town.now)
    await town.storage.line.standing(town.call, town.now)
    await town.storage.line.expected_wait(town.now, 3)


async def _pairs(town: Town) -> None:
    offer = await town.storage.line.pair(town.now)
    assert offer is not None  # noqa: S101 - somebody is ready, and somebody waits
    town.dispatcher = offer.dispatcher.id


async def _popped(town: Town) -> None:
    await town.storage.callers.card(town.number, but_call=town.call)
    await town.storage.calls.so_far(town.call)
    await town.storage.callers.in_line()


async def _answers(town: Town) -> None:
    assert await town.storage.line.answered(town.call, town.dispatcher, town.now)  # noqa: S101 - nobody else took it
    await town.storage.calls.keep_recording(_recording(town))


async def _ends(town: Town) -> None:
    storage = town.storage
    await storage.line.talk_ended(town.call, town.dispatcher, town.now, wrap_up=timedelta(minutes=1))
    await storage.line.leave(town.call, town.now)
    await storage.calls.close(town.call, Outcome.TALKED, town.now)
    await storage.calls.note(JourneyStep(call_id=town.call, number=3, at=town.now, step=Step.ENDED))
    await storage.calls.flush()


async def _wraps_up(town: Town) -> None:
    storage = town.storage
    await storage.history.add_note(
        CallNote(call_id=town.call, user_id=town.dispatcher, at=town.now, text="Передзвонити")
    )
    await storage.audit.append(
        AuditEntry(
            at=town.now, user_id=town.dispatcher, action="view", subject=f"call:{town.call}", address="::1"
        )
    )
    await storage.dispatchers.set_presence(town.dispatcher, Presence.AWAY, town.now)


async def _watched(town: Town) -> None:
    await town.storage.records.on_record()
    await town.storage.live_calls.now()
    await town.storage.calls.unended()
    await town.storage.calls.unfinished_recordings()
    await town.storage.cel.on_record([town.call, town.of.id])


async def _claimed(town: Town) -> None:
    await town.storage.call_jobs.claim(town.now, 10)
    await town.storage.call_jobs.on_the_line(town.number)
    await town.storage.outbox.undecided(MOST_COUNTED)


ROAD: Mapping[str, Do] = {
    "known": _known,
    "arrives": _arrives,
    "expected": _expected,
    "enters": _enters,
    "pairs": _pairs,
    "popped": _popped,
    "answers": _answers,
    "watched": _watched,
    "ends": _ends,
    "wraps_up": _wraps_up,
    "claims": _claimed,
}
"""In the order of one call: each is about the call that the one before has left."""


async def _history(town: Town, **wanted: object) -> None:
    await town.storage.history.find(CallFilter(**wanted), limit=town.rows)  # type: ignore[arg-type]


async def _one_call(town: Town) -> None:
    history = town.storage.history
    await town.storage.calls.find(town.of.id)
    await town.storage.calls.journey(town.of.id)
    await town.storage.calls.recordings(town.of.id)
    await history.messages(town.of.id)
    await history.notes(town.of.id)
    await history.around(town.of, 5)


async def _deep(town: Town) -> None:
    behind = Position(arrived_at=town.of.arrived_at, call_id=town.of.id)
    await town.storage.history.find(CallFilter(), limit=town.rows, behind=behind)


async def _found(town: Town) -> None:
    await town.storage.search.find(town.number[-7:], frozenset(ResultGroup), SEARCHED)


async def _said(town: Town, word: str, group: ResultGroup = ResultGroup.APPEALS) -> None:
    await town.storage.search.find(word, frozenset({group}), SEARCHED)


async def _todo(town: Town) -> None:
    for wait in AppealWaitsFor:
        await town.storage.control.waiting(wait, attempts=3, limit=town.rows)


async def _audited(town: Town, **wanted: object) -> None:
    await town.storage.audit.find(AuditFilter(**wanted), limit=town.rows)  # type: ignore[arg-type]


PAGES: Mapping[str, Do] = {
    "calls_newest": _history,
    "calls_deep": _deep,
    "calls_of_number": lambda town: _history(town, number=town.number),
    "calls_of_dispatcher": lambda town: _history(town, dispatcher_id=town.dispatcher),
    "calls_of_outcome": lambda town: _history(town, outcome=Outcome.MESSAGE_LEFT),
    "calls_missed": lambda town: _history(town, missed=True),
    "one_call": _one_call,
    "search_number": _found,
    "search_rare_word": lambda town: _said(town, rare(town.which % town.rare)),
    "search_seldom_word": lambda town: _said(town, seldom(town.which)),
    "search_frequent_word": lambda town: _said(town, frequent(town.which % town.frequent)),
    "search_spoken_rare": lambda town: _said(town, rare(town.which % town.rare_spoken), ResultGroup.SPOKEN),
    "search_spoken_frequent": lambda town: _said(
        town, frequent(town.which % town.frequent), ResultGroup.SPOKEN
    ),
    "audit_newest": _audited,
    "audit_of_user": lambda town: _audited(town, user_id=town.dispatcher),
    "audit_of_action": lambda town: _audited(town, action="play"),
    "audit_of_subject": lambda town: _audited(town, subject=f"call:{town.of.id}"),
}


async def _day(town: Town) -> None:
    days = Days(now=town.now, zone=KYIV)
    await town.storage.line_today.counts(days.midnight(0), days.midnight(1))


async def _owed(town: Town) -> None:
    await town.storage.callbacks.owed(21, town.now - OWED_FOR)
    await town.storage.callbacks.hidden(6, town.now - OWED_FOR)


async def _line_report(town: Town, by: By, days: int) -> None:
    span = town.days(days)
    await town.storage.line_report.by(by, city_days(span.first, span.last, KYIV))


async def _figures(town: Town, by: Dimension, days: int) -> None:
    asked = Asked(span=town.days(days), now=town.now, zone=KYIV, by=by)
    measures = [one for one in MEASURES.values() if one.rows is Rows.CALLS]
    await town.storage.figures.count(measures, asked)


async def _signs(town: Town) -> None:
    """Look at the talks of a day, as the sampler does at each of the last fourteen, every ten minutes."""
    await town.storage.quality_queue.talks(town.now - timedelta(days=1), town.now)


OF_DAYS: Mapping[str, Do] = {
    "today_counts": _day,
    "owed_of_two_weeks": _owed,
    "todo": _todo,
    "signs_of_a_day": _signs,
    "report_of_today": lambda town: _line_report(town, By.HALF_HOUR, 1),
    "report_of_month": lambda town: _line_report(town, By.DAY, 30),
    "report_of_month_by_desk": lambda town: _line_report(town, By.DISPATCHER, 30),
    "figures_of_month": lambda town: _figures(town, Dimension.DAY, 30),
    "figures_of_quarter": lambda town: _figures(town, Dimension.DAY, 92),
}
"""What reads the calls of days, or all that waits: more calls a day are more of it, and no index helps."""


BY_CALLS: Mapping[str, Do] = {
    f"{name}_by_calls": OF_DAYS[name]
    for name in OF_DAYS
    if name.startswith(("owed_of", "report_of_month", "figures_of"))
}
"""The same before any day was closed and any call settled: as it was done before 1 December 2026."""
QUARTER = 92


async def _settles(town: Town) -> None:
    await town.storage.unsettled_calls.settle(EVER, town.now)


async def _closes(town: Town) -> None:
    span = town.days(QUARTER)
    for at in range(QUARTER - 1):  # today is not over
        for part in parts_of(span.first + timedelta(days=at), KYIV):
            await town.storage.closed_days.make(part)


CLOSING: Mapping[str, Do] = {"settles_all_calls": _settles, "closes_a_quarter": _closes}


async def _nothing_old(town: Town) -> None:
    await town.storage.retention.sweep(Retention(), town.now)


async def _a_day_old(town: Town) -> None:
    """Have the first day of the year end its terms: of journeys, recordings, and the numbers of calls."""
    year = timedelta(days=365)
    kept = Retention(calls=year, audit=year, presence=year)
    await town.storage.retention.sweep(kept, town.now + timedelta(days=1))


NIGHT: Mapping[str, Do] = {"sweep_of_nothing": _nothing_old, "sweep_of_a_day": _a_day_old}


def _recording(town: Town) -> Recording:
    return Recording(
        id=f"{town.call}-1",
        call_id=town.call,
        dispatcher_id=town.dispatcher,
        started_at=town.now,
        caller_file=f"recordings/{town.call}-in.wav",
        dispatcher_file=f"recordings/{town.call}-out.wav",
    )
