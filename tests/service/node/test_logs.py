"""What strangers send must not be able to write our log."""

import logging
import sys

from aiohttp.http_exceptions import BadHttpMessage

from service.node.logs import SafeFormatter, shorten_bad_request


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


def test_a_request_that_is_no_http_is_one_line_without_its_bytes() -> None:
    entry = record("Error handling request from 192.0.2.1", BadHttpMessage("\x00garbage"))
    assert shorten_bad_request(entry)
    assert SafeFormatter("%(levelname)s %(message)s").format(entry) == (
        "WARNING Error handling request from 192.0.2.1 reason=BadHttpMessage"
    )
