"""Makes one PDF, as a program of its own: in the service it would hold memory that calls need.

python typeset.py TEMPLATE: reads a JSON object, the template's `sys.inputs.data`, and writes the PDF.
Only the fonts inside the typst package are used, so that a paper looks the same on every machine.
"""

import os
import sys
from pathlib import Path

import typst

_POLITE = 10


def typeset(template: Path, data: str) -> bytes:
    """Give the PDF (PDF/A-2b) of a template with this JSON object; raises typst.TypstError."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards="a-2b",
    )


if __name__ == "__main__":
    os.nice(_POLITE)
    sys.stdout.buffer.write(typeset(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
