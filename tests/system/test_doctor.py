"""`hotline doctor` beside a running hotline: what is well, what is not, of whom, and what to do."""

import os

import pytest
from sqlalchemy import insert

from hotline.appeals.routing import Rule
from hotline.clock import SystemClock
from hotline.enterprises.executors import Contact
from hotline.equipment.items import Change, Kind, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.line.invariants import Truth
from service.node.own_name import knows_own_name
from storage.tables import city_documents
from tests.system.forked import command
from tests.system.hotline import Hotline
from tests.system.people import in_talk

pytestmark = pytest.mark.system

ALL = len(Truth) + 8
ON_SQLITE = ALL + 1
UNNAMED = int(not knows_own_name())
"""One more is not well where the machine of the tests does not know its own name."""


async def test_a_hotline_in_which_two_talk_is_well(hotline: Hotline) -> None:
    await emergencies_have(hotline, "+380671112201")
    await in_talk(hotline, await hotline.desk("201"))
    code, told = await examined(hotline, "uk_UA.UTF-8")
    assert (code, told.count("✓"), told.count("✗")) == (UNNAMED, ON_SQLITE - UNNAMED, UNNAMED)
    assert told.endswith("Усе гаразд.\n") or UNNAMED


async def test_whatever_is_left_over_is_told_with_whom_it_concerns_and_what_to_do(hotline: Hotline) -> None:
    await emergencies_have(hotline, None)
    await hotline.kill_service()
    await hotline.storage.line.enter("nobody", at=SystemClock().now())
    await break_a_document(hotline)
    await break_a_router(hotline)
    os.truncate(f"{hotline.storage.database.file}-wal", 200_000_000)
    code, told = await examined(hotline, "en_US.UTF-8")
    assert code == 1
    assert "(classifier, paperwork and so on) are read without a fault\n    pauses 1001\n    → " in told
    assert "✗ the service hears Asterisk's events\n    → The service does not run" in told
    lines = told.splitlines()
    broken = lines.index("✗ whoever stands in the line is on the telephone, or is to be called back")
    assert lines[broken + 1] == "    caller-is-here call_id=nobody"
    assert lines[broken + 2].startswith("    → ")
    nobody = lines.index("✗ at every hour somebody is rung for an emergency when no dispatcher is there")
    assert "no duty contact with a telephone number" in lines[nobody + 1]
    board = lines.index("✗ all on the board of equipment works")
    assert lines[board + 1].startswith("    → Router: The connection is refused")
    log = lines.index("✗ SQLite's log (the file `…-wal`) is worked off into the database in time")
    assert lines[log + 1].startswith("    → It has grown to 200 MB.")
    assert lines[-1] == f"Broken: {6 + UNNAMED} of {ON_SQLITE}."


async def break_a_document(hotline: Hotline) -> None:
    now = SystemClock().now()
    broken = {"kind": "pauses", "version": 1001, "text": "?", "made_at": now, "note": ""}
    async with hotline.storage.database.writing() as connection:
        await connection.execute(insert(city_documents), broken | {"in_force_since": now})


async def break_a_router(hotline: Hotline) -> None:
    equipment = hotline.storage.equipment
    router = await equipment.add(NewItem(name="", kind=Kind.ROUTER, way=Way.TCP, host="127.0.0.1", port=1))
    refused = Look(state=State.OUT_OF_ORDER, said="refused")
    await equipment.change(Change(item_id=router.id, look=refused, began_at=SystemClock().now()))


async def emergencies_have(hotline: Hotline, number: str | None) -> None:
    """A rule gives emergencies to an enterprise whose duty contact has this number."""
    contacts = (Contact(name="Диспетчерська", number=number),)
    executor = await hotline.storage.executors.add("КП «Аварійна»", "Аварійна", contacts)
    await hotline.storage.rules.add(Rule(order=1, executor_id=executor.id, categories=("emergency",)))


async def examined(hotline: Hotline, locale: str) -> tuple[int | None, str]:
    """The exit code and what was printed."""
    said = await command(hotline.node.environ | {"LC_ALL": locale}, "doctor")
    return said.code, said.printed
