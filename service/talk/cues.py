"""Cues of a caller without telephony: keys, silence, speech, hanging up; typed as signs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from hotline.errors import HotlineError

KEYS = "0123456789*#"
SILENCE, SPEECH, HANG_UP = "_", "s", "x"
CUTS_IN = "!"
_WORDS = re.compile(r"[^\W\d_].|…")
_CYRILLIC = str.maketrans({"х": HANG_UP, "с": SPEECH, "Х": HANG_UP, "С": SPEECH, "X": HANG_UP, "S": SPEECH})
"""Letters of the other keyboard layout in the same place of the alphabet, and capitals."""


class NotACue(HotlineError):  # noqa: N818 - reads as what is the matter
    """A sign was typed that is neither a key nor one of the few letters."""

    code: ClassVar[str] = "not-a-cue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One thing that the caller does; `sign` is a key, SILENCE, SPEECH or HANG_UP.

    One that cuts in is done while the hotline speaks, all others when it has finished.
    """

    sign: str
    cuts_in: bool = False
    says: str = ""
    """The words that are said at SPEECH; an ear is not sure of them where `?` ends them."""

    @property
    def is_key(self) -> bool:
        return self.sign in KEYS


SILENT = Cue(sign=SILENCE)
HANGS_UP = Cue(sign=HANG_UP)


def read_cues(typed: str) -> Sequence[Cue]:
    """Read signs such as `1001#`, `!4`, `1_`, or words; nothing typed is silence. Raises NotACue: the sign.

    A line of two letters and more that are no signs, or `…`, is said aloud.
    """
    signs = "".join(typed.translate(_CYRILLIC).split())
    if _WORDS.match(signs) and not set(signs) <= {*KEYS, SILENCE, SPEECH, HANG_UP, CUTS_IN}:
        return [Cue(sign=SPEECH, says=typed.strip())]
    cues: list[Cue] = []
    cuts_in = False
    for sign in signs:
        if sign == CUTS_IN and not cuts_in:
            cuts_in = True
        elif sign in KEYS or (sign in {SILENCE, SPEECH, HANG_UP} and not (cuts_in and sign != HANG_UP)):
            cues.append(Cue(sign=sign, cuts_in=cuts_in))
            cuts_in = False
        else:
            raise NotACue("%(sign)s", sign=sign)
    if cuts_in:
        raise NotACue("%(sign)s", sign=CUTS_IN)
    return cues or [SILENT]


def written(cues: Iterable[Cue]) -> str:
    """Write them as they are typed."""
    return "".join(one.says or f"{CUTS_IN if one.cuts_in else ''}{one.sign}" for one in cues)
