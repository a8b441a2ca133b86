"""Machines of a test that systemd begins: Debian in a folder, with its own processes, network and mounts.

Each has the base below it and writes into a layer of its own; it reaches nothing but by cables laid for it.
"""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from service.settings.telephony import LOOPBACK
from tests.setup.test_setup import ROOT
from tests.system.containers import copy_tree

TOOLS = ("mmdebstrap", "unshare", "nsenter", "ip", "apt-config")
PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates,iproute2,postgresql"
"""More than the least Debian: what begins the machine, its cable, and the database, which towns bring."""
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""This machine's: its network may have some of its own."""
TRUSTING = dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), CERTIFICATES)
SYSTEMD = "/usr/lib/systemd/systemd"
OURS = "/opt/city-hotline"
PROMPTS = "var/lib/hotline/prompts"
SPOKEN = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "city-hotline" / "prompts"
"""Read aloud by machines of earlier runs: the name of a file holds what it says, and by which voice."""
SPOKEN_SECONDS = 30 * 86400
"""After that it is spoken anew."""
_SPOKEN_NAME = re.compile(r"-[0-9a-f]{12}\.(alaw|sln16)$")
CGROUPS = next(one for one in map(Path, ("/sys/fs/cgroup/unified", "/sys/fs/cgroup")) if one.is_dir())
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 300
_BASE = r"""
    source setup/common.sh; source setup/packages.sh; source setup/asterisk.sh
    mapfile -t options < <(apt_network_options)
    unshare --mount --propagation private mmdebstrap --variant=minbase --components=main,contrib,non-free \
        --include="$PACKAGES" "${options[@]}" trixie "$BASE" "$(debian_mirror)"
"""
_SET_UP = r"""
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/run"
    cp /etc/resolv.conf "$1/etc/"
    exec chroot "$1" /bin/bash -euxc "$2"
"""
_BEGIN = r"""
    echo $$ >"$2/cgroup.procs"
    exec unshare --cgroup --mount --propagation private --net --uts --ipc --pid --fork --kill-child \
        /bin/bash -euc "$3" begin "$1"
"""
_FIRST = r"""
    mount --rbind "$1" "$1"
    cd "$1"
    mount -t proc proc proc
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs dev
    mkdir dev/pts dev/shm
    for one in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do
        mknod -m 666 "dev/${one% *}" c 1 "${one#* }"
    done
    mknod -m 666 dev/tty c 5 0
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    for one in "fd fd" "stdin fd/0" "stdout fd/1" "stderr fd/2"; do
        ln -s "/proc/self/${one#* }" "dev/${one% *}"
    done
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=1777 tmpfs tmp
    pivot_root . mnt
    begin="exec env -i container=test PATH=/usr/sbin:/usr/bin $SYSTEMD"
    exec chroot . /bin/sh -c "umount --lazy /mnt && $begin"
"""
"""What becomes the machine's first process; all that is the whole computer's own it can read at most."""


def steps(name: str) -> str:
    """Give the lines of docs/operations.md that stand below this mark."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- steps: {re.escape(name)} -->\n *```\w+\n(.*?)\n *```", page, re.DOTALL)
    assert found is not None, name
    return textwrap.dedent(found[1])


async def _run(*command: str, **more: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            **more,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    text = said.decode(errors="replace")
    assert process.returncode == 0, f"{command[-1]}: {process.returncode}\n{text[-6000:]}"
    return text


async def set_up(root: Path, script: str) -> str:
    """Do this in a machine's tree before it is begun, with the network of this computer; what it said."""
    apart = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child")
    return await _run(*apart, "/bin/bash", "-euc", _SET_UP, "set-up", str(root), script, **TRUSTING)


async def make_base(folder: Path) -> Path:
    """Make the Debian that all machines of a test begin from, with this tree in its place."""
    base = folder / "base"
    await _run(
        *("bash", "-euo", "pipefail", "-c", _BASE),
        HOTLINE_VAR=str(folder / "var"), BASE=str(base), PACKAGES=PACKAGES,
    )  # fmt: skip
    (base / "mnt").mkdir(exist_ok=True)
    shutil.copy(CERTIFICATES, base / CERTIFICATES.removeprefix("/"))
    (base / "etc/hosts").write_text("127.0.0.1 localhost\n", encoding="utf-8")
    policy = base / "usr/sbin/policy-rc.d"  # nothing begins while it is only a folder
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    policy.chmod(0o755)
    copy_tree(base / OURS[1:])
    return base


def lay_spoken(base: Path) -> None:
    """Give a machine that is not set up yet what was read aloud before: it is half of its set-up."""
    prompts = base / PROMPTS
    prompts.mkdir(mode=0o700, parents=True)
    old = time.time() - SPOKEN_SECONDS
    for file in _by_content(SPOKEN):
        if file.stat().st_mtime < old:
            file.unlink()
        else:
            shutil.copy(file, prompts)


