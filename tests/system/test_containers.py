"""The containers, really built and run: podman, runc and podman-compose, from one base of Debian."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from service.node.local_node import free_ports

pytestmark = [pytest.mark.nightly, pytest.mark.system, pytest.mark.timeout(3600)]

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("podman", "podman-compose", "runc", "catatonit", "nft", "mmdebstrap", "apt-config")
IMAGES = ("postgres", "asterisk", "service")
CONTAINERS = """[containers]
default_ulimits = ["nofile=20000:20000", "nproc=9000:9000"]
[engine]
runtime = "runc"
[network]
network_config_dir = "{folder}/networks"
"""
STORAGE = """[storage]
driver = "overlay"
graphroot = "{folder}/graph"
runroot = "{folder}/run"
"""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""This machine's: its network may have some of its own, secrets of the build (docker/service.Dockerfile)."""
INSIDE = "/run/secrets/certificates"
PUBLISHED_SUBNET = "172.28.59.0/24"
APPEAL = {
    "text": "Немає гарячої води з ранку",
    "kind": "application",
    "category": "hot-water-none",
    "address": "Київський квартал, 7",
    "applicant": {"name": "Марія Демченко"},
    "consent": True,
    "number": "+380457900001",
}

LISTED = {
    "containers": ("ps", "--all", "--format", "{{.Names}}"),
    "volumes": ("volume", "ls", "--quiet"),
    "networks": ("network", "ls", "--quiet"),
}

needs_tools = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
)


class Engine:
    """Podman with a storage of its own, which goes with the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        settings, storage = folder / "containers.conf", folder / "storage.conf"
        settings.write_text(CONTAINERS.format(folder=folder), encoding="utf-8")
        storage.write_text(STORAGE.format(folder=folder), encoding="utf-8")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
            "CONTAINERS_CONF": str(settings),
            "CONTAINERS_STORAGE_CONF": str(storage),
            "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
            "DISABLE_HC_SYSTEMD": "true",  # without systemd nothing would ask for health: `pulse` does
        }

    async def run(self, *command: str, **more: str) -> str:
        """Run a command in the copied tree; its output, which the test shows when it fails."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.tree,
            env=self.environ | more,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        text = said.decode(errors="replace")
        assert process.returncode == 0, f"{command}: {process.returncode}\n{text[-6000:]}"
        return text

    async def hotline(self, *arguments: str) -> str:
        return await self.run("podman", "exec", await self.container("service"), "hotline", *arguments)

    async def container(self, service: str) -> str:
        label = f"label=com.docker.compose.service={service}"
        return (await self.run("podman", "ps", "-a", "--filter", label, "--format", "{{.Names}}")).strip()

    async def pulse(self) -> None:
        """Ask each container for its health, as systemd's timers would."""
        while True:
            names = (await self.run("podman", "ps", "--format", "{{.Names}}")).split()
            for name in names:
                with contextlib.suppress(AssertionError):  # not well yet, or gone meanwhile
                    await self.run("podman", "healthcheck", "run", name)
            await asyncio.sleep(1)  # the beat itself


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    engine = Engine(tmp_path)
    files = subprocess.run(  # noqa: ASYNC221
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (engine.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, engine.tree / name)
    try:
        yield engine
    finally:
        await engine.run("podman", "rm", "--all", "--force", "--time", "5")
        await engine.run("podman", "rmi", "--all", "--force")


async def make_bases(engine: Engine) -> None:
    """Make the images that all others begin from, without any registry."""
    script = r"""
        source setup/common.sh; source setup/packages.sh; source setup/asterisk.sh
        mapfile -t options < <(apt_network_options)
        for suite in trixie sid; do
            mmdebstrap --variant=minbase --components=main,contrib,non-free "${options[@]}" $suite - \
                "$(debian_mirror)" | podman import - localhost/debian:$suite-slim
        done
    """
    await engine.run("bash", "-euo", "pipefail", "-c", script)


async def build(engine: Engine) -> None:
    limits = ["--ulimit", "nofile=20000:20000", "--ulimit", "nproc=9000:9000", "--network", "host"]
    pip, npm = engine.folder / "pip.conf", engine.folder / "npmrc"
    pip.write_text(f"[global]\ncert = {INSIDE}\n", encoding="utf-8")
    npm.write_text(f"cafile={INSIDE}\n", encoding="utf-8")
    given = {"pip": pip, "npm": npm, "certificates": CERTIFICATES}
    secrets = [word for name, file in given.items() for word in ("--secret", f"id={name},src={file}")]
    for image in IMAGES:
        named = ["--file", f"docker/{image}.Dockerfile", "--tag", f"localhost/city-hotline-{image}"]
        await engine.run("podman", "build", *limits, *secrets, "--build-arg", "UID=1000", *named, ".")


async def until_ready(page: str) -> Mapping[str, Any]:
    """Wait until the pages say that Asterisk and the database serve calls."""
    async with asyncio.timeout(600), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{page}/health/ready") as answer:
                    if answer.status == 200:
                        return dict(await answer.json())
            await asyncio.sleep(0.5)  # another program's start


@needs_tools
async def test_the_hotline_in_containers_takes_a_call_and_an_appeal_and_outlives_its_database(
    engine: Engine,
) -> None:
    await make_bases(engine)
    await build(engine)
    with free_ports(2) as (http, sip):
        ports = {"HOTLINE_HTTP_PORT": str(http), "HOTLINE_SIP_PORT": str(sip)}
    demo = {"HOTLINE_DEMO": "1", "HOTLINE_UID": "1000", "HOTLINE_SUBNET": PUBLISHED_SUBNET}
    page = f"http://127.0.0.1:{http}"
    pulse = asyncio.create_task(engine.pulse())
    try:
        await engine.run("setup/compose.sh", "--no-build", "--detach", **ports, **demo)
        await until_ready(page)

        assert "відповіли" in await engine.hotline("citizen", "--keys", "1", "--seconds", "15")
        made = await engine.hotline("token", "add", "trial", "dispatcher", "--by", "nachalnyk")
        token = made.rpartition("token: ")[2].strip()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "containers-1"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{page}/api/v1/appeals", json=APPEAL) as answer,
        ):
            assert answer.status == 201, await answer.text()
            number = (await answer.json())["number"]

        await engine.run("podman", "restart", await engine.container("postgres"))
        await until_ready(page)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{page}/api/v1/appeals/{number}") as answer,
        ):
            assert answer.status == 200
        assert "відповіли" in await engine.hotline("citizen", "--keys", "1", "--seconds", "15")

        users = [await _uid(engine, service) for service in ("postgres", "asterisk", "service", "network")]
        assert users == ["1000"] * 4
    finally:
        pulse.cancel()
    await engine.run("podman-compose", "down", "--volumes", **ports, **demo)
    left = {kind: (await engine.run("podman", *words)).split() for kind, words in LISTED.items()}
    assert left == {"containers": [], "volumes": [], "networks": ["podman"]}, (
        "nothing but podman's own network"
    )


async def _uid(engine: Engine, service: str) -> str:
    return (await engine.run("podman", "exec", await engine.container(service), "id", "-u")).strip()
