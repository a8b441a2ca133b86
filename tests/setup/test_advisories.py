"""The locked packages are looked up in a database of advisories, where one answers."""

import importlib.util
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("advisories", ROOT / "setup" / "advisories.py")
assert _SPEC is not None
assert _SPEC.loader is not None
advisories = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(advisories)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "setup").mkdir()
    (tmp_path / "requirements.txt").write_text(
        "aiohttp==3.14.5 \\\n    --hash=sha256:00\nPillow==13.0.0 ; x\n"
    )
    lock = {
        "packages": {
            "": {"version": "1"},
            "node_modules/a/node_modules/@b/c": {"version": "2.0.0"},
            "node_modules/d": {"name": "@b/c", "version": "2.0.0"},
        }
    }
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    return tmp_path


@contextmanager
def database(flaws: Mapping[str, str], *, broken: bool = False) -> Iterator[str]:
    """A database of advisories that knows these: package → id."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            found: list[Any] = [
                {"vulns": [{"id": flaws[one["package"]["name"]]}]} if one["package"]["name"] in flaws else {}
                for one in asked
            ]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>" if broken else json.dumps({"results": found}).encode())

        def log_message(self, *_said: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_every_locked_package_is_asked_about() -> None:
    packages = advisories.locked(ROOT)
    assert {("PyPI", "aiohttp"), ("npm", "jssip"), ("PyPI", "pytest")} <= {one[:2] for one in packages}
    assert all(version for _, _, version in packages)


def test_a_flaw_that_nobody_has_judged_fails_and_a_judged_one_does_not(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database({}) as clean:
        assert advisories.main(root, clean) == 0
    with database({"@b/c": "GHSA-1", "pillow": "PYSEC-2"}) as known:
        assert advisories.main(root, known) == 1
        assert "npm @b/c 2.0.0: GHSA-1" in capsys.readouterr().out
        (root / "setup" / "advisories.txt").write_text(
            "# looked at\nGHSA-1 we never call it\nPYSEC-2 not shipped\n"
        )
        assert advisories.main(root, known) == 0


def test_without_a_database_the_check_says_so_and_does_not_fail(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database({}, broken=True) as broken:
        assert advisories.main(root, broken) == 0
    assert advisories.main(root, "http://127.0.0.1:1/") == 0
    assert capsys.readouterr().out.count("No database of advisories is at hand: 3 locked packages") == 2
