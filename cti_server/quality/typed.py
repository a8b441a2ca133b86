"""Forms of quality as they are typed: answers, remarks at a moment, reasons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from multidict import MultiMapping

from cti_server.frame.language import N_
from hotline.foreign_text import tidied
from hotline.quality.assessments import LONGEST_COMMENT, LONGEST_REASON, Assessment, NewComment
from hotline.quality.score_forms import ScoreForm
from hotline.quality.scoring import Answers, known_answers, score, unanswered

_ANSWER, _CONFIRMED = "a-", "ok-"
_MOMENT = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:[.,](\d))?|(\d{1,5})(?:[.,](\d))?", re.ASCII)
_SIXTY = 60
NO_TEXT = N_("Write what is to be said of this moment.")
TOO_LONG = N_("Write at most %(most)s characters.")
NO_MOMENT = N_("Write the moment as minutes and seconds, such as 1:05, or leave it empty.")
BEHIND_THE_END = N_("The recording is over by then: it lasts %(length)s.")
UNANSWERED = N_("Choose an answer.")
UNCONFIRMED = N_("Confirm what the machine filled in, or choose another answer.")
NOTHING_APPLIES = N_("Nothing of the form applies to this talk: leave it out instead, and say why.")
NO_REASON = N_("Write a few words: the other side reads them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The form as it was sent. `unconfirmed`: only the machine has answered these so far."""

    answers: Answers
    unconfirmed: Sequence[str]
    conclusion: str


def read_draft(form: ScoreForm, before: Assessment, given: MultiMapping[object]) -> Draft:
    """Read the answers; one of the machine's is confirmed by a tick, or by another answer."""
    answers = known_answers(form, {code: str(given.get(_ANSWER + code, "")) for code in form.questions})
    unconfirmed = [
        code
        for code in before.unconfirmed
        if answers.get(code) == before.answers.get(code) and given.get(_CONFIRMED + code) != "yes"
    ]
    return Draft(
        answers=answers,
        unconfirmed=unconfirmed,
        conclusion=tidied(str(given.get("conclusion", "")))[:LONGEST_COMMENT],
    )


def faults_of(form: ScoreForm, draft: Draft) -> Mapping[str, str]:
    """Say what keeps the draft from being a score, by the question's code; "" for the whole form."""
    faults = dict.fromkeys(draft.unconfirmed, UNCONFIRMED)
    faults |= dict.fromkeys(unanswered(form, draft.answers), UNANSWERED)
    if not faults and score(form, draft.answers) is None:
        return {"": NOTHING_APPLIES}
    return {code: faults[code] for code in form.questions if code in faults}


def read_moment(text: str) -> float | None:
    """Read `1:05`, `1:00:05` or `65` as seconds; raises ValueError for what is no moment."""
    if not text.strip():
        return None
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds, tenths, alone, tenths_alone = found.groups()
    if alone is not None:
        return int(alone) + int(tenths_alone or 0) / 10
    return (int(hours or 0) * _SIXTY + int(minutes)) * _SIXTY + int(seconds) + int(tenths or 0) / 10


def read_comment(before: Assessment, given: MultiMapping[object]) -> NewComment | str:
    """Read a remark; a text says what is wrong with it."""
    text = tidied(str(given.get("comment", "")))
    if not text:
        return NO_TEXT
    if len(text) > LONGEST_COMMENT:
        return TOO_LONG
    try:
        moment = read_moment(str(given.get("moment", "")))
    except ValueError:
        return NO_MOMENT
    if moment is not None and moment > before.seconds + 1:
        return BEHIND_THE_END
    return NewComment(moment=moment, text=text, quotes=given.get("quotes") == "yes")


def read_reason(given: MultiMapping[object], name: str = "reason") -> str:
    """Read a reason in the writer's own words; an empty or overlong one is none."""
    text = tidied(str(given.get(name, "")))
    return text if len(text) <= LONGEST_REASON else ""
