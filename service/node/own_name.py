"""The machine's own host name, and where it can be looked up without a DNS.

For each call of a browser Asterisk looks up the name of its machine, and A.ROOT-SERVERS.NET after it
(`ast_find_ourip`). Where only a DNS knows that name, callers wait for it while the DNS is away.
"""

import socket
from itertools import takewhile
from pathlib import Path

HOSTS, ORDER = Path("/etc/hosts"), Path("/etc/nsswitch.conf")
_KNOW_IT = {"myhostname", "resolve"}
"""Sources of names (nsswitch.conf) that know it by themselves; both come with systemd."""
_DNS = "dns"


def knows_own_name(hosts: Path = HOSTS, order: Path = ORDER, name: str | None = None) -> bool:
    """Tell whether it stands in `hosts`, or a source that `order` asks before a DNS knows it anyway."""
    wanted = name or socket.gethostname()
    names = {one for line in _lines(hosts) for one in line.split()[1:]}
    sources = [one for line in _lines(order) if line.startswith("hosts:") for one in line.split()[1:]]
    before = set(takewhile(lambda one: one != _DNS, sources))
    return wanted in names or bool(before & _KNOW_IT)


def _lines(file: Path) -> list[str]:
    """Give the lines without their comments; none of a file that is not there."""
    if not file.is_file():
        return []
    return [
        line.partition("#")[0] for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
