"""Files of docs/keepalived/: keepalived can read them, and its question finds a Kamailio that answers."""

import asyncio
import os
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "keepalived"
CARDS = [name for _, name in socket.if_nameindex() if name != "lo"]
KEEPALIVED = shutil.which("keepalived", path="/usr/sbin:/usr/bin")


@pytest.mark.skipif(not CARDS, reason="this machine has no network")
@pytest.mark.skipif(KEEPALIVED is None or os.geteuid() != 0, reason="needs root, and keepalived")
def test_keepalived_reads_it(tmp_path: Path) -> None:
    text = (FOLDER / "keepalived.conf").read_text(encoding="utf-8")
    here = text.replace("/opt/city-hotline/docs/keepalived", str(tmp_path)).replace("eth0", CARDS[0])
    here = here.replace("script_user nobody", "script_user root")  # to whom the folder of a test is closed
    shutil.copy(FOLDER / "answers", tmp_path)
    written = tmp_path / "keepalived.conf"
    written.write_text(here, encoding="utf-8")
    read = subprocess.run(  # noqa: S603
        [str(KEEPALIVED), "-t", "-f", str(written)], capture_output=True, text=True, check=False, timeout=30
    )
    assert read.returncode == 0, read.stderr


class Answering(asyncio.DatagramProtocol):
    """Says one line to whatever comes."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked = data
        if self._answer:
            self._transport.sendto(self._answer, addr)


@pytest.mark.parametrize(
    ("answer", "code"), [(b"SIP/2.0 200 OK\r\n\r\n", 0), (b"SIP/2.0 503 No Node\r\n\r\n", 1), (b"", 124)]
)
async def test_its_question_tells_whether_one_is_there(answer: bytes, code: int) -> None:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(lambda: Answering(answer), ("127.0.0.1", 0))
    with closing(transport):
        port = str(transport.get_extra_info("sockname")[1])
        asked = await asyncio.create_subprocess_exec(FOLDER / "answers", "127.0.0.1", port)
        assert await asked.wait() == code
    assert server.asked.startswith(f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\n".encode())
