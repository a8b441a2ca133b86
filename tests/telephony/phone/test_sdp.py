import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.phone.sdp import Direction, Law, NoCommonSound, Session, common, parse

SESSIONS = st.builds(
    Session,
    host=st.ip_addresses(v=4).map(str),
    port=st.integers(0, 65535),
    laws=st.permutations(list(Law)).map(tuple),
    events=st.none() | st.integers(96, 127),
    direction=st.sampled_from(Direction),
)


@given(SESSIONS)
def test_a_description_survives_a_round_trip(session: Session) -> None:
    assert parse(session.encode(1)) == session


@given(st.binary())
def test_garbage_has_no_sound_if_not_by_chance(garbage: bytes) -> None:
    with contextlib.suppress(NoCommonSound):
        parse(garbage)


def test_the_streams_own_address_goes_before_the_sessions() -> None:
    video = b"m=video 9 RTP/AVP 99\nc=IN IP4 10.0.0.2\n"
    audio = b"m=audio 8 RTP/AVP 9 8\nc=IN IP4 10.0.0.3\n"
    assert parse(b"v=0\nc=IN IP4 10.0.0.1\n" + video + audio) == Session(
        host="10.0.0.3", port=8, laws=(Law.ALAW,), events=None
    )


def test_a_stream_without_our_codecs_or_without_a_port_is_refused() -> None:
    with pytest.raises(NoCommonSound):
        common(Session(host="h", port=8, laws=(Law.ULAW,)), [Law.ALAW])
    with pytest.raises(NoCommonSound):
        common(Session(host="h", port=0, laws=(Law.ALAW,)), [Law.ALAW])


def test_hold_is_answered_by_listening() -> None:
    assert Direction.SEND.answered is Direction.RECEIVE
    assert Direction.NONE.answered is Direction.NONE
