"""One talk as all pages of quality show it: its sound, its answers in sections, its remarks."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from attrs import frozen

from cti_server.calls.trials import ShownTrial, shown_trial
from cti_server.frame.language import language_of, words_of
from cti_server.quality.sources import QUALITY
from cti_server.quality.words import CONTEXT
from hotline.calls.call import Recording
from hotline.errors import NotFound
from hotline.quality.assessments import Assessment, Comment
from hotline.quality.machine_facts import Proposal
from hotline.quality.score_forms import ScoreForm, ScoreQuestion, score_form
from hotline.quality.scoring import Answers, allowed_answers, score


@frozen(kw_only=True)
class ShownQuestion:
    """One question with what can be answered, and what was; `machine`: nobody has confirmed it yet."""

    question: ScoreQuestion
    text: str
    hint: str
    choices: Sequence[str]
    answer: str
    machine: bool
    told: Proposal | None = None
    """What the machine says now."""


@frozen(kw_only=True)
class ShownSection:
    """Questions under one heading."""

    code: str
    name: str
    questions: Sequence[ShownQuestion]


def assessment_id(request: web.Request) -> int:
    return int(request.match_info["id"])


def form_of(assessment: Assessment) -> ScoreForm:
    """Give the form by which it is assessed: that in force until somebody has begun."""
    return score_form(assessment.form_version)


def sections_of(
    form: ScoreForm,
    answers: Answers,
    unconfirmed: Sequence[str],
    language: str,
    told: Mapping[str, Proposal] | None = None,
) -> Sequence[ShownSection]:
    return [
        ShownSection(
            code=code,
            name=section.name(language),
            questions=[
                ShownQuestion(
                    question=one,
                    text=one.name(language),
                    hint=one.hint(language),
                    choices=allowed_answers(one),
                    answer=answers.get(one.code, ""),
                    machine=one.code in unconfirmed,
                    told=(told or {}).get(one.code),
                )
                for one in form.of_section(code)
            ],
        )
        for code, section in form.sections.items()
    ]


async def sound_of(request: web.Request, assessment: Assessment) -> Recording | None:
    """Find the recording; None when it is deleted, or cannot be listened to."""
    if assessment.recording_id is None:
        return None
    found = await request.app[QUALITY].history.recording(assessment.recording_id)
    return found if found is not None and found.listening_file else None


async def _trial(request: web.Request, assessment: Assessment) -> ShownTrial | None:
    """Give the trial call in words; None for a talk with a citizen."""
    found = await request.app[QUALITY].trials.of_call(assessment.call_id) if assessment.call_id else None
    return shown_trial(found, language_of(request), words_of(request).gettext) if found else None


async def context_of(request: web.Request, assessment: Assessment) -> dict[str, Any]:
    """Give what each page of one talk shows."""
    sources, form = request.app[QUALITY], form_of(assessment)
    comments = await sources.assessments.comments(assessment.id)
    return {
        **CONTEXT,
        "one": assessment,
        "form": form,
        "score": score(form, assessment.answers),
        "sound": await sound_of(request, assessment),
        "comments": comments,
        "dispatchers": {one.id: one for one in await sources.dispatchers.all()},
        "groups": sections_of(form, assessment.answers, assessment.unconfirmed, language_of(request)),
        "history": await sources.assessments.history(assessment.id),
        "tried": await _trial(request, assessment),
        "now": sources.clock.now(),
    }


def comment_of(comments: Sequence[Comment], comment_id: int) -> Comment:
    """Find the remark; raises NotFound for one of another talk."""
    found = next((one for one in comments if one.id == comment_id), None)
    if found is None:
        raise NotFound(f"There is no remark {comment_id} on this talk.")
    return found
