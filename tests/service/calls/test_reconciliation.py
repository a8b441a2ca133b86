"""The call log made whole from Asterisk's CEL, on real storage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.calls.history import CallFilter
from hotline.calls.interpreters import FROM_INTERPRETER, NO_INTERPRETERS, Interpreters
from hotline.calls.web_calls import FROM_BROWSER
from service.calls.reconciliation import Reconciliation
from storage.calls.cel_cursor import CelCursor
from storage.store import Storage
from storage.tables import talks
from telephony.calls.journey import FROM_CEL
from tests.fakes.cel import CelFile, record
from tests.fakes.clock import NOON, SetClock
from tests.fakes.sounds import write_wav

CALL = "hotline-1.1"
DESK = "hotline-1.2"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Scene:
    """A CEL file, a call log, and what lives in Asterisk (None: it cannot be asked)."""

    def __init__(self, storage: Storage, clock: SetClock, folder: Path) -> None:
        self.storage = storage
        self.clock = clock
        self.cel = CelFile(folder / "hotline.csv")
        self.messages = folder
        self.recordings = folder / "recordings"
        self.cursor = storage.cel
        self.living: set[str] | None = set()
        self.reconciliation = self.anew()

    def anew(self, interpreters: Interpreters = NO_INTERPRETERS) -> Reconciliation:
        """The same after a restart of the service."""

        async def alive() -> set[str] | None:
            return self.living

        return Reconciliation(
            file=self.cel.path,
            cursor=self.cursor,
            calls=self.storage.calls,
            dispatchers=self.storage.dispatchers,
            clock=self.clock,
            alive=alive,
            messages=self.messages,
            recordings=self.recordings,
            interpreters=interpreters,
            seconds=self.clock.seconds,
        )

    async def reconcile(self, seconds: float = 60) -> None:
        """Do it so long after noon."""
        self.clock.pass_by((after(seconds) - self.clock.now()).total_seconds())
        await self.reconciliation.once()
        await self.storage.calls.flush()

    def recorded(self) -> None:
        """Asterisk's own queue has recorded the caller."""
        self.recordings.mkdir(exist_ok=True)
        write_wav(self.recordings / f"{CALL}-fallback-rx.wav", 1)

    async def reads_from_the_beginning(self) -> None:
        file = str(self.cel.path)
        since = await self.storage.cel.offset(file)
        await self.storage.cel.apply(file=file, since=since, offset=0, calls=[], steps=[], endings=[])

    async def talks(self) -> list[tuple[int, datetime, datetime | None]]:
        """Who talked, since when and until when, in the rows that history reads."""
        rows = select(talks.c.dispatcher_id, talks.c.started_at, talks.c.ended_at).order_by(talks.c.id)
        async with self.storage.database.reading() as connection:
            return [(one, began, ended) for one, began, ended in (await connection.execute(rows)).all()]

    async def steps(self, call_id: str = CALL) -> list[Step]:
        journey = await self.storage.calls.journey(call_id)
        return [one.step for one in sorted(journey, key=lambda one: (one.at, one.number))]

    async def call(self, call_id: str = CALL) -> CallRecord:
        found = await self.storage.calls.find(call_id)
        assert found is not None
        return found

    async def served(self, steps: Sequence[tuple[float, Step]], *, ended: bool) -> None:
        """What the service itself wrote of a call."""
        await self.storage.calls.open(
            CallRecord(id=CALL, number="+380457900001", shown="0457900001", arrived_at=NOON)
        )
        for number, (seconds, step) in enumerate(steps, 1):
            await self.storage.calls.note(
                JourneyStep(call_id=CALL, number=number, at=after(seconds), step=step)
            )
        if ended:
            await self.storage.calls.close(CALL, Outcome.TALKED, after(steps[-1][0]))
        await self.storage.calls.flush()


@pytest.fixture
def scene(storage: Storage, clock: SetClock, tmp_path: Path) -> Scene:
    return Scene(storage, clock, tmp_path)


