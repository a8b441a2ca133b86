"""Following a channel: its keys, its ends, and waiting for either."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hotline.errors import CallGone
from telephony.ari import messages
from telephony.ari.messages import (
    CallerId,
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    LiveRecording,
    Playback,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFailed,
    RecordingFinished,
    StasisEnd,
)
from telephony.calls.channel import KEYS_HELD, FollowedChannel

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
CHANNEL = Channel(id="1.1", name="PJSIP/citizens-1", state="Up", caller=CallerId(), creationtime=AT)
ENDS = [
    ChannelHangupRequest(timestamp=AT, channel=CHANNEL),
    ChannelDestroyed(timestamp=AT, channel=CHANNEL, cause=16),
    StasisEnd(timestamp=AT, channel=CHANNEL),
]


def digit(key: str) -> ChannelDtmfReceived:
    return ChannelDtmfReceived(timestamp=AT, channel=CHANNEL, digit=key)


def playback(kind: type[PlaybackStarted | PlaybackFinished], name: str, at: datetime = AT) -> messages.Event:
    return kind(timestamp=at, playback=Playback(id=name, target_uri="channel:1.1", state="done"))


@pytest.fixture
def channel() -> FollowedChannel:
    return FollowedChannel("1.1", "PJSIP/citizens-1")


async def test_what_is_so_already_is_not_waited_for(channel: FollowedChannel) -> None:
    assert await channel.until(lambda: True)
    assert await channel.until(lambda: True, 0)


async def test_a_key_wakes_whoever_waits_for_one(channel: FollowedChannel) -> None:
    waiting = asyncio.create_task(channel.until(lambda: bool(channel.keys)))
    await asyncio.sleep(0)
    channel.take(digit("5"))
    assert await waiting
    assert list(channel.keys) == ["5"]


async def test_several_wait_at_once_each_for_their_own(channel: FollowedChannel) -> None:
    key = asyncio.create_task(channel.until(lambda: bool(channel.keys)))
    end = asyncio.create_task(channel.until(lambda: channel.has_finished("p")))
    same = asyncio.create_task(channel.until(lambda: channel.has_finished("p")))
    await asyncio.sleep(0)
    channel.take(digit("1"))
    assert await key
    assert not end.done()
    channel.take(playback(PlaybackFinished, "p"))
    assert await end
    assert await same
    assert not channel._waiting


async def test_an_event_that_is_nothing_to_who_waits_does_not_wake_them(channel: FollowedChannel) -> None:
    waiting = asyncio.create_task(channel.until(lambda: bool(channel.keys)))
    await asyncio.sleep(0)
    (wait,) = channel._waiting
    channel.take(playback(PlaybackStarted, "p"))
    await asyncio.sleep(0)
    assert list(channel._waiting) == [wait]
    assert not wait.done()
    channel.take(digit("5"))
    assert await waiting


async def test_what_becomes_so_right_after_a_change_is_seen(channel: FollowedChannel) -> None:
    said: list[str] = []
    waiting = asyncio.create_task(channel.until(lambda: bool(said)))
    await asyncio.sleep(0)
    channel.changed()
    said.append("so")
    async with asyncio.timeout(60):
        assert await waiting


async def test_time_that_is_up_is_no_error(channel: FollowedChannel) -> None:
    assert not await channel.until(lambda: False, 0.01)
    assert not channel._waiting


@pytest.mark.parametrize("end", ENDS, ids=lambda one: type(one).__name__)
async def test_a_channel_that_goes_ends_every_wait(
    channel: FollowedChannel, end: messages.ChannelEvent
) -> None:
    waits = [asyncio.create_task(channel.until(lambda: False, seconds)) for seconds in (None, 60)]
    await asyncio.sleep(0)
    channel.take(end)
    for wait in waits:
        with pytest.raises(CallGone):
            await wait
    with pytest.raises(CallGone):
        await channel.until(lambda: False)
    assert channel.left_at == AT


async def test_what_came_before_the_end_still_counts(channel: FollowedChannel) -> None:
    channel.take(digit("1"))
    channel.take(ENDS[0])
    assert await channel.until(lambda: bool(channel.keys))


async def test_a_channel_that_only_left_our_application_has_not_hung_up(channel: FollowedChannel) -> None:
    channel.take(ENDS[2])
    assert channel.gone
    assert not channel.hung_up


async def test_the_first_of_several_ends_is_the_time(channel: FollowedChannel) -> None:
    channel.take(ENDS[0])
    channel.take(ChannelDestroyed(timestamp=AT + timedelta(seconds=3), channel=CHANNEL, cause=16))
    assert channel.left_at == AT


async def test_whoever_gives_up_waiting_leaves_nothing_behind(channel: FollowedChannel) -> None:
    waiting = asyncio.create_task(channel.until(lambda: False))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert not channel._waiting
    channel.take(digit("1"))


async def test_a_flood_of_keys_forgets_the_oldest(channel: FollowedChannel) -> None:
    for number in range(1000):
        channel.take(digit(str(number % 10)))
    assert len(channel.keys) == KEYS_HELD
    assert channel.keys[-1] == "9"


async def test_only_the_first_prompts_beginning_is_kept(channel: FollowedChannel) -> None:
    channel.take(playback(PlaybackStarted, "a"))
    channel.take(playback(PlaybackStarted, "b", AT + timedelta(seconds=5)))
    assert channel.sounding_since == AT


@pytest.mark.parametrize("kind", [RecordingFinished, RecordingFailed])
async def test_a_recording_ends_whether_it_worked_or_not(
    channel: FollowedChannel, kind: type[RecordingFinished | RecordingFailed]
) -> None:
    recording = LiveRecording(name="m", target_uri="channel:1.1", state="done")
    assert not channel.has_finished("m")
    channel.take(kind(timestamp=AT, recording=recording))
    assert channel.has_finished("m")


async def test_an_event_that_says_nothing_new_wakes_nobody(channel: FollowedChannel) -> None:
    channel.stands(CHANNEL)
    looks = 0

    def look() -> bool:
        nonlocal looks
        looks += 1
        return False

    waiting = asyncio.create_task(channel.until(look))
    await asyncio.sleep(0)
    channel.take(
        messages.ChannelTransfer(
            timestamp=AT,
            refer_to=messages.ReferTo(requested_destination=messages.RequiredDestination()),
            referred_by=messages.ReferredBy(source_channel=CHANNEL),
        )
    )
    await asyncio.sleep(0)
    assert looks == 1
    waiting.cancel()
    await asyncio.wait([waiting])
