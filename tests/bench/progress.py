"""Progress of a benchmark while it works: on the error stream, so that `--json` stays one object."""

import sys


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
