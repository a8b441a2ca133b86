"""What may be an answering machine, by the length of what is said first."""

from datetime import UTC, datetime, timedelta

import pytest

from telephony.ari.messages import CallerId, Channel, ChannelTalkingFinished, ChannelTalkingStarted, Dial
from telephony.calls.channel import FollowedChannel

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
CHANNEL = Channel(id="out-1", name="PJSIP/outgoing-1", state="Up", caller=CallerId(), creationtime=AT)


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def lasted(*spoken: tuple[float, float | None], until: float = 60, answered: bool = True) -> float | None:
    """How long the greeting was, of utterances from when until when after the answer."""
    channel = FollowedChannel(CHANNEL.id, CHANNEL.name)
    for status in ("RINGING", *(["ANSWER"] if answered else [])):
        channel.take(Dial(timestamp=AT, peer=CHANNEL, dialstatus=status))
    for begins, ends in spoken:
        channel.take(ChannelTalkingStarted(timestamp=after(begins), channel=CHANNEL))
        if ends is not None:
            channel.take(ChannelTalkingFinished(timestamp=after(ends), channel=CHANNEL))
    length = channel.greeting.lasted(after(until))
    return None if length is None else length.total_seconds()


@pytest.mark.parametrize(
    ("spoken", "length"),
    [
        (((0.5, 8.5),), 8),
        (((0.5, None),), 59.5),
        (((3, 7),), 4),
    ],
)
def test_whoever_speaks_long_and_at_once_may_be_a_machine(
    spoken: tuple[tuple[float, float | None], ...], length: float
) -> None:
    assert lasted(*spoken) == length


@pytest.mark.parametrize(
    "spoken",
    [
        (),
        ((0.5, 2),),
        ((0.5, 2), (3, 12)),
        ((5, 15),),
    ],
    ids=["silent", "hello", "hello and a long question", "a talk in the room much later"],
)
def test_whoever_says_a_word_or_speaks_later_is_not_taken_for_one(
    spoken: tuple[tuple[float, float | None], ...],
) -> None:
    assert lasted(*spoken) is None


def test_whoever_hung_up_before_it_was_long_is_not_taken_for_one() -> None:
    assert lasted((0.5, None), until=4) is None


def test_before_the_answer_nothing_counts() -> None:
    assert lasted((0.5, 9), answered=False) is None
