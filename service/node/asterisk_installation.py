"""Finds this machine's Asterisk: its own, or the one in our private root, started by that root's loader."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hotline.errors import SettingsError

OLDEST = 20
OWN_PLACES = "/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"
_VERSION = re.compile(r"Asterisk (?:GIT-|certified/)?(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One Asterisk: how it is started, where its modules are, its music and documentation, its sounds."""

    command: tuple[str, ...]
    modules: Path
    data: Path
    sounds: Path

    def has(self, module: str) -> bool:
        return (self.modules / module).is_file()


def installation(private_root: Path) -> Installation:
    """Find the machine's own Asterisk if it is new enough, else the private root's. Raises SettingsError."""
    own = shutil.which("asterisk", path=OWN_PLACES)
    if own and major_version((own,)) >= OLDEST:
        return _found((own,), Path("/"))
    if (private_root / "usr/sbin/asterisk").is_file():
        return _found(by_loader(private_root, "usr/sbin/asterisk"), private_root)
    raise SettingsError(
        f"No Asterisk {OLDEST} or newer on this machine nor in {private_root}: run ./start once."
    )


def major_version(command: tuple[str, ...]) -> int:
    """Ask `asterisk -V`; 0 when it cannot be run or understood."""
    try:
        answer = subprocess.run(  # noqa: S603 - our own Asterisk
            [*command, "-V"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = _VERSION.search(answer.stdout)
    return int(match.group(1)) if match else 0


def _found(command: tuple[str, ...], root: Path) -> Installation:
    data = _place(root, "documentation", "usr/share/asterisk", "var/lib/asterisk")
    return Installation(
        command=command,
        modules=_place(
            root, "chan_pjsip.so", "usr/lib/*-linux-gnu*/asterisk/modules", "usr/lib/asterisk/modules"
        ),
        data=data,
        sounds=_place(data / "sounds", "beep.*", "en", "en_US*", "en*"),
    )


def _place(root: Path, holding: str, *patterns: str) -> Path:
    """Return the first folder that holds the file; links that leave a private root are ignored."""
    for pattern in patterns:
        for folder in sorted(root.glob(pattern)):
            if any(folder.glob(holding)):
                return folder
    raise SettingsError(f"Asterisk is incomplete: no {holding} in {' or '.join(patterns)} below {root}.")


def by_loader(root: Path, program: str) -> tuple[str, ...]:
    """Start a private root's program with its own libraries, without chroot and so without privileges."""
    for libraries in sorted(root.glob("usr/lib/*-linux-gnu*")):
        for loader in sorted(libraries.glob("ld-linux*.so.*")):
            path = f"{libraries}:{root / 'usr/lib'}"
            return (str(loader), "--library-path", path, str(root / program))
    raise SettingsError(f"{root} has no loader (ld-linux): remove it and run ./start to make it anew.")
