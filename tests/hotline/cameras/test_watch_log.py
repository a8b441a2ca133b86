"""Spans and gaps of the watch log, and what a camera has to have."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.cameras.camera import (
    CameraFault,
    CameraIncomplete,
    CameraSource,
    NewCamera,
    StreamKind,
    checked,
    checked_source,
)
from hotline.cameras.incidents import kinds, median
from hotline.cameras.watch_log import Span, Watched, gaps, together
from hotline.city.classifier import Urgency

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def watched(since: float, until: float, user: int = 1) -> Watched:
    return Watched(id=1, camera_id=1, user_id=user, since=at(since), until=at(until))


def span(since: float, until: float) -> Span:
    return Span(since=at(since), until=at(until))


def test_what_several_watch_is_joined_and_what_nobody_watches_is_a_gap() -> None:
    rows = [watched(30, 40, 2), watched(-10, 10), watched(5, 20, 2), watched(21, 22), watched(90, 100)]
    spans = together(rows, span(0, 60))
    assert spans == [span(0, 22), span(30, 40)]
    assert gaps(spans, span(0, 60)) == [span(22, 30), span(40, 60)]
    assert gaps([], span(0, 60)) == [span(0, 60)]
    assert gaps(together([watched(0, 60)], span(0, 60)), span(0, 60)) == []


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (StreamKind.RTSP, "http://10.0.0.7/x"),
        (StreamKind.HLS, "file:///etc/passwd"),
        (StreamKind.MJPEG, "http:///nothing"),
        (StreamKind.MJPEG, "http://user:word@10.0.0.7/x"),
        (StreamKind.MJPEG, "http://10.0.0.7:notaport/x"),
        (StreamKind.MJPEG, "concat:http://10.0.0.7/x"),
        (StreamKind.RTSP, "rtsp://10.0.0.7/a\nb"),
        (StreamKind.HLS, ""),
    ],
)
def test_an_address_fits_its_kind_and_holds_no_password(kind: StreamKind, url: str) -> None:
    with pytest.raises(CameraIncomplete) as raised:
        checked_source(CameraSource(kind=kind, url=url))
    assert raised.value.faults == {CameraFault.URL}


def test_what_is_entered_is_tidied_or_refused_with_all_that_is_wrong() -> None:
    new = checked(NewCamera(name="  Площа   Миру ", place="Нова, 1", group="Центр"))
    assert new.name == "Площа Миру"
    with pytest.raises(CameraIncomplete) as raised:
        checked(NewCamera(name="", place=" ", group="x" * 41))
    assert raised.value.faults == {CameraFault.NAME, CameraFault.PLACE, CameraFault.GROUP}
    with pytest.raises(CameraIncomplete) as raised:
        checked_source(CameraSource(kind=StreamKind.RTSP, url="rtsp://10.0.0.7", password="s"))
    assert raised.value.faults == {CameraFault.PASSWORD}


def test_kinds_are_the_classifiers_emergencies_and_nought_is_what_is_not_known_yet() -> None:
    found = kinds()
    assert {one.urgency for one in found.values()} == {Urgency.EMERGENCY}
    assert "".join(sorted(found)) in "0123456789"
    assert found["0"].code == "emergency"
    assert "emergency" not in {one.code for key, one in found.items() if key != "0"}


def test_the_middle_is_that_of_the_times() -> None:
    minutes = [timedelta(minutes=one) for one in (9, 1, 4)]
    assert median(minutes) == timedelta(minutes=4)
    assert median([]) is None
