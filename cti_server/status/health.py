"""`/health/live`, `/health/ready` and `/health/metrics`: the process lives; calls are answered; defects."""

from aiohttp import hdrs, web

from cti_server.auth.access import public
from cti_server.status.board import BOARD
from hotline.retention.room import Room

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@public
async def live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


@public
async def ready(request: web.Request) -> web.Response:
    """Answer 200 when Asterisk and the database both serve calls; else 503, naming the one that does not.

    `defects` counts defects found and healed since the service started; it should be 0. `disk` is false when
    it is nearly full: calls are still answered then, and soon not recorded any more. `escalation` and
    `journal` are false when that work, for which no call waits, is late; `city_data` when a document of the
    city's own came into force that cannot be read any more: the one before it holds; `recordings_key` when
    recordings are to be encrypted and the key is not there: talks are recorded, and wait for it;
    `recordings_store` while the store elsewhere does not answer, since `recordings_store_away_since`.
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


@public
async def metrics(request: web.Request) -> web.Response:
    """Write the counters in Prometheus' text format."""
    board = request.app[BOARD]
    room = board.room()
    lines = [
        "# HELP hotline_defects_total What must be true of the line and was found broken, then healed.",
        "# TYPE hotline_defects_total counter",
        *(f'hotline_defects_total{{truth="{one}"}} {n}' for one, n in board.defects().items()),
        "# HELP hotline_disk_free_bytes Free bytes where the state is kept.",
        "# TYPE hotline_disk_free_bytes gauge",
        f"hotline_disk_free_bytes {board.free()}",
        "# HELP hotline_disk_room 1 for the present room on that disk (ample, low, spent), else 0.",
        "# TYPE hotline_disk_room gauge",
        *(f'hotline_disk_room{{room="{one}"}} {int(one is room)}' for one in Room),
    ]
    return web.Response(text="\n".join([*lines, ""]), headers={hdrs.CONTENT_TYPE: PROMETHEUS})
