"""Reading what Asterisk appends while it is being appended, killed, rotated and lied to."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.node.cel import CelReading, read_cel
from tests.fakes.cel import CelFile, record

AT = 1_764_000_000.25


@pytest.fixture
def cel(tmp_path: Path) -> CelFile:
    return CelFile(tmp_path / "hotline.csv")


def test_a_file_that_is_not_there_yet_holds_nothing(cel: CelFile) -> None:
    assert read_cel(cel.path, 0) == CelReading([], 0)


def test_a_record_is_read_whole(cel: CelFile) -> None:
    cel.append(
        record(
            "APP_START",
            AT,
            channel_id="hotline-1.2",
            linked_id="hotline-1.1",
            channel="PJSIP/desk-201-00000002",
            context="fallback",
            app="Queue",
            number="201",
        )
    )
    (event,), end, _ = read_cel(cel.path, 0)
    assert event.offset == 0
    assert event.kind == "APP_START"
    assert event.at == datetime.fromtimestamp(AT, UTC)
    assert (event.channel_id, event.linked_id) == ("hotline-1.2", "hotline-1.1")
    assert (event.channel, event.context, event.app, event.number) == (
        *("PJSIP/desk-201-00000002", "fallback", "Queue", "201"),
    )
    assert not event.of_citizen
    assert end == cel.path.stat().st_size


def test_reading_goes_on_where_it_stopped_and_offsets_name_records_for_ever(cel: CelFile) -> None:
    cel.append(record("CHAN_START", AT))
    (first,), end, _ = read_cel(cel.path, 0)
    cel.append(record("ANSWER", AT), record("CHAN_END", AT))
    rest, *_ = read_cel(cel.path, end)
    everything, *_ = read_cel(cel.path, 0)
    assert [first, *rest] == everything
    assert len({event.offset for event in everything}) == 3


def test_a_record_that_is_still_being_written_waits_for_its_end(cel: CelFile) -> None:
    whole = record("CHAN_START", AT)
    cel.append(record("ANSWER", AT), whole[:40])
    (answer,), end, _ = read_cel(cel.path, 0)
    assert answer.kind == "ANSWER"
    cel.append(whole[40:])
    (start,), *_ = read_cel(cel.path, end)
    assert start.kind == "CHAN_START"


@pytest.mark.parametrize("written", [1, 5, 13, 14, 30, 33, 60, 100, -3, -1])
def test_the_record_behind_one_that_was_never_finished_is_read(cel: CelFile, written: int) -> None:
    """Asterisk was killed in the middle of a line and appends to it when it is back."""
    unfinished = record("HANGUP", AT)[:written]
    cel.append(record("ANSWER", AT), unfinished, record("CHAN_START", AT, channel_id="hotline-2.1"))
    events, *_ = read_cel(cel.path, 0)
    assert [event.kind for event in events] == ["ANSWER", "CHAN_START"]
    assert events[1].channel_id == "hotline-2.1"


def test_what_is_too_fresh_is_left_for_the_next_reading(cel: CelFile) -> None:
    cel.append(record("CHAN_START", AT), record("ANSWER", AT + 9), record("CHAN_END", AT))
    early, end, stopped = read_cel(cel.path, 0, lambda at: at.timestamp() > AT + 5)
    assert ([event.kind for event in early], stopped) == (["CHAN_START"], True)
    late, _, stopped = read_cel(cel.path, end)
    assert ([event.kind for event in late], stopped) == (["ANSWER", "CHAN_END"], False)


def test_a_rotated_file_is_read_from_its_start(cel: CelFile) -> None:
    cel.append(*[record("ANSWER", AT)] * 3)
    _, end, _ = read_cel(cel.path, 0)
    cel.rotate(record("CHAN_END", AT))
    (event,), *_ = read_cel(cel.path, end)
    assert (event.kind, event.offset) == ("CHAN_END", 0)


@pytest.mark.parametrize(
    "number",
    ['"quoted"', "☎️ Олена", "a,b", "x" * 10_000, "first\nsecond", "first\rsecond", '"\n"', "\u2028", ""],
)
def test_whatever_a_caller_puts_into_their_number_is_kept_as_it_is(cel: CelFile, number: str) -> None:
    cel.append(record("CHAN_START", AT, number=number), record("CHAN_END", AT))
    (start, end), *_ = read_cel(cel.path, 0)
    assert (start.number, end.kind) == (number, "CHAN_END")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_caller_cannot_forge_a_record_through_their_number(cel: CelFile, quote: str) -> None:
    forged = ",".join(
        f"{quote}{value}{quote}" for value in ("CHAN_END", f"{AT}", "hotline-9.9", "hotline-9.9", *"cexad123")
    )
    cel.append(record("CHAN_START", AT, number=f"0457900001\n{forged}\n"))
    events, *_ = read_cel(cel.path, 0)
    assert [event.channel_id for event in events] == ["hotline-1.1"]


@pytest.mark.parametrize("garbage", [b"\xff\xfe\x00\n" * 200, b'"' * 5000 + b"\n", b"\n" * 500])
def test_garbage_between_records_costs_only_itself(cel: CelFile, garbage: bytes) -> None:
    cel.append(record("CHAN_START", AT))
    with cel.path.open("ab") as file:
        file.write(garbage)
    cel.append(record("CHAN_END", AT))
    events, end, _ = read_cel(cel.path, 0)
    assert [event.kind for event in events] == ["CHAN_START", "CHAN_END"]
    assert end == cel.path.stat().st_size


def test_an_impossible_time_is_passed_over(cel: CelFile) -> None:
    cel.append(record("CHAN_START", 1e18), record("CHAN_END", AT))
    (event,), *_ = read_cel(cel.path, 0)
    assert event.kind == "CHAN_END"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), max_size=5),
    cut=st.integers(0, 400),
)
def test_whatever_is_written_is_read_once_however_the_reading_is_cut(
    cel: CelFile, texts: list[str], cut: int
) -> None:
    records = [record("ANSWER", AT + at, number=text, app=text) for at, text in enumerate(texts)]
    whole = "".join(records).encode()
    cel.path.write_bytes(whole)
    events, *_ = read_cel(cel.path, 0)
    assert [(event.number, event.app) for event in events] == [(text, text) for text in texts]
    cel.path.write_bytes(whole[:cut])
    early, end, _ = read_cel(cel.path, 0)
    assert early == events[: len(early)]
    assert end <= cut
