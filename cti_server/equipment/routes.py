"""Routes of equipment."""

from aiohttp import web

from cti_server.equipment import board, item
from cti_server.equipment.sources import EQUIPMENT, EquipmentSources


def add_equipment(app: web.Application, sources: EquipmentSources) -> None:
    """Add the board and the pages of its items."""
    app[EQUIPMENT] = sources
    app.router.add_get(board.PATH, board.page)
    app.router.add_get(item.NEW, item.new)
    app.router.add_post(board.PATH, item.add)
    app.router.add_get(item.ONE, item.page)
    app.router.add_get(f"{item.ONE}/edit", item.edit)
    app.router.add_post(f"{item.ONE}/save", item.save)
    app.router.add_post(f"{item.ONE}/maintain", item.maintain)
    app.router.add_post(f"{item.ONE}/look", item.look)
    app.router.add_post(f"{item.ONE}/remove", item.remove)
