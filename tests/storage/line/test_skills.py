"""Skills in the line: a caller is offered to dispatchers who have theirs, and after a while to anybody."""

from datetime import timedelta

from hotline.line.line import Priority, Standing
from hotline.line.presence_states import Presence
from storage.line.queries import SERVABLE, moment
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.line.test_line import after, paired, pairing, ready, talks_on


async def test_who_waits_for_a_skill_or_a_person_does_not_hold_up_the_next(storage: Storage) -> None:
    away = await storage.dispatchers.add("100", "Оля", "s", frozenset())
    plain = await ready(storage, "201")
    heat = await talks_on(storage, "202", "heat", "power")
    await storage.line.enter("wants-olya", at=after(1), wanted_dispatcher_id=away.id)
    await storage.line.enter("wants-heat", at=after(2), skill="heat", anybody_from=after(500))
    await storage.line.enter("anyone", at=after(3))
    assert await paired(storage) == ("anyone", plain.id)
    assert await paired(storage) is None
    await storage.line.talk_ended("before", heat.id, after(4), wrap_up=timedelta(0))
    assert await paired(storage) == ("wants-heat", heat.id)
    assert await paired(storage) is None
    await storage.dispatchers.set_presence(away.id, Presence.READY, after(5))
    assert await paired(storage) == ("wants-olya", away.id)


async def test_who_asked_for_a_skill_goes_to_who_has_it_and_for_a_while_to_nobody_else(
    storage: Storage,
) -> None:
    plain, skilled = await ready(storage, "201"), await ready(storage, "202", "heat", since=50)
    await storage.line.enter("first", at=after(1), skill="heat", anybody_from=after(21))
    await storage.line.enter("second", at=after(2), skill="heat", anybody_from=after(22))
    assert await pairing(storage, at=60) == ("first", skilled.id)  # though the other is idle longer

    assert await pairing(storage, at=21) is None
    assert await storage.line.standing("second", after(21)) == Standing(position=1, attended=True)
    assert await pairing(storage, at=22) == ("second", plain.id)


async def test_a_skill_that_nobody_on_duty_has_is_waited_for_by_nobody(storage: Storage) -> None:
    plain, skilled = await ready(storage, "201"), await ready(storage, "202", "heat")
    await storage.line.enter("c1", at=after(1), skill="heat", anybody_from=after(21))
    await storage.dispatchers.set_presence(skilled.id, Presence.PAUSED, after(2), "tea")
    assert await pairing(storage, at=3) == ("c1", plain.id)


async def test_who_asked_for_a_language_and_a_topic_goes_to_who_has_both_then_to_who_has_the_language(
    storage: Storage,
) -> None:
    both, speaks = await ready(storage, "201", "english", "heat"), await ready(storage, "202", "english")
    knows = await ready(storage, "203", "heat")
    wants = {"skill": "english", "topic": "heat"}
    await storage.line.enter("c1", at=after(1), **wants, anybody_from=after(21))
    assert await pairing(storage, at=2) == ("c1", both.id)
    await storage.line.enter("c2", at=after(3), **wants, anybody_from=after(23))
    entry = await storage.line.entry("c2")
    assert entry is not None
    assert (entry.skill, entry.topic) == ("english", "heat")
    assert await storage.line.pair(after(4)) is None  # who has both is engaged, and on duty
    assert await pairing(storage, at=24) == ("c2", speaks.id)
    await storage.dispatchers.set_skills(both.id, frozenset())
    await storage.line.enter("c3", at=after(30), **wants, anybody_from=after(50))
    assert await storage.line.pair(after(31)) is None  # the one who speaks it is engaged
    assert await pairing(storage, at=51) == ("c3", knows.id)


async def test_when_nobody_on_duty_has_both_who_has_the_language_is_offered_the_caller_at_once(
    storage: Storage,
) -> None:
    both, speaks = await ready(storage, "201", "english", "heat"), await ready(storage, "202", "english")
    await storage.dispatchers.set_presence(both.id, Presence.PAUSED, after(1), "tea")
    await storage.line.enter("c1", at=after(2), skill="english", topic="heat", anybody_from=after(22))
    assert await pairing(storage, at=3) == ("c1", speaks.id)