def keep_spoken(base: Path) -> None:
    """Keep what the set-up has read aloud for the next run."""
    SPOKEN.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in _by_content(base / PROMPTS):
        if not (SPOKEN / file.name).exists():
            fresh = SPOKEN / "fresh"
            shutil.copy(file, fresh)
            fresh.rename(SPOKEN / file.name)


def _by_content(folder: Path) -> Sequence[Path]:
    """List files whose names tell all that is in them; of a phrase the one last by which it is found."""
    return sorted((one for one in folder.glob("*") if _SPOKEN_NAME.search(one.name)), reverse=True)


@dataclass(kw_only=True)
class Booted:
    """A machine: `root` is its whole tree, while `lay` holds."""

    name: str
    base: Path
    folder: Path
    first: int = 0
    """The number of its first process, as this computer counts; 0: it has no power."""
    _process: asyncio.subprocess.Process | None = None

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def cgroup(self) -> Path:
        return CGROUPS / f"hotline-test-{os.getpid()}-{self.name}"

    async def lay(self) -> None:
        """Lay its own layer over the base."""
        upper, work = self.folder / "upper", self.folder / "work"
        for one in (upper, work, self.root):
            one.mkdir(parents=True)
        layers = f"lowerdir={self.base},upperdir={upper},workdir={work}"
        await _run("mount", "-t", "overlay", "-o", layers, "overlay", str(self.root))
        # Else systemd would take it for one that is begun for the first time, and enable what was disabled.
        self.put("/etc/machine-id", f"{uuid4().hex}\n")
        self.put("/etc/hostname", f"{self.name}\n")
        self.put("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n")  # as Debian's installer does

    async def share(self, path: str, other: "Booted") -> None:
        """Have a folder of another machine in the place of its own, as by NFS."""
        below = path.removeprefix("/")
        await _run("mount", "--bind", str(other.root / below), str(self.root / below))

    def put(self, path: str, text: str) -> None:
        file = self.root / path.removeprefix("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    async def begin(self) -> None:
        """Give it power, and wait until systemd has begun all that begins by itself."""
        self.cgroup.mkdir()
        with (self.folder / "console").open("ab") as console:
            self._process = await asyncio.create_subprocess_exec(
                *("/bin/bash", "-euc", _BEGIN, "begin", str(self.root), str(self.cgroup), _FIRST),
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD": SYSTEMD},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=asyncio.subprocess.STDOUT,
            )
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (born := children.read_text(encoding="ascii").split()):
                await asyncio.sleep(LOOK_SECONDS)
            self.first = int(born[0])
            while Path(f"/proc/{self.first}/exe").readlink().name != "systemd":
                await asyncio.sleep(LOOK_SECONDS)
            while not (self.root_of_first / "run/systemd/private").exists():
                await asyncio.sleep(LOOK_SECONDS)
        await self.run("systemctl is-system-running --wait || true")

    @property
    def root_of_first(self) -> Path:
        """What its first process sees as `/`."""
        return Path(f"/proc/{self.first}/root")

    async def run(self, script: str, **environ: str) -> str:
        """Have root run this on it; what it said."""
        return await _run(*self.inside, "/bin/bash", "-euo", "pipefail", "-c", script, **environ)

    @property
    def inside(self) -> tuple[str, ...]:
        """What stands before a command that runs on it."""
        return ("nsenter", "--target", str(self.first), *["-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"])

    async def until(self, script: str) -> str:
        """Wait until this ends well; what it said."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    with contextlib.suppress(AssertionError):
                        return await self.run(script)
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError as late:
            log = await self.run("systemctl --no-pager --failed; journalctl --no-pager -n 60")
            raise AssertionError(f"{self.name} never did: {script}\n{log}") from late

    async def until_ready(self, host: str = LOOPBACK) -> None:
        """Wait until its pages say that calls are served."""
        await self.until(
            f'{OURS}/.venv/bin/python -c "import urllib.request as r;'
            f" r.urlopen('http://{host}:8080/health/ready', timeout=4)\""
        )

    async def lose_power(self) -> None:
        """End all of it at once."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first or self._process.pid, signal.SIGKILL)
        await self._process.wait()
        self._process, self.first = None, 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._cgroup_is_gone():
                await asyncio.sleep(LOOK_SECONDS)

    def _cgroup_is_gone(self) -> bool:
        with contextlib.suppress(OSError):  # processes that were killed are still leaving it
            for one in sorted(self.cgroup.rglob("*/"), reverse=True):
                one.rmdir()
            self.cgroup.rmdir()
        return not self.cgroup.exists()

    async def remove(self) -> None:
        """End it, and take its layer off."""
        await self.lose_power()
        if os.path.ismount(self.root):
            await _run("umount", "--recursive", str(self.root))