def fallback_call(*middle: str, end: float = 40, context: str = "from-citizens") -> list[str]:
    """A call that Asterisk served alone; `middle` happens in the queue."""
    return [
        record("CHAN_START", after(0), context=context, exten="1580"),
        record("APP_START", after(0.01), context="hotline", app="Stasis", data="hotline,citizen,1580"),
        record("APP_END", after(0.02), context="hotline", app="Stasis"),
        record("ANSWER", after(0.03), app="Answer"),
        record("APP_START", after(12), app="Queue", data="hotline,c,,,900"),
        *middle,
        record("HANGUP", after(end)),
        record("CHAN_END", after(end)),
        record("LINKEDID_END", after(end)),
    ]


def talk(begin: float = 20, end: float = 35) -> list[str]:
    """The queue brings a dispatcher; their own channel's records belong to the same call."""
    desk = {"channel_id": DESK, "linked_id": CALL, "channel": "PJSIP/desk-201-00000002", "context": "x"}
    return [
        record("CHAN_START", after(begin - 5), **desk),
        record("ANSWER", after(begin), **desk),
        record("BRIDGE_ENTER", after(begin), app="AppQueue", **desk),
        record("BRIDGE_ENTER", after(begin), app="Queue"),
        record("BRIDGE_EXIT", after(end), app="Queue"),
        record("BRIDGE_EXIT", after(end), app="AppQueue", **desk),
        record("CHAN_END", after(end), **desk),
    ]


SERVED = [
    (0.0, Step.ARRIVED),
    (0.05, Step.ANSWERED),
    (5.0, Step.JOINED_LINE),
    (20.01, Step.TALK_STARTED),
    (35.01, Step.TALK_ENDED),
    (40.01, Step.ENDED),
]


def served_call() -> list[str]:
    """CEL of a call that the service served: in Stasis all the time."""
    stasis = {"context": "hotline", "app": "Stasis"}
    return [
        record("CHAN_START", after(0), context="from-citizens"),
        record("APP_START", after(0.01), **stasis),
        record("ANSWER", after(0.04), **stasis),
        record("BRIDGE_ENTER", after(20), **stasis),
        record("BRIDGE_EXIT", after(35), **stasis),
        record("HANGUP", after(40), **stasis),
        record("CHAN_END", after(40), **stasis),
    ]


async def test_a_call_that_the_fallback_served_alone_is_on_record_whole(scene: Scene) -> None:
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    call = await scene.call()
    assert (call.number, call.shown) == ("+380457900001", "0457900001")
    assert (call.arrived_at, call.answered_at, call.ended_at) == (after(0), after(0.03), after(40))
    assert call.outcome is Outcome.TALKED
    assert await scene.steps() == [
        *(Step.ARRIVED, Step.ANSWERED, Step.FELL_BACK, Step.TALK_STARTED, Step.TALK_ENDED, Step.ENDED),
    ]
    assert [one.id for one in await scene.storage.calls.recent()] == [CALL]


@pytest.mark.parametrize(
    ("context", "whose"),
    [("from-edge", ("+380457900001", "0457900001")), ("from-web", (None, FROM_BROWSER))],
)
async def test_who_came_by_kamailio_or_a_browser_and_whom_asterisk_served_alone_is_on_record(
    scene: Scene, context: str, whose: tuple[str | None, str]
) -> None:
    scene.cel.append(*fallback_call(*talk(), context=context))
    await scene.reconcile()
    call = await scene.call()
    assert (call.number, call.shown) == whose
    assert (call.arrived_at, call.ended_at, call.outcome) == (after(0), after(40), Outcome.TALKED)


async def test_a_call_that_a_node_gave_back_to_kamailio_is_the_other_nodes(scene: Scene) -> None:
    scene.cel.append(
        record("CHAN_START", after(0), context="from-edge", exten="1580"),
        record("APP_START", after(0.01), context="hotline", app="Stasis", data="hotline,citizen,1580"),
        record("APP_END", after(0.02), context="hotline", app="Stasis"),
        record("HANGUP", after(0.03), context="hotline", extra='{"hangupcause":42}'),
        record("CHAN_END", after(0.03), context="hotline"),
    )
    await scene.reconcile()
    assert await scene.storage.calls.recent() == []
    assert await scene.steps() == []


async def test_a_call_whose_giving_back_is_read_later_than_its_beginning_is_the_other_nodes(
    scene: Scene,
) -> None:
    scene.cel.append(
        record("CHAN_START", after(0), context="from-edge", exten="1580"),
        record("HANGUP", after(1), context="hotline", extra='{"hangupcause":42}'),
        record("CHAN_END", after(1), context="hotline"),
    )
    await scene.reconcile(5.5)  # half a second later than its beginning, and sooner than its end may be read
    assert await scene.storage.calls.recent() == []
    await scene.reconcile(10.5)
    assert await scene.storage.calls.recent() == []
    assert await scene.steps() == []