async def test_the_skills_of_a_dispatcher_are_what_was_set_last(storage: Storage) -> None:
    one = await ready(storage, "201", "heat")
    for skills in (frozenset({"english", "water"}), frozenset[str]()):
        await storage.dispatchers.set_skills(one.id, skills)
        assert (await storage.dispatchers.get(one.id)).skills == skills
        assert [each.skills for each in await storage.dispatchers.all()] == [skills]


async def test_an_emergency_prefers_a_skill_and_waits_for_none(storage: Storage) -> None:
    plain, skilled = await ready(storage, "201"), await ready(storage, "202", "english", since=50)
    for call_id in ("first", "second"):
        entry = await storage.line.enter(
            call_id, at=NOON, priority=Priority.EMERGENCY, skill="english", anybody_from=after(500)
        )
        assert (entry.skill, entry.anybody_from) == ("english", None)
    assert await paired(storage) == ("first", skilled.id)
    assert await paired(storage) == ("second", plain.id)


async def test_a_caller_who_waits_for_a_skill_and_becomes_an_emergency_waits_no_longer(
    storage: Storage,
) -> None:
    plain = await ready(storage, "201")
    await talks_on(storage, "202", "heat")
    await storage.line.enter("c1", at=NOON, skill="heat", anybody_from=after(500))
    assert await paired(storage) is None
    await storage.line.enter("c1", at=after(5), priority=Priority.EMERGENCY, skill="heat")
    assert await paired(storage) == ("c1", plain.id)
    await storage.line.enter("c1", at=after(6), skill="heat", anybody_from=after(500))  # it still is one
    assert await paired(storage) == ("c1", plain.id)


async def test_who_was_offered_to_the_skilled_in_vain_goes_to_anybody(storage: Storage) -> None:
    skilled = await ready(storage, "202", "heat")
    await storage.line.enter("c1", at=after(1), skill="heat", anybody_from=after(500))
    assert await paired(storage) == ("c1", skilled.id)
    await storage.line.missed("c1", skilled.id, after(10), pause_after=None)
    await storage.dispatchers.set_presence(skilled.id, Presence.PAUSED, after(11), "tea")
    await talks_on(storage, "203", "heat")
    plain = await ready(storage, "201")
    assert await paired(storage) == ("c1", plain.id)


async def test_a_wait_for_a_skill_that_was_written_before_the_clock_was_set_back_is_over(
    storage: Storage,
) -> None:
    plain = await ready(storage, "201")
    await talks_on(storage, "202", "heat")
    await storage.line.enter("c1", at=after(3600), skill="heat", anybody_from=after(3620))
    assert await pairing(storage, at=10) == ("c1", plain.id)


async def test_nobody_can_be_served_by_a_skill_that_others_wait_for(storage: Storage) -> None:
    await ready(storage, "201", "heat")
    await talks_on(storage, "202", "water")
    await storage.line.enter("water", at=after(1), skill="water", anybody_from=after(500))
    await storage.line.enter("left", at=after(2), skill="heat")
    await storage.line.leave("left", after(3))
    async with storage.database.read_inline() as connection:
        assert (await connection.execute(SERVABLE, moment(after(4)))).scalar_one() is None


async def test_who_comes_back_into_the_line_waits_no_longer_for_the_skill_than_at_first(
    storage: Storage,
) -> None:
    plain = await ready(storage, "201")
    await talks_on(storage, "202", "heat")
    await storage.line.enter("c1", at=after(1), skill="heat", anybody_from=after(21))
    again = await storage.line.enter("c1", at=after(20), skill="heat", anybody_from=after(40))
    assert again.anybody_from == after(21)
    assert await pairing(storage, at=20) is None
    assert await pairing(storage, at=21) == ("c1", plain.id)
    other = await storage.line.enter("c1", at=after(22), skill="water", anybody_from=after(42))
    assert other.anybody_from == after(42)
    await storage.line.leave("c1", after(23))
    anew = await storage.line.enter("c1", at=after(60), skill="water", anybody_from=after(80))
    assert anew.anybody_from == after(80)
