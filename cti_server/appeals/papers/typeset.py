"""Makes one PDF, as a program of its own: in the service it would hold memory that calls need.

`python -m cti_server.appeals.papers.typeset TEMPLATE [FONTS]` reads a JSON object, the template's
`sys.inputs.data`, and writes the PDF. Only the fonts inside the typst package are used, so that a paper looks
the same on every machine, and those in FONTS for letters that they lack. Without FONTS such letters are
written by their numbers.
"""

import json
import os
import sys
from pathlib import Path

import typst

from cti_server.appeals.papers.letters import drawn_by, is_plain, nothing, printable

_POLITE = 10


def typeset(template: Path, data: str, fonts: Path | None) -> bytes:
    """Give the PDF (PDF/A-2b) of a template with this JSON object; raises typst.TypstError."""
    read = json.loads(data)
    second = None if is_plain(read) else fonts
    letters = printable(read, nothing if second is None else drawn_by(second))
    return typst.compile(
        str(template),
        root=str(template.parent),
        ignore_system_fonts=True,
        font_paths=[] if second is None else [str(second)],
        sys_inputs={"data": json.dumps(letters)},
        pdf_standards="a-2b",
    )


if __name__ == "__main__":
    os.nice(_POLITE)
    given = [Path(one) for one in sys.argv[1:]]
    sys.stdout.buffer.write(typeset(given[0], sys.stdin.read(), next(iter(given[1:]), None)))
