"""What a camera says by RTSP is passed on, however it is cut; what leads elsewhere is not."""

import pytest

from service.cameras.rtsp_relay import Answers, LeadsElsewhere

FINE = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 25\r\n\r\nLocation: x\r\nRTSP/1.0 302"
    b"RTSP/1.0 200 OK\r\nContent-Location: rtsp://a/\r\n\r\n"
    b"$\0\0\x0dRTSP/1.0 302\nRTSP/1.0 200 OK\nCSeq: 2\n\n"
)


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_bodies_and_packets_are_passed_over(size: int) -> None:
    told = Answers()
    for at in range(0, len(FINE), size):
        told.heard(FINE[at : at + size])


@pytest.mark.parametrize(
    "said",
    [
        b"RTSP/1.0 302 Moved\r\n",
        b"RTSP/1.0  301\n",
        b"rtsp/1.0 200 OK\r\nLOCATION : rtsp://b/\r\n",
        b"REDIRECT rtsp://a/ RTSP/1.0\r\n",
        b"x" * 9000,
    ],
)
def test_what_leads_elsewhere_is_stopped_behind_all_else(said: bytes) -> None:
    told = Answers()
    told.heard(FINE)
    with pytest.raises(LeadsElsewhere):
        told.heard(said)
