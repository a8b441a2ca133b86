"""Prompts that were read aloud once are laid out for each hotline of the tests, side by side."""

from pathlib import Path
from threading import Event, Thread

from tests.system.spoken import _lay

TIMES = 3000


def test_a_prompt_that_another_worker_replaces_is_laid_out_all_the_same(tmp_path: Path) -> None:
    kept, over = tmp_path / "kept.alaw", Event()
    kept.write_bytes(b"sound")

    def replace() -> None:
        while not over.is_set():
            copy = tmp_path / "copy.alaw"
            copy.write_bytes(b"sound")
            copy.replace(kept)

    replacing = Thread(target=replace)
    replacing.start()
    try:
        for number in range(TIMES):
            target = tmp_path / f"{number}.alaw"
            _lay(kept, target)
            assert target.read_bytes() == b"sound"
    finally:
        over.set()
        replacing.join()
