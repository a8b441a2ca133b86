"""Podman with images of our Dockerfiles, from one base of Debian and without any registry."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.setup.test_setup import ROOT

TOOLS = ("podman", "podman-compose", "runc", "catatonit", "nft", "mmdebstrap", "apt-config")
INSIDE_UID = 1000
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
        self.apart: tuple[str, ...] = ()
        """Stands before each command: where it is to be in another network."""
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
            *(*self.apart, *command),
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

    async def container(self, service: str, project: str = "city-hotline") -> str:
        labels = {"service": service, "project": project}
        filters = [
            word
            for name, value in labels.items()
            for word in ("--filter", f"label=com.docker.compose.{name}={value}")
        ]
        return (await self.run("podman", "ps", "-a", *filters, "--format", "{{.Names}}")).strip()

    async def uid(self, container: str) -> str:
        return (await self.run("podman", "exec", container, "id", "-u")).strip()

    async def left(self) -> dict[str, list[str]]:
        """Name what there is besides images."""
        return {kind: (await self.run("podman", *words)).split() for kind, words in LISTED.items()}

    async def pulse(self) -> None:
        """Ask each container for its health, as systemd's timers would."""
        while True:
            names = (await self.run("podman", "ps", "--format", "{{.Names}}")).split()
            for name in names:
                with contextlib.suppress(AssertionError):  # not well yet, or gone meanwhile
                    await self.run("podman", "healthcheck", "run", name)
            await asyncio.sleep(1)  # the beat itself


@asynccontextmanager
async def running_engine(folder: Path) -> AsyncIterator[Engine]:
    """Give one with a copy of this tree; nothing of it is left afterwards."""
    engine = Engine(folder)
    copy_tree(engine.tree)
    try:
        yield engine
    finally:
        await engine.run("podman", "rm", "--all", "--force", "--time", "5")
        await engine.run("podman", "rmi", "--all", "--force")


def copy_tree(into: Path) -> None:
    """Copy what git has, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, into / name)


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


async def build(engine: Engine, images: Mapping[str, Sequence[str]]) -> None:
    """Build images by their names, each with what stands after `podman build`."""
    limits = ["--ulimit", "nofile=20000:20000", "--ulimit", "nproc=9000:9000", "--network", "host"]
    pip, npm = engine.folder / "pip.conf", engine.folder / "npmrc"
    pip.write_text(f"[global]\ncert = {INSIDE}\n", encoding="utf-8")
    npm.write_text(f"cafile={INSIDE}\n", encoding="utf-8")
    given = {"pip": pip, "npm": npm, "certificates": CERTIFICATES}
    secrets = [word for name, file in given.items() for word in ("--secret", f"id={name},src={file}")]
    for image, words in images.items():
        named = [*words, "--tag", f"localhost/city-hotline-{image}"]
        await engine.run(
            "podman", "build", *limits, *secrets, "--build-arg", f"UID={INSIDE_UID}", *named, "."
        )
