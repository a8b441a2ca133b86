"""`/health/live` and `/health/ready`: the process lives; calls are answered."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.status.board import BOARD
from hotline.retention.room import Room


@public
async def live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


@public
async def ready(request: web.Request) -> web.Response:
    """Answer 200 when Asterisk and the database both serve calls; else 503, naming the one that does not.

    `defects` counts defects found and healed since the service started; it should be 0. `disk` is false when
    it is nearly full: calls are still answered then, and soon not recorded any more. `escalation` and
    `journal` are false when that work, for which no call waits, is late; `database_log` when SQLite's log
    grows because it is not worked off; `city_data` when a document of the city's own came into force that
    cannot be read any more: the one before it holds; `recordings_key` when recordings are to be encrypted and
    the key is not there: talks are recorded, and wait for it; `recordings_store` while the store elsewhere
    does not answer, since `recordings_store_away_since`.
    """
    board = request.app[BOARD]
    parts = await board.parts()
    well, defects = all(parts.values()), sum(board.defects().values())
    told: dict[str, object] = {
        "ready": well,
        **parts,
        **board.background(),
        "defects": defects,
        "disk": board.room() is not Room.SPENT,
    }
    if (since := board.store_away_since()) is not None:
        told["recordings_store_away_since"] = since.isoformat(timespec="seconds")
    return web.json_response(told, status=200 if well else 503)
