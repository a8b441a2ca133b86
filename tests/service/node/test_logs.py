"""What strangers send must not be able to write our log."""

import asyncio
import json
import logging
import sys

from aiohttp.http_exceptions import BadHttpMessage

from hotline import tracing
from service.node.logs import SafeFormatter, formatter, shorten_bad_request


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    try:
        if error is not None:
            raise error
        info = None
    except BadHttpMessage:
        info = sys.exc_info()
    return logging.LogRecord("a.logger", logging.ERROR, __file__, 1, "%s", (message,), info)


def test_a_line_break_in_a_message_cannot_begin_an_entry() -> None:
    text = SafeFormatter("%(levelname)s %(message)s").format(record("one\r\n2026 INFO forged"))
    assert text == "ERROR one\\x0d\n  | 2026 INFO forged"


def test_a_message_cannot_move_the_cursor_of_a_terminal() -> None:
    assert "\x1b" not in SafeFormatter().format(record("\x1b[2J\x9b2J\x00"))


def test_the_moment_is_written_as_logging_does_in_the_same_second_and_the_next() -> None:
    ours, pythons = SafeFormatter("%(asctime)s"), logging.Formatter("%(asctime)s")
    for created in (1764579599.0, 1764579599.0071, 1764579599.9999, 1764579600.5, 1764579599.25):
        entry = record("x")
        entry.created, entry.msecs = created, int((created - int(created)) * 1000) + 0.0
        assert ours.format(entry) == pythons.format(entry)


def test_a_request_that_is_no_http_is_one_line_without_its_bytes() -> None:
    entry = record("Error handling request from 192.0.2.1", BadHttpMessage("\x00garbage"))
    assert shorten_bad_request(entry)
    assert SafeFormatter("%(levelname)s %(message)s").format(entry) == (
        "WARNING Error handling request from 192.0.2.1 reason=BadHttpMessage"
    )


async def test_an_entry_in_json_is_one_line_with_the_call_of_its_task_or_the_one_it_names() -> None:
    told: dict[str, object] = {}

    async def served(call_id: str) -> None:
        tracing.is_about(call_id)
        await asyncio.sleep(0)
        told[call_id] = json.loads(formatter("json").format(record("served")))["call_id"]

    await asyncio.gather(served("c1"), served("c2"))
    assert told == {"c1": "c1", "c2": "c2"}
    plain = json.loads(formatter("json").format(record("nothing of a call")))
    assert (plain["level"], plain["logger"], plain["message"]) == ("ERROR", "a.logger", "nothing of a call")
    assert "call_id" not in plain
    named = formatter("json").format(record("call ended call_id=c3\nforged\x9b2J", BadHttpMessage("x")))
    assert len(named.splitlines()) == 1
    assert "\x9b" not in named
    entry = json.loads(named)
    assert entry["call_id"] == "c3"
    assert "BadHttpMessage" in entry["trace"]
    reason = formatter("json").format(record("caller not heard call_id=c3.1-a: gone\u2028forged"))
    assert len(reason.splitlines()) == 1
    assert json.loads(reason)["call_id"] == "c3.1-a"
