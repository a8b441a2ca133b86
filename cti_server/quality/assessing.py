"""A talk is assessed: taken, its form filled in beside the player, with remarks, finished or left out."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import hdrs, web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.words import clock_length
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import PAGES, render
from cti_server.keys import USER
from cti_server.quality.listing import names_of
from cti_server.quality.sources import QUALITY
from cti_server.quality.talk import assessment_id, comment_of, context_of, form_of, sections_of
from cti_server.quality.typed import (
    NO_REASON,
    NO_TEXT,
    Draft,
    faults_of,
    read_comment,
    read_draft,
    read_reason,
)
from hotline.access.permissions import Permission
from hotline.quality.assessment_states import AssessmentState
from hotline.quality.assessments import LONGEST_COMMENT, MOST_COMMENTS, Assessment, refuse_own
from hotline.quality.machine_facts import SpokenWord, TalkStory, proposals
from hotline.quality.score_forms import score_form
from hotline.quality.scoring import score
from hotline.speech.transcripts import Speaker

_ENOUGH = N_("There are 200 remarks already: that is enough for one talk.")


@allowed(Permission.ASSESS_TALKS)
async def page(request: web.Request) -> web.Response:
    """The talk: to be taken, in one's hands, or with its score."""
    one = await request.app[QUALITY].assessments.get(assessment_id(request))
    await audit(request, Action.VIEW, f"assessment:{one.id}", f"call:{one.call_id}" if one.call_id else "")
    return await show(request, one)


@allowed(Permission.ASSESS_TALKS)
async def take(request: web.Request) -> web.Response:
    """Begin, with what the machine can tell filled in; or go on with a draft."""
    sources, user = request.app[QUALITY], request[USER]
    one = await sources.assessments.get(assessment_id(request))
    refuse_own(one, user)
    form, story = score_form(), await _story(request, one)
    told = {code: proposal.answer for code, proposal in proposals(form, story).items()}
    await sources.assessments.claim(
        one.id, user.id, sources.clock.now(), form_version=form.version, proposed=told
    )
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "taken")
    return web.Response(status=303, headers={"Location": _path(one)})


@allowed(Permission.ASSESS_TALKS)
async def give_back(request: web.Request) -> web.Response:
    """Leave it to others; the draft stays with it."""
    one, _ = await _saved(request)
    await request.app[QUALITY].assessments.release(one.id, request[USER].id)
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "given back")
    return noted_at("/quality", Noted.TALK_GIVEN_BACK)


@allowed(Permission.ASSESS_TALKS)
async def save(request: web.Request) -> web.Response:
    """Keep the draft. The page itself asks for JSON: when it was saved, and what it comes to so far."""
    one, _ = await _saved(request)
    if "json" not in request.headers.get(hdrs.ACCEPT, ""):
        return noted_at(_path(one), Noted.DRAFT_SAVED)
    found = score(form_of(one), one.answers)
    at = request.app[PAGES].local(request.app[QUALITY].clock.now(), "%H:%M:%S")
    return web.json_response({"saved": at, "percent": found.percent if found else None})


@allowed(Permission.ASSESS_TALKS)
async def comment(request: web.Request) -> web.Response:
    """Add a remark at a moment of the recording; what else was typed is saved as well."""
    one, _ = await _saved(request)
    sources, given = request.app[QUALITY], await request.post()
    new = read_comment(one, given)
    if not isinstance(new, str) and len(await sources.assessments.comments(one.id)) >= MOST_COMMENTS:
        new = _ENOUGH
    if isinstance(new, str):
        typed = {name: str(given.get(name, "")) for name in ("moment", "comment", "quotes")}
        said = words_of(request).gettext(new)
        error = (
            said % {"most": LONGEST_COMMENT, "length": clock_length(one.seconds)} if "%(" in said else said
        )
        field = "comment" if new in {NO_TEXT, _ENOUGH} or "%(most" in new else "moment"
        return await show(request, one, status=422, typed=typed, comment_error={field: error})
    await sources.assessments.add_comment(one.id, request[USER].id, sources.clock.now(), new)
    await audit(request, Action.ADD, f"assessment:{one.id}", "remark")
    return web.Response(status=303, headers={"Location": f"{_path(one)}#remarks"})


