"""Logs: one fact an entry, to standard error; the level by HOTLINE_LOG_LEVEL, the form by HOTLINE_LOG_FORMAT.

A thread writes them: nobody who logs waits for a disk, or for a reader. Strangers' input may be in an
entry: it can neither begin a line that looks like an entry of ours, nor move a terminal's cursor.
"""

import json
import logging
import os
import re
import time
from datetime import UTC, datetime

from aiohttp.http_exceptions import HttpProcessingError

from hotline.tracing import call_at_hand
from service.node.written_beside import WrittenBeside

JSON = "json"
STDERR = 2
_CALL = re.compile(r"\bcall_id=([\w.-]+)")
_CONTROL_IN_JSON = {code: f"\\u{code:04x}" for code in (*range(127, 160), 0x2028, 0x2029)}
"""With the two signs of Unicode at which programs break a line."""
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def set_up_logs() -> WrittenBeside:
    """Have all that is logged written. What it gives writes the last entries before the program ends."""
    level = os.environ.get("HOTLINE_LOG_LEVEL", "INFO").upper()
    written = WrittenBeside(STDERR)
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(os.environ.get("HOTLINE_LOG_FORMAT", "")))
    logging.basicConfig(level=level, handlers=[handler])
    # No entry names its thread, its process or the line that wrote it, so none needs to look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - as Python's manual of logging has it
    # panoramisk tells at INFO what we tell ourselves, alembic what nobody asked.
    for chatty in ("panoramisk", "alembic", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(shorten_bad_request)
    return written


def formatter(form: str) -> logging.Formatter:
    """Give the formatter of this form: `json`, or lines for people."""
    if form.lower() == JSON:
        return JsonFormatter()
    return SafeFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")


class JsonFormatter(logging.Formatter):
    """Makes each entry one line of JSON; `call_id` stands in those that are about a call.

    The call is that of the task which writes the entry, or the one that the entry names.
    """

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        named = _CALL.search(message)
        if (call_id := named[1] if named else call_at_hand()) is not None:
            entry["call_id"] = call_id
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False).translate(_CONTROL_IN_JSON)


class SafeFormatter(logging.Formatter):
    """Marks every further line of an entry (`  | `) and spells control signs out."""

    _second = -1
    _written = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Write the moment as logging does; what stands before the milliseconds is made once a second."""
        second = int(record.created)
        if second != self._second:
            self._second = second
            self._written = time.strftime(datefmt or self.default_time_format, time.localtime(second))
        return f"{self._written},{int(record.msecs):03d}"

    def format(self, record: logging.LogRecord) -> str:
        entry = super().format(record)
        return entry if entry.isprintable() else entry.translate(_CONTROL).replace("\n", "\n  | ")


def shorten_bad_request(record: logging.LogRecord) -> bool:
    """Make one line of a request that is no HTTP: its bytes and our stack help nobody. Keeps every record."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = f"{record.getMessage()} reason={type(error).__name__}", None
    return True
