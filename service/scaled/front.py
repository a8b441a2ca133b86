"""nginx before several processes of pages on one machine: renders setup/front/ and says how to start it."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from hotline.errors import SettingsError
from service.node.asterisk_installation import OWN_PLACES
from service.node.templates import filled, write_private
from service.settings.settings import Settings

TEMPLATE = Path(__file__).resolve().parents[2] / "setup" / "front" / "nginx.conf"
LEFT_OUT = "max_fails=1 fail_timeout=2s"


def prepare(settings: Settings, pages: Sequence[int]) -> None:
    """Write its configuration; `pages` are the ports of the processes behind it, on this machine."""
    folder, host = settings.folders.front, settings.http_host
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = {
        "FOLDER": str(folder),
        "USER": "user root;"
        if os.geteuid() == 0
        else "",  # who has begun it: nobody else may enter the folder
        "PAGES": "\n        ".join(f"server 127.0.0.1:{port} {LEFT_OUT};" for port in pages),
        "LISTEN": f"{f'[{host}]' if ':' in host else host}:{settings.http_port}",
    }
    write_private(folder / TEMPLATE.name, filled(TEMPLATE.read_text(encoding="utf-8"), values))


def program(settings: Settings) -> Sequence[str]:
    """Give the command line that runs the prepared nginx in the foreground. Raises SettingsError."""
    nginx = shutil.which("nginx", path=OWN_PLACES)
    if nginx is None:
        raise SettingsError("No nginx on this machine: install it, or run ./start --scaled once.")
    folder = settings.folders.front
    return (nginx, "-e", "stderr", "-p", f"{folder}/", "-c", str(folder / TEMPLATE.name))