@allowed(Permission.ASSESS_TALKS)
async def remove_comment(request: web.Request) -> web.Response:
    """Take one's remark away; what else was typed is saved as well."""
    one, _ = await _saved(request)
    sources = request.app[QUALITY]
    this = comment_of(await sources.assessments.comments(one.id), int(request.match_info["comment"]))
    await sources.assessments.remove_comment(one.id, this.id, request[USER].id, sources.clock.now())
    await audit(request, Action.REMOVE, f"assessment:{one.id}", "remark removed")
    return web.Response(status=303, headers={"Location": f"{_path(one)}#remarks"})


@allowed(Permission.ASSESS_TALKS)
async def finish(request: web.Request) -> web.Response:
    """Make it the score; what is missing is named, and the draft is kept."""
    one, draft = await _saved(request)
    sources, form = request.app[QUALITY], form_of(one)
    faults, found = faults_of(form, draft), score(form, draft.answers)
    if faults or found is None:
        return await show(request, one, status=422, faults=faults)
    await sources.assessments.finish(one.id, request[USER].id, sources.clock.now(), found)
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "finished")
    return noted_at(_path(one), Noted.ASSESSED)


@allowed(Permission.ASSESS_TALKS)
async def skip(request: web.Request) -> web.Response:
    """Leave the talk out of the scores, with a reason."""
    sources, reason = request.app[QUALITY], read_reason(await request.post())
    one = await sources.assessments.get(assessment_id(request))
    refuse_own(one, request[USER])
    if not reason:
        error = words_of(request).gettext(NO_REASON)
        return await show(request, one, status=422, skip_error=error)
    await sources.assessments.skip(one.id, request[USER].id, sources.clock.now(), reason)
    await audit(request, Action.CHANGE, f"assessment:{one.id}", "skipped")
    return noted_at("/quality", Noted.TALK_SKIPPED)


async def show(
    request: web.Request,
    one: Assessment,
    *,
    status: int = 200,
    faults: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    comment_error: Mapping[str, str] | None = None,
    skip_error: str = "",
    decision_error: str = "",
) -> web.Response:
    """Show the page of one talk."""
    user, now = request[USER], request.app[QUALITY].clock.now()
    story, shown = await _story(request, one), await context_of(request, one)
    open_ = one.state is AssessmentState.TO_ASSESS
    mine = open_ and one.claimed_by == user.id
    told = proposals(shown["form"], story)
    shown["groups"] = sections_of(shown["form"], one.answers, one.unconfirmed, language_of(request), told)
    gettext = words_of(request).gettext
    return render(
        request,
        "quality/talk.html.jinja2",
        status=status,
        **shown,
        story=story,
        mine=mine,
        own_talk=user.dispatcher_id is not None and user.dispatcher_id == one.dispatcher_id,
        taken=open_ and one.held_by_another(user.id, now),
        newer_form=open_ and one.form_version is not None and score_form().version != one.form_version,
        faults={code: gettext(text) for code, text in (faults or {}).items()},
        typed=typed or {"moment": "", "comment": "", "quotes": "yes"},
        comment_error=comment_error or {},
        skip_error=skip_error,
        decision_error=decision_error,
        names=await names_of(request),
        longest=LONGEST_COMMENT,
    )


async def _story(request: web.Request, one: Assessment) -> TalkStory:
    """Read what is on record of the talk, with what was written down of it; nothing once its term is over."""
    if one.call_id is None or one.recording_id is None:
        return TalkStory()
    sources = request.app[QUALITY]
    sides = (await sources.transcripts.of_talks([one.recording_id])).get(one.recording_id, ())
    words = [
        SpokenWord(text=word.text, at=word.begins, by_dispatcher=side.speaker is Speaker.DISPATCHER)
        for side in sides
        for word in side.words
    ]
    story = await sources.stories.story(one.call_id)
    return replace(story, words=sorted(words, key=lambda word: word.at) if sides else None)


async def _saved(request: web.Request) -> tuple[Assessment, Draft]:
    """Keep what was sent as the draft, whichever button sent it."""
    sources, user = request.app[QUALITY], request[USER]
    before = await sources.assessments.get(assessment_id(request))
    refuse_own(before, user)
    draft = read_draft(form_of(before), before, await request.post())
    after = await sources.assessments.save(
        before.id,
        user.id,
        sources.clock.now(),
        answers=draft.answers,
        unconfirmed=draft.unconfirmed,
        conclusion=draft.conclusion,
    )
    return after, draft


def _path(one: Assessment) -> str:
    return f"/quality/{one.id}"
