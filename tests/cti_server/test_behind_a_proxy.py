"""The proxy configurations of docs/proxy/, the nginx one with the real nginx before the real application."""

import asyncio
import io
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Collection, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from cti_server.auth.access import public
from cti_server.connection_limits import OpenConnections
from cti_server.keys import Accounts
from cti_server.web_server import serving
from hotline.access.networks import Networks
from hotline.access.permissions import Role
from hotline.access.users import User
from service.node.local_node import free_ports
from tests.cti_server.conftest import PASSWORD

PROXY = Path(__file__).resolve().parents[2] / "docs" / "proxy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
CADDY = shutil.which("caddy")
NAME = "hotline.city.example"
VISITOR = "127.0.0.9"
"""Not the proxy's own address, so that it is seen whose address is told."""
AROUND = """daemon off;
{user}
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hotline.conf;
}}
"""

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture
def https() -> bool:
    return True


@pytest.fixture
def hosts() -> Collection[str]:
    return (NAME,)


@pytest.fixture
def trusted() -> Networks:
    return (ip_network("127.0.0.1/32"),)


@public
async def echo(request: web.Request) -> web.WebSocketResponse:
    desk = web.WebSocketResponse()
    await desk.prepare(request)
    async for message in desk:
        await desk.send_str(message.data)
    return desk


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of the test's own name; its key lies beside it."""
    made = tmp_path / "certificate.pem"
    key = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    named = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(made)]
    command = ["/usr/bin/openssl", *key, *named, *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return made


@pytest.fixture
async def nginx(app: web.Application, certificate: Path) -> AsyncIterator[Mapping[str, int]]:
    """Run nginx as the documentation has it, on other ports and with the test's certificate; its ports."""
    assert NGINX is not None
    folder = certificate.parent
    app.router.add_get("/desk/events", echo)
    async with serving(app, "127.0.0.1", 0, connections=OpenConnections(), leave_seconds=1) as ears:
        with free_ports(2) as (plain, tls):
            _write(folder, plain, tls, ears.sockets[0].getsockname()[1])
        command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = await asyncio.create_subprocess_exec(*command)
        try:
            await _answers(plain)
            yield {"http": plain, "https": tls}
        finally:
            process.terminate()
            await process.wait()


def _write(folder: Path, plain: int, tls: int, ours: int) -> None:
    text = (PROXY / "nginx.conf").read_text(encoding="utf-8")
    for there, here in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "127.0.0.1:8080": f"127.0.0.1:{ours}",
        "/etc/ssl/hotline/fullchain.pem": str(folder / "certificate.pem"),
        "/etc/ssl/hotline/privkey.pem": str(folder / "key.pem"),
    }.items():
        assert there in text
        text = text.replace(there, here)
    user = "user root;" if os.geteuid() == 0 else ""  # its workers may not read the test's folder otherwise
    (folder / "hotline.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")


async def _answers(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)  # it is another program's start that is waited for
            else:
                writer.close()
                return


class ThisMachine(aiohttp.abc.AbstractResolver):
    """Finds every name on this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[Any]:
        where = {"hostname": host, "host": "127.0.0.1", "port": port}
        return [{**where, "family": family, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self) -> None: ...


@pytest.fixture
async def visitor(certificate: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser on another machine that trusts the test's certificate."""
    trust = ssl.create_default_context(cafile=str(certificate))
    connector = aiohttp.TCPConnector(
        ssl=trust, resolver=ThisMachine(), family=socket.AF_INET, local_addr=(VISITOR, 0)
    )
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@needs_nginx
async def test_people_sign_in_and_work_through_the_documented_nginx(
    nginx: Mapping[str, int],
    visitor: aiohttp.ClientSession,
    users: Mapping[Role, User],
    accounts: Accounts,
) -> None:
    page = f"https://{NAME}:{nginx['https']}"
    origin, form = {"Origin": page}, {"login": users[Role.OBSERVER].login, "password": PASSWORD}
    forged = origin | {"X-Forwarded-For": "203.0.113.1"}

    async with visitor.post(f"{page}/sign-in", data=form, headers=forged, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.cookies["__Host-hotline"]["secure"]
        assert answer.headers["Strict-Transport-Security"]
    assert (await accounts.audit.latest(1))[0].address == VISITOR, "neither the proxy's nor the forged one"
    async with visitor.get(f"{page}/account") as answer:
        assert answer.status == 200

    async with visitor.ws_connect(f"{page}/desk/events", headers=origin) as desk:
        await desk.send_str("through")
        assert await desk.receive_str() == "through"

    too_large = io.BytesIO(bytes(27 * 2**20))
    async with visitor.post(f"{page}/sign-in", data=too_large, headers=origin) as answer:
        assert answer.status == 413
    photos = io.BytesIO(bytes(27 * 2**20))  # of a resident: what the hotline thinks of them is its own
    async with visitor.post(f"{page}/report", data=photos, headers=origin) as answer:
        assert "nginx" not in await answer.text()
    async with visitor.get(f"http://{NAME}:{nginx['http']}/outages?x=1", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/outages?x=1")


@pytest.mark.nightly
@pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")
def test_caddy_takes_the_documented_configuration(tmp_path: Path) -> None:
    told = subprocess.run(  # noqa: S603
        [str(CADDY), "validate", "--config", str(PROXY / "Caddyfile"), "--adapter", "caddyfile"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
