# ruff: noqa: INP001, T201 - a script, not a package
"""Asks a database of advisories (OSV) about every locked package, in one request.

`python setup/advisories.py` ends with 1 when a package that we ship or check with has a known flaw which
`setup/advisories.txt` does not judge. Where no database answers within some seconds it says so, and ends with
0: a check does not fail for lack of a network.
"""

import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

DATABASE = "https://api.osv.dev/v1/querybatch"
SECONDS = 8.0
ROOT = Path(__file__).resolve().parent.parent
LOCKS = (
    "requirements.txt",
    "requirements-speech.txt",
    "requirements-dev.txt",
    "requirements-check.txt",
    "setup/uv.txt",
)
Package = tuple[str, str, str]
"""Ecosystem, name, version."""


class OutOfReach(Exception):  # noqa: N818 - reads as what happened
    """No database of advisories answers."""


def locked(root: Path) -> Sequence[Package]:
    """List what the locks of Python and of the pages' scripts name, each once."""
    return sorted({*_of_python(root), *_of_scripts(root)})


def known_flaws(
    packages: Sequence[Package], database: str, seconds: float = SECONDS
) -> Mapping[Package, list[str]]:
    """Ask about all packages at once; those with advisories, and their ids. Raises OutOfReach."""
    queries = [
        {"package": {"ecosystem": system, "name": name}, "version": version}
        for system, name, version in packages
    ]
    request = urllib.request.Request(  # noqa: S310 - the address is ours
        database, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            results = json.loads(answer.read())["results"]
        return {
            package: [one["id"] for one in found["vulns"]]
            for package, found in zip(packages, results, strict=True)
            if found.get("vulns")
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutOfReach(str(error)) from error


def judged(file: Path) -> frozenset[str]:
    """Read the ids that somebody looked at: one a line, then the reason why it does not concern us."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return frozenset(line.split()[0] for line in lines if line.strip() and not line.startswith("#"))


def main(root: Path = ROOT, database: str | None = None) -> int:
    packages = locked(root)
    try:
        flaws = known_flaws(packages, database or os.environ.get("HOTLINE_ADVISORIES", DATABASE))
    except OutOfReach as error:
        print("No database of advisories is at hand:", end=" ")
        print(f"{len(packages)} locked packages were not looked up ({error}).")
        return 0
    known = judged(root / "setup" / "advisories.txt")
    open_ = {package: sorted(set(ids) - known) for package, ids in flaws.items() if set(ids) - known}
    for (system, name, version), ids in open_.items():
        print(f"{system} {name} {version}: {', '.join(ids)}")
    print(f"{len(packages)} locked packages, {len(open_)} with advisories that nobody has judged.")
    return 1 if open_ else 0


def _of_python(root: Path) -> Iterator[Package]:
    for lock in LOCKS:
        if (root / lock).exists():
            for name, version in re.findall(
                r"^([\w.-]+)==([^\s;\\]+)", (root / lock).read_text("utf-8"), re.MULTILINE
            ):
                yield "PyPI", name.lower(), version


def _of_scripts(root: Path) -> Iterator[Package]:
    for path, one in json.loads((root / "package-lock.json").read_text("utf-8"))["packages"].items():
        if path and "version" in one:
            yield "npm", one.get("name") or path.rpartition("node_modules/")[2], one["version"]


if __name__ == "__main__":
    sys.exit(main())
