"""What the service's own accounts may do in Asterisk: what it needs, not call out, not change settings."""

import asyncio

import aiohttp
import pytest

from tests.system.manager_account import act, message, said
from tests.system.node import Node

pytestmark = pytest.mark.system

REFUSED = {
    "Originate": {"Channel": "PJSIP/1@trunk", "Context": "hotline", "Exten": "s", "Priority": "1"},
    "Command": {"Command": "core show version"},
    "UpdateConfig": {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"},
    "CreateConfig": {"Filename": "new.conf"},
    "ListCategories": {"Filename": "manager.conf"},
    "AGI": {"Channel": "PJSIP/x", "Command": "EXEC System"},
    "UserEvent": {"UserEvent": "x"},
    "MessageSend": {"To": "pjsip:x", "From": "x"},
    "ModuleLoad": {"Module": "app_system.so", "LoadType": "load"},
    "GetConfig": {"Filename": "manager.conf"},
    "DBPut": {"Family": "x", "Key": "x", "Val": "x"},
    "DialplanExtensionAdd": {
        "Context": "hotline",
        "Extension": "1",
        "Priority": "1",
        "Application": "Hangup",
    },
    "MixMonitor": {"Channel": "PJSIP/x", "Command": "id"},
    "AOCMessage": {"Channel": "PJSIP/x", "MsgType": "D", "ChargeType": "NA"},
}
NEEDED = {
    "Ping": {},
    "QueueStatus": {},
    "QueueAdd": {"Queue": "hotline", "Interface": "PJSIP/desk-201"},
    "QueuePause": {"Interface": "PJSIP/desk-201", "Paused": "true"},
    "QueueRemove": {"Queue": "hotline", "Interface": "PJSIP/desk-201"},
    "AbsoluteTimeout": {"Channel": "PJSIP/x", "Timeout": "60"},
    "Redirect": {"Channel": "PJSIP/x", "Context": "resume", "Exten": "s", "Priority": "1"},
}


async def test_the_manager_account_is_refused_what_it_does_not_need(node: Node) -> None:
    answers = {action: await said(node, action, fields) for action, fields in REFUSED.items()}

    assert answers == dict.fromkeys(REFUSED, "Permission denied")


async def test_the_manager_account_may_do_all_that_the_service_needs(node: Node) -> None:
    answers = {action: await said(node, action, fields) for action, fields in NEEDED.items()}

    assert "Permission denied" not in answers.values()
    assert "Invalid/unknown command" not in " ".join(answers.values())


async def test_a_wrong_secret_opens_neither_door(node: Node) -> None:
    control = node.settings.asterisk
    reader, writer = await asyncio.open_connection(control.host, control.ami_port)
    await act(writer, "Login", {"Username": "hotline", "Secret": "wrong"})
    assert await message(reader) == "Authentication failed"
    writer.close()
    await writer.wait_closed()
    who = {"Authorization": aiohttp.encode_basic_auth("hotline", "wrong")}
    url = f"http://{control.host}:{control.ari_port}/ari/channels"
    async with aiohttp.ClientSession(headers=who) as session, session.get(url) as answer:
        assert answer.status == 401


async def test_no_application_that_places_calls_or_runs_programs_is_loaded(node: Node) -> None:
    modules = {row["name"] for row in await node.ask("GET", "asterisk/modules")}

    assert not modules & {"app_dial.so", "app_originate.so", "app_system.so", "func_shell.so", "pbx_spool.so"}
