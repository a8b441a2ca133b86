"""A DNS that takes what it is asked and never answers, on a machine that does not know its own name."""

import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from service.node import local_node
from service.settings.settings import Settings
from tests.system.hotline import running_hotline
from tests.system.people import CITIZEN, FIRST, in_talk

pytestmark = [
    pytest.mark.system,
    pytest.mark.nightly,
    pytest.mark.skipif(os.geteuid() != 0, reason="files of one's own in /etc take root"),
]
SILENT = "127.0.0.77"
_ETC = {"hosts": "127.0.0.1 localhost\n", "resolv.conf": f"nameserver {SILENT}\n"}
_SEES = 'for one in hosts resolv.conf; do mount --bind "$1/$one" "/etc/$one"; done && shift && exec "$@"'


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind((SILENT, 53))
        one.settimeout(0)
        yield one


async def test_telephones_are_spoken_with_and_nobodys_name_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: socket.socket
) -> None:
    for name, text in _ETC.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    shipped = local_node.program

    def with_another_etc(settings: Settings) -> list[str]:
        return ["unshare", "--mount", "sh", "-c", _SEES, "-", str(tmp_path), *shipped(settings)]

    monkeypatch.setattr(local_node, "program", with_another_etc)
    async with running_hotline(tmp_path / "h") as hotline:
        assert _asked(silent), "it asks who its machine is as it begins"
        desk = await hotline.desk("201")
        citizen, talk = await in_talk(hotline, desk)
        await talk.heard_tone(CITIZEN)
        await citizen.heard_tone(FIRST)
        await talk.hang_up()
        await citizen.ended()
        assert not _asked(silent)


def _asked(silent: socket.socket) -> Sequence[bytes]:
    """Take what the DNS was asked since the last look."""
    asked: list[bytes] = []
    while True:
        try:
            asked.append(silent.recv(512))
        except BlockingIOError:
            return asked