async def test_a_call_that_only_rings_is_on_record_soon_and_holds_up_nothing(scene: Scene) -> None:
    scene.cel.append(record("CHAN_START", after(0), context="from-citizens"))
    await scene.reconcile(6)
    assert await scene.storage.calls.recent() == []
    await scene.reconcile(8)
    assert [one.id for one in await scene.storage.calls.recent()] == [CALL]


async def test_a_caller_who_gave_up_in_the_fallback_queue_abandoned_the_line(scene: Scene) -> None:
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.ABANDONED_IN_LINE


async def test_a_caller_who_hung_up_before_the_queue_gave_up_before_it(scene: Scene) -> None:
    scene.cel.append(*[line for line in fallback_call() if "Queue" not in line])
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.HUNG_UP_IN_MENU


async def test_a_message_left_with_asterisk_is_listed_with_its_length(scene: Scene) -> None:
    file = write_wav(scene.messages / f"{CALL}-fallback.wav", 3)
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    (message,) = await scene.storage.calls.messages()
    assert (message.call_id, message.number, message.file) == (CALL, "+380457900001", str(file))
    assert message.seconds == pytest.approx(3)
    assert (await scene.call()).outcome is Outcome.MESSAGE_LEFT
    assert (await scene.steps())[-2:] == [Step.MESSAGE_LEFT, Step.ENDED]


async def test_an_interpreter_whom_asterisk_served_alone_has_no_number_either(scene: Scene) -> None:
    scene.reconciliation = scene.anew(Interpreters(numbers=("+380457900001",)))
    write_wav(scene.messages / f"{CALL}-fallback.wav", 3)
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    call = await scene.call()
    assert (call.number, call.shown) == (None, FROM_INTERPRETER)
    assert (await scene.steps())[:2] == [Step.ARRIVED, Step.INTERPRETED]
    (message,) = await scene.storage.calls.messages()
    assert message.number is None


async def test_a_message_in_which_nothing_was_recorded_is_none(scene: Scene) -> None:
    write_wav(scene.messages / f"{CALL}-fallback.wav", 0)
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    assert await scene.storage.calls.messages() == []
    assert (await scene.call()).outcome is Outcome.ABANDONED_IN_LINE


async def test_what_the_service_wrote_whole_gets_nothing_added(scene: Scene) -> None:
    await scene.served(SERVED, ended=True)
    before = await scene.storage.calls.journey(CALL), await scene.call()
    scene.cel.append(*served_call())
    await scene.reconcile()
    assert (await scene.storage.calls.journey(CALL), await scene.call()) == before


async def test_what_the_service_has_not_stored_yet_is_stored_before_anything_is_added(scene: Scene) -> None:
    scene.cel.append(*served_call())
    await scene.storage.calls.open(CallRecord(id=CALL, number=None, shown="", arrived_at=NOON))
    for number, (seconds, step) in enumerate(SERVED, 1):
        await scene.storage.calls.note(JourneyStep(call_id=CALL, number=number, at=after(seconds), step=step))
    await scene.storage.calls.close(CALL, Outcome.TALKED, after(40))
    await scene.reconcile()
    assert len(await scene.steps()) == len(SERVED)


async def test_an_end_that_came_while_the_service_was_away_is_added(scene: Scene) -> None:
    await scene.served(SERVED[:3], ended=False)
    scene.cel.append(*[line for line in served_call() if "BRIDGE" not in line])
    await scene.reconcile()
    assert await scene.steps() == [Step.ARRIVED, Step.ANSWERED, Step.JOINED_LINE, Step.ENDED]
    call = await scene.call()
    assert (call.ended_at, call.outcome) == (after(40), Outcome.ABANDONED_IN_LINE)


async def test_a_talk_that_ended_while_the_service_was_away_ends_on_record(scene: Scene) -> None:
    await scene.served(SERVED[:4], ended=False)
    scene.cel.append(*served_call())
    await scene.reconcile()
    assert (await scene.steps())[-2:] == [Step.TALK_ENDED, Step.ENDED]
    journey = await scene.storage.calls.journey(CALL)
    assert [one.at for one in journey if one.step is Step.TALK_ENDED] == [after(35)]


