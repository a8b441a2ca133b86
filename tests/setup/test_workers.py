"""The workers of a session of tests (`-n 8`): each test runs in one; one that dies is told of."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALL_PASSED, SOME_FAILED, STOPPED = 0, 1, 2


def _run(folder: Path, *more: str, **files: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text('pytest_plugins = ("tests.workers",)\n')
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    alone = ("-c", os.devnull, "--rootdir", str(folder))
    surroundings = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": f"{ROOT}:{folder}",
        "FOLDER": str(folder),
    }
    return subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", "-n2", *alone, str(folder), *more],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_collected_once_is_run_once_in_folders_of_each_worker(tmp_path: Path) -> None:
    text = """
import os
import pytest

FOLDER = os.environ["FOLDER"]

def say(what):
    with open(FOLDER + "/said", "a") as file:
        file.write(what + "\\n")

say("collected")

@pytest.fixture(scope="module", autouse=True)
def opened():
    say("opened")
    yield
    say("closed")

@pytest.mark.parametrize("number", range(3))
def test_one(number, tmp_path, capfd):
    say(f"run {tmp_path}")
    os.system("echo heard")
    assert capfd.readouterr().out == "heard\\n"
"""
    ended = _run(tmp_path, here=text, there=text)
    said = (tmp_path / "said").read_text().splitlines()
    assert ended.returncode == ALL_PASSED, ended.stdout
    assert "6 passed" in ended.stdout
    assert (said.count("collected"), said.count("opened"), said.count("closed")) == (2, 2, 2)
    assert len({one for one in said if one.startswith("run")}) == 6


def test_however_many_wait_one_that_computes_is_begun_beside_them(tmp_path: Path) -> None:
    text = """
import time

def test_it(pytestconfig):
    until = time.monotonic() + 30
    while not (pytestconfig.rootpath / "computed").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
"""
    (tmp_path / "system").mkdir()
    for name in "abc":
        (tmp_path / "system" / f"test_{name}.py").write_text(text)
    ended = _run(tmp_path, z="def test_it(pytestconfig): (pytestconfig.rootpath / 'computed').touch()")
    assert ended.returncode == ALL_PASSED, ended.stdout
    assert "4 passed" in ended.stdout


def test_what_fails_in_a_worker_is_shown_and_the_rest_has_run(tmp_path: Path) -> None:
    ended = _run(
        tmp_path,
        fails="def test_it(): print('a hint'); assert 1 + 1 == 3",
        breaks="import pytest\n@pytest.fixture\ndef no(): raise OSError('no room')\ndef test_it(no): pass",
        passes="def test_it(): pass",
    )
    assert ended.returncode == SOME_FAILED
    assert "1 failed, 1 passed, 1 error" in ended.stdout
    assert all(shown in ended.stdout for shown in ("assert (1 + 1) == 3", "a hint", "OSError: no room"))


def test_a_worker_that_dies_fails_its_test_and_another_does_what_it_left(tmp_path: Path) -> None:
    text = "import os\ndef test_dies(): os.abort()\ndef test_after(): pass"
    ended = _run(tmp_path, dies=text, passes="def test_it(): pass")
    assert ended.returncode == SOME_FAILED
    assert "1 failed, 2 passed" in ended.stdout
    assert "test_dies.py::test_dies" in ended.stdout


def test_after_a_second_death_the_session_is_no_success_and_says_what_did_not_run(tmp_path: Path) -> None:
    text = "import os\ndef test_dies(): os.abort()\ndef test_dies_too(): os.abort()\ndef test_after(): pass"
    ended = _run(tmp_path, dies=text)
    assert ended.returncode == STOPPED
    assert "test_dies.py::test_after" in ended.stdout


def test_an_interrupted_session_begins_nothing_more_and_its_workers_close_what_they_opened(
    tmp_path: Path,
) -> None:
    told = """
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)  # begun in the background, it is ignored
FOLDER = Path(os.environ["FOLDER"])
SESSION = os.getpid()
tell = Event.set

def tell_and_note(self):
    tell(self)
    (FOLDER / "told").touch()

def pytest_runtest_logstart():
    if os.getpid() == SESSION:
        (FOLDER / "heard").touch()

Event.set = tell_and_note
"""
    text = """
import os
import pytest
import signal
import time
from pathlib import Path

FOLDER = Path(os.environ["FOLDER"])

@pytest.fixture(scope="module")
def opened():
    yield
    (FOLDER / "closed").touch()

def until(name):
    while not (FOLDER / name).exists():
        time.sleep(0.01)

def test_one(opened):
    until("heard")
    os.kill(os.getppid(), signal.SIGINT)
    until("told")

def test_two(opened):
    (FOLDER / "begun").touch()
"""
    (tmp_path / "told.py").write_text(told)
    ended = _run(tmp_path, "-p", "told", here=text)
    assert ended.returncode == STOPPED
    assert (tmp_path / "closed").exists()
    assert not (tmp_path / "begun").exists()
