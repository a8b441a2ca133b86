"""A trial call of training: a head has the demo citizen call a dispatcher, by no line of the trunk."""

from pathlib import Path

import pytest

from hotline.calls.call import Direction
from hotline.clock import SystemClock
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.quality.assessments import AssessmentFilter
from hotline.quality.sampling import Sampler
from hotline.quality.signs import Sign
from hotline.quality.trial_calls import scenarios
from telephony.phone.sound import Sound, tone
from tests.system.hotline import Hotline
from tests.system.oracle import compare
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, loudest, picks_up
from tests.system.supervising import Supervisor, supervisor

pytestmark = pytest.mark.system

SCENARIO = "passport-hours"
MOST_SILENCE_SECONDS = 8
"""After which the demo citizen goes on though nobody has said anything: the talk was longer than one line."""
SAYS = Sound(tone(FIRST).samples)
"""A second of sound, then silence: the demo citizen goes on in the pause."""


async def begins(head: Supervisor, dispatcher_id: int, *, status: int) -> str:
    """The head presses the button on the dispatcher's page; gives the page that it leads to."""
    address, form = f"/quality/people/{dispatcher_id}/trial-calls", {"scenario": SCENARIO}
    headers = {"X-CSRF-Token": head.token}
    async with head.web.post(address, data=form, headers=headers, allow_redirects=False) as answer:
        text = await answer.text()
        assert answer.status == status, text
        return text


@pytest.mark.nightly
async def test_the_demo_citizen_speaks_in_each_pause_and_no_figure_counts_the_talk(hotline: Hotline) -> None:
    phone, desk = await hotline.desk("201"), await hotline.dispatcher("201")
    await hotline.desk("202")
    async with supervisor(hotline) as head:
        await begins(head, desk.id, status=303)
        await hotline.presence("202", Presence.AWAY)
        rung = await phone.next_call()
        await rung.answer(SAYS)
        heard = None
        for _ in scenarios()[SCENARIO].lines:
            heard = await rung.heard_pause(after=heard)
            rung.say(SAYS)
        waits = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
        await hotline.until(lambda: _waits(hotline))
        assert "чекають" in await begins(head, desk.id, status=409)
        await rung.ended()  # the demo citizen has said all, and hangs up
        talk = await picks_up(phone, FIRST)
        await talk.heard_tone(CITIZEN)
        await waits.hang_up()
        await talk.ended()

        tried = await hotline.storage.trial_calls.of(desk.id, 9)
        assert [(one.scenario, one.entered) for one in tried] == [(SCENARIO, None)]
        call = await hotline.storage.calls.find(tried[0].call_id)
        assert call is not None
        assert (call.direction, call.number, call.joined_at) == (Direction.TRIAL, None, None)
        await hotline.until(lambda: _copied(hotline, call.id))
        (kept,) = await hotline.storage.calls.recordings(call.id)
        assert loudest(Path(kept.dispatcher_file)) == FIRST
        assert loudest(Path(kept.caller_file)) == 0  # a voice, and no tone
        assert (kept.seconds or 0) > MOST_SILENCE_SECONDS
        await Sampler(hotline.storage.quality_queue, SystemClock(), hotline.settings.timezone).look()
        found = await hotline.storage.assessments.find(AssessmentFilter(sign=Sign.TRIAL), limit=9)
        assert [(one.call_id, one.signs) for one in found] == [(call.id, (Sign.TRIAL,))]
        await compare(hotline)


async def _waits(hotline: Hotline) -> bool:
    return any(one.state is QueueEntryState.WAITING for one in await hotline.storage.line.entries())


async def _copied(hotline: Hotline, call_id: str) -> bool:
    return any(one.listening_file for one in await hotline.storage.calls.recordings(call_id))