@pytest.mark.parametrize("cut", [2, 5, 6, 7])
async def test_a_talk_that_the_service_did_not_live_to_write_down_is_no_abandoned_call(
    scene: Scene, cut: int
) -> None:
    """They hung up before Asterisk's account was read."""
    await scene.served(SERVED[:3], ended=False)
    records = served_call()
    scene.cel.append(*records[:cut])
    await scene.reconcile(37)
    await scene.storage.calls.close(CALL, Outcome.ABANDONED_IN_LINE, after(40))
    scene.cel.append(*records[cut:])
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.TALKED
    assert (await scene.call()).ended_at == after(40)
    assert (await scene.steps())[2:] == [Step.JOINED_LINE, Step.TALK_STARTED, Step.TALK_ENDED]


async def test_a_talk_that_was_lost_with_the_service_is_not_taken_for_the_next_one_seconds_later(
    scene: Scene,
) -> None:
    """The service was killed as it began, came back, and passed the caller on."""
    passed_on = [(22.41, Step.TALK_ENDED), (22.49, Step.TALK_STARTED)]
    await scene.served([*SERVED[:3], *passed_on, *SERVED[4:]], ended=True)
    told, stasis = served_call(), {"context": "hotline", "app": "Stasis"}
    ended = record("BRIDGE_EXIT", after(22.4), **stasis)
    scene.cel.append(*told[:4], ended, record("BRIDGE_ENTER", after(22.48), **stasis), *told[4:])
    await scene.reconcile()
    talks = [Step.TALK_STARTED, Step.TALK_ENDED]
    assert (await scene.steps())[2:] == [Step.JOINED_LINE, *talks, *talks, Step.ENDED]


async def test_a_call_that_was_lost_with_asterisk_stays_lost(scene: Scene) -> None:
    await scene.served(SERVED[:3], ended=False)
    await scene.storage.calls.close(CALL, Outcome.LOST, after(40))
    scene.cel.append(*served_call())
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.LOST


@pytest.mark.parametrize("living", [{CALL}, None, set()])
async def test_a_talk_whose_end_the_service_noted_a_moment_later_ends_once(
    scene: Scene, living: set[str] | None
) -> None:
    """Asterisk's own time of the end is always a little earlier."""
    scene.living = living
    await scene.served([*SERVED[:5], (35.2, Step.TALK_STARTED)], ended=False)
    scene.cel.append(*[line for line in served_call() if "CHAN_END" not in line])
    await scene.reconcile(45)
    assert (await scene.steps()).count(Step.TALK_ENDED) == 1


async def test_a_call_that_fell_back_after_the_service_had_begun_goes_on_on_record(scene: Scene) -> None:
    await scene.served(SERVED[:2], ended=False)
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    assert await scene.steps() == [
        *(Step.ARRIVED, Step.ANSWERED, Step.FELL_BACK, Step.TALK_STARTED, Step.TALK_ENDED, Step.ENDED),
    ]


async def test_reading_the_file_again_adds_nothing(scene: Scene) -> None:
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    before = await scene.storage.calls.journey(CALL), await scene.call()
    await scene.reads_from_the_beginning()
    scene.reconciliation = scene.anew()
    await scene.reconcile()
    assert (await scene.storage.calls.journey(CALL), await scene.call()) == before


@pytest.mark.parametrize("cut", range(1, 17))
async def test_it_does_not_matter_where_one_reading_ends_and_the_next_begins(scene: Scene, cut: int) -> None:
    records = fallback_call(*talk())
    scene.cel.append(*records[:cut])
    await scene.reconcile()
    scene.reconciliation = scene.anew()
    scene.cel.append(*records[cut:])
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.TALKED
    assert len(await scene.steps()) == 6
    numbers = [one.number for one in await scene.storage.calls.journey(CALL)]
    assert len(set(numbers)) == 6
    assert min(numbers) >= FROM_CEL


async def test_what_happened_a_moment_ago_is_left_to_the_service(scene: Scene) -> None:
    scene.cel.append(*fallback_call())
    await scene.reconcile(41)
    assert (await scene.call()).ended_at is None
    await scene.reconcile(46)
    assert (await scene.call()).ended_at == after(40)


