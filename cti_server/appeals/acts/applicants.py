"""The applicant's word, taken down by a user, with the call or the letter that it came by."""

from collections.abc import Container

from cti_server.appeals.acts.inputs import LONGEST_LINE
from cti_server.appeals.acts.reading import CHOOSE, TOO_LONG, Sent, first
from cti_server.frame.language import N_
from hotline.access.users import User
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import Actor, applicant
from hotline.foreign_text import tidied

LETTER = "letter"
"""The source that is no call: which letter is written beside it."""
_WHICH_LETTER = N_("Say which letter: its date and number.")


def word_of_applicant(sent: Sent, user: User, offered: Container[str]) -> Actor:
    """Give the applicant, whose word came by one of the sources `offered`; raises ActFault."""
    source, letter = tidied(first(sent, "source")), tidied(first(sent, "letter"))
    if source not in offered:
        raise ActFault("source", CHOOSE)
    if source != LETTER:
        return applicant(source, taken_down_by=user)
    if not letter or len(letter) > LONGEST_LINE:
        raise ActFault("letter", TOO_LONG if letter else _WHICH_LETTER, most=LONGEST_LINE)
    return applicant(f"{LETTER}:{letter}", taken_down_by=user)
