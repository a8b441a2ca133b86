"""The bill of materials names every locked package, and what it is there for."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "setup" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    made: dict[str, Any] = _script("sbom").bill(ROOT)
    return made


def test_every_locked_package_is_in_it_once_with_its_digests(bill: dict[str, Any]) -> None:
    systems = {"pypi": "PyPI", "npm": "npm"}
    listed = [
        (systems[one["purl"][4:].partition("/")[0]], one["name"], one["version"])
        for one in bill["components"]
    ]
    assert sorted(listed) == sorted(set(listed)) == _script("advisories").locked(ROOT)
    assert all(one["hashes"] for one in bill["components"])


def test_it_tells_what_runs_from_what_may_be_added_and_what_only_checks(bill: dict[str, Any]) -> None:
    scopes = {one["name"]: one["scope"] for one in bill["components"]}
    assert (scopes["aiohttp"], scopes["vosk"], scopes["pytest"]) == ("required", "optional", "excluded")
    assert (scopes["ms"], scopes["open311"]) == ("required", "excluded"), "though it stands for others too"


def test_the_same_locks_give_the_same_bill(bill: dict[str, Any]) -> None:
    assert _script("sbom").bill(ROOT) == bill