async def test_a_dispatchers_own_call_is_no_citizens(scene: Scene) -> None:
    scene.cel.append(
        record("CHAN_START", after(0), context="from-dispatchers", channel="PJSIP/desk-201-00000001"),
        record("ANSWER", after(1), context="from-dispatchers"),
        record("BRIDGE_ENTER", after(1), context="from-dispatchers"),
        record("BRIDGE_EXIT", after(2), context="from-dispatchers"),
        record("CHAN_END", after(2), context="from-dispatchers"),
    )
    await scene.reconcile()
    assert await scene.storage.calls.recent() == []


async def test_a_call_that_went_down_with_asterisk_is_lost_at_its_last_sign_of_life(scene: Scene) -> None:
    await scene.served(SERVED[:4], ended=False)
    scene.living = None
    await scene.reconcile(100)
    assert (await scene.call()).ended_at is None
    scene.living = set()
    await scene.reconcile(110)
    await scene.reconcile(130)
    call = await scene.call()
    assert (call.outcome, call.ended_at) == (Outcome.LOST, SERVED[3] and after(20.01))


async def test_lost_calls_are_found_however_busy_the_line_is(scene: Scene) -> None:
    await scene.served(SERVED[:3], ended=False)
    for seconds in range(100, 130, 5):
        new = f"hotline-2.{seconds}"
        scene.living = {new}
        scene.cel.append(record("CHAN_START", after(seconds), context="from-citizens", channel_id=new))
        await scene.reconcile(seconds + 1)
    assert (await scene.call()).outcome is Outcome.LOST


async def test_a_call_that_just_ended_is_not_taken_for_lost(scene: Scene) -> None:
    """It is missing in Asterisk a moment before the service has written its end."""
    await scene.served(SERVED[:5], ended=False)
    await scene.reconcile(41)
    scene.cel.append(*served_call())
    await scene.reconcile(47)
    assert (await scene.call()).outcome is Outcome.TALKED


async def test_a_living_call_is_left_alone_however_long_it_lasts(scene: Scene) -> None:
    await scene.served(SERVED[:4], ended=False)
    scene.living = {CALL}
    for minute in range(1, 5):
        await scene.reconcile(minute * 60)
    assert (await scene.call()).ended_at is None


async def test_a_call_that_is_seen_again_was_not_missing(scene: Scene) -> None:
    await scene.served(SERVED[:3], ended=False)
    for seconds, living in ((60, set()), (70, {CALL}), (80, set()), (90, set())):
        scene.living = living
        await scene.reconcile(seconds)
    assert (await scene.call()).ended_at is None


async def test_without_a_file_nothing_happens(scene: Scene) -> None:
    await scene.reconcile()
    assert await scene.storage.calls.recent() == []


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [(17, Outcome.BUSY), (21, Outcome.REFUSED), (16, Outcome.NO_ANSWER), (34, Outcome.FAILED)],
)
async def test_how_a_call_of_ours_went_that_nobody_saw_end_is_asterisks_word(
    scene: Scene, cause: int, outcome: Outcome
) -> None:
    await scene.served([(0, Step.CALLED_BY_ITSELF), (1, Step.RANG)], ended=False)
    scene.cel.append(
        record("CHAN_START", after(0), context="default"),
        record("HANGUP", after(9), extra=f'{{"hangupcause":{cause},"hangupsource":"","dialstatus":""}}'),
        record("CHAN_END", after(9)),
    )
    await scene.reconcile()
    assert (await scene.call()).outcome is outcome
    assert await scene.steps() == [Step.CALLED_BY_ITSELF, Step.RANG, Step.NOT_CONNECTED, Step.ENDED]


async def test_a_call_of_ours_that_was_ended_after_a_restart_came_to_nothing_by_our_own_doing(
    scene: Scene,
) -> None:
    await scene.served([(0, Step.CALLED_BY_ITSELF), (8, Step.SERVICE_RESUMED)], ended=False)
    scene.cel.append(
        record("CHAN_START", after(0), context="default"),
        record("HANGUP", after(9), extra='{"hangupcause":16,"hangupsource":"","dialstatus":""}'),
        record("CHAN_END", after(9)),
    )
    await scene.reconcile()
    assert (await scene.call()).outcome is Outcome.GIVEN_UP


