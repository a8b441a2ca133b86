"""Numbers in files: telephones as the hotline writes them, and counts."""

from hotline.contact.numbers import e164
from hotline.intake.lines import LineFault

NO_NUMBER = "This is no whole telephone number: write it as 0457900001 or +380457900001."
NO_WHOLE_NUMBER = "Write a whole number."


def read_number(text: str, column: str) -> str:
    """Write a telephone number in E.164; raises Fault."""
    found = e164(text)
    if found is None:
        raise LineFault(column, NO_NUMBER)
    return found


def read_count(text: str, column: str, otherwise: int = 0) -> int:
    """Read a whole number; `otherwise` for an empty cell; raises Fault."""
    if text and not (text.isascii() and text.isdigit()):
        raise LineFault(column, NO_WHOLE_NUMBER)
    return int(text or otherwise)
