# ruff: noqa: INP001, T201 - a script, not a package
"""Writes the bill of materials (CycloneDX 1.6, JSON) of what the locks of Python and of npm name.

`python setup/sbom.py FILE`: what runs is `required`, what a city may add (`requirements-speech.txt`) is
`optional`, and what only builds or checks `excluded`. The same locks give the same file. Of Debian
nothing is in it.
"""

import base64
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
LOCKS: Mapping[str, str] = {
    "requirements-check.txt": "excluded",
    "requirements-dev.txt": "excluded",
    "requirements-speech.txt": "optional",
    "requirements.txt": "required",
    "setup/uv.txt": "excluded",
}
"""Those that say more stand later."""
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
Component = dict[str, Any]


def bill(root: Path) -> dict[str, Any]:
    """Make the bill of what the locks in this folder name."""
    components = {one["purl"]: one for one in (*_of_python(root), *_of_scripts(root))}
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [components[purl] for purl in sorted(components)]
    about = {"type": "application", "name": project["name"], "version": project["version"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([about, listed]))}",
        "version": 1,
        "metadata": {"component": {"bom-ref": project["name"], **about}},
        "components": listed,
    }


def main(target: str) -> None:
    made = bill(ROOT)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(made['components'])} packages are in {target}.")


def _of_python(root: Path) -> Iterator[Component]:
    for lock, scope in LOCKS.items():
        for name, version, rest in _PINNED.findall((root / lock).read_text("utf-8")):
            hashes = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", rest))
            yield _component("pypi", name.lower(), version, scope, {"SHA-256": hashes})


def _of_scripts(root: Path) -> Iterator[Component]:
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    for path, one in sorted(packages.items(), key=lambda item: not item[1].get("dev")):  # what runs says more
        if path and "version" in one:
            name = one.get("name") or path.rpartition("node_modules/")[2]  # where it stands for another
            kind, _, written = one["integrity"].partition("-")
            assert kind == "sha512", f"{name}: {kind}"  # noqa: S101 - of a lock that npm writes
            scope = "excluded" if one.get("dev") else "required"
            hashes = {"SHA-512": [base64.b64decode(written).hex()]}
            made = _component("npm", name, one["version"], scope, hashes)
            yield made | ({"licenses": [_license(one["license"])]} if "license" in one else {})


def _license(said: str) -> dict[str, Any]:
    """Tell it as an expression of SPDX, but for a name that is none."""
    return {"license": {"name": said}} if said == "BSD" else {"expression": said}


def _component(kind: str, name: str, version: str, scope: str, hashes: Mapping[str, list[str]]) -> Component:
    purl = f"pkg:{kind}/{quote(name, safe='/')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": purl,
        "hashes": [{"alg": by, "content": one} for by, them in hashes.items() for one in them],
    }


if __name__ == "__main__":
    main(sys.argv[1])