async def test_a_talk_in_asterisks_own_queue_is_not_without_dispatcher_and_recording(scene: Scene) -> None:
    scene.recorded()
    olena = await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    assert await scene.talks() == [(olena.id, after(20), after(35))]
    (recording,) = await scene.storage.calls.recordings(CALL)
    assert (recording.dispatcher_id, recording.started_at) == (olena.id, after(20))
    assert recording.caller_file == str(scene.recordings / f"{CALL}-fallback-rx.wav")
    assert recording.dispatcher_file == str(scene.recordings / f"{CALL}-fallback-tx.wav")
    (past,) = await scene.storage.history.find(CallFilter(dispatcher_id=olena.id), limit=9)
    assert (past.dispatchers, past.talk_seconds) == ((olena.id,), 15.0)


@pytest.mark.parametrize("recorded_before", [False, True])
async def test_who_had_refused_to_be_recorded_has_no_recording_of_a_talk_there(
    scene: Scene, *, recorded_before: bool
) -> None:
    await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    await scene.served([(0, Step.ARRIVED), (4, Step.RECORDING_REFUSED), (5, Step.FELL_BACK)], ended=False)
    if recorded_before:
        scene.recorded()
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    assert len(await scene.talks()) == 1
    assert len(await scene.storage.calls.recordings(CALL)) == recorded_before
    assert Step.NOT_RECORDED not in await scene.steps()


async def test_no_talk_there_of_which_there_is_no_file_has_a_recording_and_the_call_says_so(
    scene: Scene,
) -> None:
    olena = await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    assert await scene.storage.calls.recordings(CALL) == []
    await scene.reads_from_the_beginning()
    await scene.reconcile(70)
    journey = await scene.storage.calls.journey(CALL)
    told = [(one.at, one.detail["dispatcher"]) for one in journey if one.step is Step.NOT_RECORDED]
    assert told == [(after(20), olena.id)]
    assert (await scene.call()).outcome is Outcome.TALKED


async def test_a_recording_there_whose_sides_are_in_its_master_is_no_talk_that_was_not_recorded(
    scene: Scene,
) -> None:
    await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    scene.recorded()
    scene.cel.append(*fallback_call(*talk()))
    await scene.reconcile()
    (scene.recordings / f"{CALL}-fallback-rx.wav").unlink()
    await scene.reads_from_the_beginning()
    await scene.reconcile(70)
    assert len(await scene.storage.calls.recordings(CALL)) == 1
    assert Step.NOT_RECORDED not in await scene.steps()


@pytest.mark.parametrize("cut", range(1, 17))
async def test_that_talk_is_on_record_once_wherever_one_reading_ends(scene: Scene, cut: int) -> None:
    scene.recorded()
    olena = await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    records = fallback_call(*talk())
    scene.cel.append(*records[:cut])
    await scene.reconcile()
    await scene.reads_from_the_beginning()
    scene.cel.append(*records[cut:])
    await scene.reconcile()
    assert await scene.talks() == [(olena.id, after(20), after(35))]
    assert len(await scene.storage.calls.recordings(CALL)) == 1


async def test_a_second_talk_in_the_queue_has_the_copy_made_anew_that_both_are_in(scene: Scene) -> None:
    scene.recorded()
    for extension in ("201", "202"):
        await scene.storage.dispatchers.add(extension, extension, "s", frozenset())
    scene.cel.append(*fallback_call(*talk())[:-3])
    await scene.reconcile(50)
    (first,) = await scene.storage.calls.recordings(CALL)
    await scene.storage.calls.keep_recording(replace(first, listening_file="x.wav", seconds=9))
    scene.cel.append(*(line.replace("desk-201", "desk-202") for line in talk(60, 70)))
    await scene.reconcile(80)
    (both,) = await scene.storage.calls.recordings(CALL)
    assert (both.listening_file, both.started_at) == (None, after(60))
    assert len(await scene.talks()) == 2


async def test_a_talk_in_the_queue_that_went_down_with_asterisk_does_not_stay_open(scene: Scene) -> None:
    olena = await scene.storage.dispatchers.add("201", "Олена", "s", frozenset())
    scene.cel.append(*[line for line in fallback_call(*talk()) if "EXIT" not in line and "END" not in line])
    await scene.reconcile(100)
    await scene.reconcile(110)
    await scene.reconcile(130)
    assert (await scene.call()).outcome is Outcome.LOST
    ((who, began, ended),) = await scene.talks()
    assert (who, began) == (olena.id, after(20))
    assert ended is not None


