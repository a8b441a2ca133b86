import numpy as np
import pytest

from telephony.phone.g711 import decode, encode, loudness
from telephony.phone.sdp import Law
from telephony.phone.sound import SILENCE, tone, tone_share, tone_shares

KNOWN = {
    Law.ALAW: {0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256},
    Law.ULAW: {0xFF: 0, 0x80: 32124, 0x00: -32124},
}


@pytest.mark.parametrize("law", Law)
def test_the_corners_of_the_standards_tables_are_right(law: Law) -> None:
    for code, value in KNOWN[law].items():
        assert decode(bytes([code]), law)[0] == value


@pytest.mark.parametrize("law", Law)
def test_every_code_survives_a_round_trip(law: Law) -> None:
    values = decode(bytes(range(256)), law)
    assert np.array_equal(decode(encode(values, law), law), values)


@pytest.mark.parametrize("law", Law)
def test_a_tone_keeps_nearly_all_of_its_energy(law: Law) -> None:
    sound = tone(1000).samples
    assert tone_share(decode(encode(sound, law), law), 1000) > 0.999
    assert loudness(encode(sound, law), law) > 50
    assert loudness(encode(SILENCE.samples, law), law) == 0
    assert np.abs(decode(encode(np.array([32767, -32768], np.int16), law), law)).min() > 32000


def test_a_tone_is_told_from_its_neighbour_and_from_silence() -> None:
    heard = tone(440).samples[:1600]
    assert tone_share(heard, 440) > 0.99
    assert tone_share(heard, 480) < 0.05
    assert tone_share(SILENCE.samples, 440) == 0


def test_of_several_tones_each_has_its_own_share() -> None:
    both = tone(440).samples[:1600] // 2 + tone(480).samples[:1600] // 4
    assert tone_shares(both, (400, 440, 480)) == pytest.approx([0, 0.8, 0.2], abs=0.01)
    assert tone_shares(SILENCE.samples, (400, 440)) == [0, 0]
