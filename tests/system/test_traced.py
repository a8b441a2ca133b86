"""A call is followed from SIP to the screen and the recording, in traces and in a log for programs."""

import json
from pathlib import Path

import pytest

from hotline.calls.call import Outcome
from tests.fakes.otlp import collector
from tests.system.hotline import running_hotline
from tests.system.people import in_talk

pytestmark = pytest.mark.system

NUMBER = "380457900001"
BELOW = {"line", "pairing", "screen", "ringing", "recording", "talk"}


async def test_a_call_is_traced_from_sip_to_the_recording_and_its_log_names_it(tmp_path: Path) -> None:
    async with (
        collector() as there,
        running_hotline(tmp_path, HOTLINE_OTLP_ENDPOINT=there.address, HOTLINE_LOG_FORMAT="json") as hotline,
    ):
        desk = await hotline.desk("201")
        call, talk = await in_talk(hotline, desk)
        await talk.hang_up()
        await call.ended()
        record = await hotline.ended_call()
        assert record.outcome is Outcome.TALKED
        root = await there.until("call")
        log = hotline.log.read_text(encoding="utf-8")
    below = {one.name: one for one in there.spans if one.name != "call"}
    assert set(below) == BELOW
    for one in below.values():
        assert (one.trace_id, one.parent_span_id) == (root.trace_id, root.span_id)
        assert [(told.key, told.value.string_value) for told in one.attributes] == [
            ("hotline.call_id", record.id)
        ]
        assert one.end_time_unix_nano >= one.start_time_unix_nano
    ordered = ("pairing", "screen", "ringing", "recording", "talk")
    starts = [below[name].start_time_unix_nano for name in ordered]
    assert starts == sorted(starts), "each step begins after the one before"
    steps = [one.name for one in root.events]
    assert steps[0] == "arrived"
    assert {"heard", "joined-line", "dispatcher-offered", "talk-started"} <= set(steps)
    assert NUMBER not in "".join(map(str, there.spans))

    entries = [json.loads(line) for line in log.splitlines()]
    of_the_call = [one["message"] for one in entries if one.get("call_id") == record.id]
    assert [one.split(" call_id")[0] for one in of_the_call if "call " in one] == [
        "call arrived",
        "call ended",
    ]
    assert NUMBER[-7:] not in log
