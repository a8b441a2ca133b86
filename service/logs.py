"""Logs: one line a fact, to standard error; the level by HOTLINE_LOG_LEVEL."""

import logging
import os


def set_up_logs() -> None:
    level = os.environ.get("HOTLINE_LOG_LEVEL", "INFO").upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # panoramisk tells at INFO what we tell ourselves, alembic what nobody asked.
    for chatty in ("panoramisk", "alembic", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