async def test_a_call_that_falls_back_by_its_lease_does_so_when_it_leaves_us_and_once(scene: Scene) -> None:
    await scene.served(SERVED[:2], ended=False)
    scene.cel.append(
        record("APP_START", after(8), app="AGI", data="agi://127.0.0.1/caller"), *fallback_call()[4:]
    )
    await scene.reconcile()
    journey = await scene.storage.calls.journey(CALL)
    assert [one.at for one in journey if one.step is Step.FELL_BACK] == [after(8)]


class Stumbling(CelCursor):
    """A database that cannot take one call's steps in."""

    over = CALL

    async def apply(self, *, steps: Sequence[JourneyStep], **others: Any) -> None:
        if any(one.call_id == self.over for one in steps):
            raise RuntimeError(self.over)
        await super().apply(steps=steps, **others)


async def test_a_call_that_cannot_be_made_whole_does_not_block_the_next(scene: Scene) -> None:
    other = "hotline-9.1"
    scene.cursor = stumbling = Stumbling(scene.storage.database)
    scene.reconciliation = scene.anew()
    scene.cel.append(*fallback_call())
    scene.cel.append(*(line.replace(CALL, other) for line in fallback_call()))
    await scene.reconcile(60)
    assert (await scene.call(other)).outcome is Outcome.ABANDONED_IN_LINE
    assert await scene.storage.calls.find(CALL) is None

    stumbling.over = ""
    await scene.reconcile(66)
    assert (await scene.call()).outcome is Outcome.ABANDONED_IN_LINE


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_set_neither_ends_a_living_call_nor_stops_the_reading(
    scene: Scene, hours: int
) -> None:
    await scene.served(SERVED[:3], ended=False)
    scene.cel.append(record("ANSWER", after(39)))
    await scene.reconcile(40)  # missing in Asterisk for a moment, as a call is that has just ended
    scene.clock.is_set(hours * 3600)
    scene.clock.pass_by(5)
    scene.cel.append(*(line.replace(CALL, "hotline-9.1") for line in served_call()))
    await scene.reconciliation.once()
    await scene.storage.calls.flush()
    assert (await scene.call("hotline-9.1")).ended_at == after(40)
    assert (await scene.call()).ended_at is None


MONTH = 31 * 24 * 3600


async def put_aside(scene: Scene) -> list[Path]:
    return sorted(scene.cel.path.parent.glob(f"{scene.cel.path.name}.*"))


async def test_the_file_of_a_month_is_put_aside_and_the_next_one_is_read_from_its_start(scene: Scene) -> None:
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    await scene.reconcile(MONTH)
    (aside,) = await put_aside(scene)
    assert aside.read_text(encoding="utf-8") == "".join(fallback_call())
    assert not scene.cel.path.exists()
    later = "hotline-9.9"
    scene.cel.append(record("CHAN_START", after(MONTH), channel_id=later, context="from-citizens"))
    await scene.reconcile(MONTH + 60)
    assert await scene.steps(later) == [Step.ARRIVED]
    await scene.reconcile(MONTH + 120)
    assert await put_aside(scene) == [aside]


async def test_what_asterisk_writes_while_the_file_is_put_aside_is_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    late = record("CHAN_START", after(MONTH - 60), channel_id="hotline-9.9", context="from-citizens")
    rename = Path.rename

    def renamed(file: Path, target: Path) -> Path:
        scene.cel.append(late)
        return rename(file, target)

    monkeypatch.setattr(Path, "rename", renamed)
    await scene.reconcile(MONTH)
    assert await scene.steps("hotline-9.9") == [Step.ARRIVED]


@pytest.mark.parametrize(("living", "days"), [({"hotline-2.2"}, 31), (None, 31), (set(), 29)])
async def test_while_somebody_calls_or_it_is_young_the_file_stays(
    scene: Scene, living: set[str] | None, days: int
) -> None:
    scene.cel.append(*fallback_call())
    await scene.reconcile()
    scene.living = living
    await scene.reconcile(days * 24 * 3600)
    assert await put_aside(scene) == []
