"""Logs: one fact an entry, to standard error; the level by HOTLINE_LOG_LEVEL.

Strangers' input may be in an entry: it can neither begin a line that looks like an entry of ours, nor move a
terminal's cursor.
"""

import logging
import os

from aiohttp.http_exceptions import HttpProcessingError

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def set_up_logs() -> None:
    level = os.environ.get("HOTLINE_LOG_LEVEL", "INFO").upper()
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    # No entry names its thread, its process or the line that wrote it, so none needs to look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - as Python's manual of logging has it
    # panoramisk tells at INFO what we tell ourselves, alembic what nobody asked.
    for chatty in ("panoramisk", "alembic", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(shorten_bad_request)


class SafeFormatter(logging.Formatter):
    """Marks every further line of an entry (`  | `) and spells control signs out."""

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
