"""Scores: what the answers to a form come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.quality.score_forms import ScoreForm, ScoreKind, ScoreQuestion

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
MARKS = ("1", "2", "3", "4", "5")
Answers = Mapping[str, str]
"""Question → YES, NO, NOT_APPLICABLE or one of MARKS. Questions without an answer are left out."""
_WORST, _STEPS = 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a talk came to: the percentage of what was applicable, and the critical questions it failed."""

    percent: int
    passed: bool
    failed: Sequence[str] = ()
    """Critical questions; with one of them a talk has not passed, whatever its percentage."""


def allowed_answers(question: ScoreQuestion) -> Sequence[str]:
    return (*((YES, NO) if question.kind is ScoreKind.YES_NO else MARKS), NOT_APPLICABLE)


def known_answers(form: ScoreForm, given: Mapping[str, str]) -> Answers:
    """Keep the answers that the form knows."""
    questions = form.questions
    return {code: given[code] for code in questions if given.get(code) in allowed_answers(questions[code])}


def unanswered(form: ScoreForm, answers: Answers) -> Sequence[str]:
    """List the questions without an answer, in the form's order."""
    return [code for code in form.questions if code not in answers]


def score(form: ScoreForm, answers: Answers) -> Score | None:
    """Count what was answered so far; None where nothing of it is applicable."""
    counted = [
        (question, answers[code])
        for code, question in form.questions.items()
        if answers.get(code, NOT_APPLICABLE) != NOT_APPLICABLE
    ]
    whole = sum(question.weight for question, _ in counted) * _STEPS
    if not whole:
        return None
    earned = sum(question.weight * _quarters(answer) for question, answer in counted)
    percent = (2 * 100 * earned + whole) // (2 * whole)  # to the nearest, a half upwards
    failed = [question.code for question, answer in counted if question.critical and not _quarters(answer)]
    return Score(percent=percent, passed=percent >= form.passes and not failed, failed=failed)


def _quarters(answer: str) -> int:
    """Give how many quarters of its weight an answer earns."""
    if answer in MARKS:
        return int(answer) - _WORST
    return _STEPS if answer == YES else 0
