"""What somebody without an account can find out or reach over SIP: only the hotline's own number."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.system.conftest import Probes
from tests.system.node import Node, running_node

pytestmark = pytest.mark.system

NOT_OURS = (
    "999",
    "201",
    "s",
    "i",
    "T",
    "h",
    "hotline",
    "fallback",
    "desk-201",
    "+380671234567",
    "1580x",
    "_X.",
    "15%2080",
)
FILTER = Path(__file__).parents[2] / "setup" / "fail2ban" / "filter.d" / "hotline-sip.conf"
BLAMES_ANOTHER = (
    "<sip:x%22,SessionID=%22y%22,LocalAddress=%22z%22,RemoteAddress=%22IPV4/UDP/203.0.113.9/1%22@127.0.0.1>"
)
BLAMES_IN_CALL_ID = 'x",LocalAddress="z",RemoteAddress="IPV4/UDP/203.0.113.9/1'
KNOWN_ONLY_BY_ADDRESS = "127.0.0.9"
ODD_CALLERS = (
    '"${SHELL(id)} $[1/0] ,,)" <sip:anonymous@anonymous.invalid>',
    '"Оксана 💧 \\"в\'їзд\\"" <sip:+380457900012@127.0.0.1>',
    f'"{"я" * 1200}" <sip:{"9" * 900}@127.0.0.1>',
    "<sip:%22%24%7BEXTEN%7D%0d%0a@127.0.0.1>",
)


async def test_a_citizen_reaches_no_number_but_ours(node: Node, probe: Probes) -> None:
    answers = {number: (await probe(node).request("INVITE", number)).code for number in NOT_OURS}

    assert answers == dict.fromkeys(NOT_OURS, 404)
    assert node.cel_rows() == []


async def test_an_unknown_sender_learns_nothing(tmp_path: Path, probe: Probes) -> None:
    async with running_node(tmp_path, HOTLINE_DEMO="0") as node:
        answers = [
            await probe(node).request(method, number)
            for method in ("OPTIONS", "INVITE", "REGISTER", "SUBSCRIBE", "MESSAGE", "REFER")
            for number in ("1580", "999", "201")
        ]

        assert {answer.code for answer in answers} == {401}
        assert set(banned(node)) == {"127.0.0.1"}, "fail2ban finds who knocks"
        await probe(node, shown=BLAMES_ANOTHER, call_id=BLAMES_IN_CALL_ID).request("REGISTER")
        assert set(banned(node)) == {"127.0.0.1"}, "and nobody whom a stranger names"
        if program := shutil.which("fail2ban-regex"):
            log = node.settings.folders.asterisk / "log" / "security"
            found = subprocess.run([program, log, FILTER], capture_output=True, text=True, check=True)  # noqa: S603, ASYNC221 - ours
            assert f"{len(banned(node))} matched" in found.stdout
        assert len({(answer.header("Server"), answer.header("Allow")) for answer in answers}) == 1
        assert not any("asterisk" in answer.text.lower() for answer in answers)
        assert node.cel_rows() == []


def banned(node: Node) -> list[str]:
    """The addresses that our filter of fail2ban finds in Asterisk's security log, one for each try."""
    parsed = ConfigParser(interpolation=None)
    parsed.read(FILTER, "utf-8")
    failure = re.compile(parsed["Definition"]["failregex"].replace("<HOST>", r"(?P<host>[0-9a-fA-F.:]+)"))
    lines = (node.settings.folders.asterisk / "log" / "security").read_text("utf-8").splitlines()
    return [found["host"] for line in lines if (found := failure.search(line))]


async def test_nobody_becomes_the_trunk_by_saying_so(tmp_path: Path, probe: Probes) -> None:
    async with running_node(tmp_path, HOTLINE_DEMO="0", HOTLINE_TRUNK_HOST=KNOWN_ONLY_BY_ADDRESS) as node:
        for name in ("trunk", "citizens", "citizen", "anonymous"):
            stranger = probe(node, shown=f"<sip:{name}@127.0.0.1>")
            assert (await stranger.request("INVITE")).code == 401


async def test_the_trunk_is_known_by_its_address_and_reaches_only_our_number(
    tmp_path: Path, probe: Probes
) -> None:
    settings = {"HOTLINE_TRUNK_HOST": KNOWN_ONLY_BY_ADDRESS, "HOTLINE_TRUNK_NUMBER": "+380457900012"}
    async with running_node(tmp_path, HOTLINE_DEMO="0", **settings) as node:
        provider = {"address": KNOWN_ONLY_BY_ADDRESS}

        assert (await probe(node, **provider).request("INVITE")).code == 200
        assert (await probe(node, **provider).request("INVITE", "+380457900012")).code == 200
        assert (await probe(node, **provider).request("INVITE", "0671234567")).code == 404
        assert {row["context"] for row in node.cel_rows()} <= {"from-citizens", "hotline", "fallback"}


async def test_odd_callers_are_served_like_any_other(node: Node, probe: Probes) -> None:
    for shown in ODD_CALLERS:
        caller = probe(node, shown=shown)
        assert (await caller.request("INVITE")).code == 200
        await caller.hang_up()
    await node.until(lambda: len(ended(node)) == len(ODD_CALLERS))
    assert "uid=" not in node.log + repr(node.cel_rows())


def ended(node: Node) -> list[dict[str, str]]:
    return [row for row in node.cel_rows() if row["eventtype"] == "LINKEDID_END"]


async def test_garbage_does_not_disturb_the_next_caller(node: Node, probe: Probes) -> None:
    scanner = probe(node)
    for noise in (
        b"",
        b"\0" * 1400,
        b"INVITE sip:1580@x SIP/2.0\r\n\r\n",
        b"INVITE " + b"a" * 60000,
        bytes(range(256)) * 8,
    ):
        for _ in range(20):
            await scanner.send_bytes(noise)

    assert (await probe(node).request("INVITE")).code == 200
    assert node.process.returncode is None
