"""The rules of the sweep, as one table: which rows are too old, what goes with them, and what holds them."""

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    select,
    text,
)

from hotline.appeals.appeal import ENDED
from hotline.calls.call import TRIAL_PREFIX, Step
from hotline.chats.chat_states import ChatState
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.job_states import JobState
from hotline.informing.order_states import OrderState
from hotline.informing.orders import MATTER
from hotline.line.scheduled_states import ScheduledState
from hotline.retention.terms import Kind
from storage.dialling.job_rows import in_state
from storage.retention.rule import Noted, Part, Rule, by_appeal, by_call, by_citizen, by_number, in_no_row
from storage.tables import (
    Moment,
    appeal_chats,
    appeal_files,
    appeal_forms,
    appeal_history,
    appeal_texts,
    appeals,
    article_uses,
    assessment_comments,
    assessments,
    audit,
    call_attempts,
    call_jobs,
    call_notes,
    callback_claims,
    callbacks,
    calls,
    camera_stills,
    camera_watches,
    campaigns,
    chat_lines,
    chat_photos,
    chats,
    citizen_benefits,
    citizen_history,
    citizen_numbers,
    citizen_requests,
    citizen_words,
    citizens,
    consultations,
    dispatchers,
    drafts,
    equipment_changes,
    equipment_measures,
    equipment_watches,
    help_requests,
    informing_orders,
    informing_people,
    involvements,
    journey_steps,
    keyed_requests,
    known_numbers,
    meeting_invitees,
    meetings,
    missing_answers,
    neighbour_appeals,
    notices,
    number_places,
    outage_reports,
    outage_subscriptions,
    outage_watchers,
    outages,
    presence_history,
    public_texts,
    queue_entries,
    recording_figures,
    recording_links,
    recordings,
    resident_codes,
    resident_reports,
    resident_sessions,
    roster_wishes,
    scheduled_callbacks,
    sign_in_attempts,
    slower_places,
    survey_answers,
    survey_calls,
    survey_chats,
    surveys,
    threats,
    transcripts,
    voice_messages,
)
from storage.tables.calls import WITH_NUMBER

BEFORE = bindparam("before", type_=Moment)
"""The moment before which a row has served its time."""


def in_no_appeal(call_id: Column[str]) -> ColumnElement[bool]:
    """Match calls that belong to no appeal: one that does stays as long as it."""
    return in_no_row(call_id, appeals.c.call_id)


def _in_no_open_appeal(call_id: Column[str]) -> ColumnElement[bool]:
    # Not `NOT IN`: for that PostgreSQL reads all appeals again for each row, once they are many.
    return ~exists().where(appeals.c.call_id == call_id, appeals.c.state.not_in(sorted(ENDED)))


_SETTLED = notices.c.state.in_(
    [one.value for one in (NoticeState.SENT, NoticeState.DELIVERED, NoticeState.NEEDLESS, NoticeState.FAILED)]
)
_OVER = (OrderState.DONE.value, OrderState.STOPPED.value)
_IS_OLD_ORDER = informing_orders.c.state.in_(_OVER) & (informing_orders.c.changed_at < BEFORE)
_OLD_CAMPAIGNS = select(campaigns.c.id).where(
    campaigns.c.state.in_([CampaignState.DONE.value, CampaignState.STOPPED.value]),
    campaigns.c.changed_at < BEFORE,
)
_LATER = calls.alias("later")
_CALLED = (
    exists()
    .where(
        citizen_numbers.c.citizen_id == citizens.c.id,
        _LATER.c.number == citizen_numbers.c.number,
        _LATER.c.arrived_at >= BEFORE,
    )
    .correlate(citizens)
)
_NEXT_STATE = equipment_changes.alias("next_state")
_ENDED_STATE = (
    exists()
    .where(
        _NEXT_STATE.c.item_id == equipment_changes.c.item_id,
        _NEXT_STATE.c.id > equipment_changes.c.id,
        _NEXT_STATE.c.began_at < BEFORE,
    )
    .correlate(equipment_changes)
)

RULES: tuple[Rule, ...] = (
    Rule(kind=Kind.CAMERAS, table=camera_watches, old=camera_watches.c.until < BEFORE),
    Rule(  # stills of which nothing was made; their files no list of an appeal ever named
        kind=Kind.DRAFTS,
        table=camera_stills,
        old=(camera_stills.c.taken_at < BEFORE) & camera_stills.c.number.is_(None),
        files=(camera_stills.c.key,),
    ),
    Rule(  # cut off before the appeal was registered, and never sent again
        kind=Kind.DRAFTS,
        table=resident_reports,
        old=(resident_reports.c.at < BEFORE) & resident_reports.c.appeal.is_(None),
        held=(by_number(resident_reports.c.contact),),
    ),
    Rule(
        kind=Kind.WATCHERS,
        table=outage_watchers,
        old=outage_watchers.c.outage_id.in_(select(outages.c.id).where(outages.c.ended_at < BEFORE)),
        held=(by_number(outage_watchers.c.address),),
    ),
    Rule(
        kind=Kind.REPORTS,
        table=outage_reports,
        old=(outage_reports.c.at < BEFORE) & outage_reports.c.appeal.is_(None),
        held=(
            by_call(outage_reports.c.call_id),
            by_number(outage_reports.c.number),
            by_citizen(outage_reports.c.applicant_id),
        ),
    ),
    Rule(
        kind=Kind.PLACES,
        table=number_places,
        old=number_places.c.said_at < BEFORE,
        held=(by_number(number_places.c.number),),
    ),
    Rule(
        kind=Kind.ATTEMPTS,
        table=call_attempts,
        old=(call_attempts.c.dialled_at < BEFORE) & call_attempts.c.ended_at.is_not(None),
        held=(by_number(call_attempts.c.number),),
    ),
    Rule(  # the people of a campaign stay with it
        kind=Kind.ATTEMPTS,
        table=call_jobs,
        old=(
            call_jobs.c.campaign_id.is_(None)
            & in_state(JobState.REACHED, JobState.GIVEN_UP)
            & (call_jobs.c.changed_at < BEFORE)
        ),
        held=(by_number(call_jobs.c.number),),
    ),
    Rule(  # trials by the head; a survey of an appeal stays with it
        kind=Kind.ATTEMPTS,
        table=surveys,
        old=surveys.c.appeal.is_(None) & (surveys.c.owed_at < BEFORE),
        parts=(Part(column=survey_calls.c.survey_id), Part(column=survey_answers.c.survey_id)),
    ),
    Rule(
        kind=Kind.UNCONFIRMED,
        table=outage_subscriptions,
        old=outage_subscriptions.c.confirmed_at.is_(None) & (outage_subscriptions.c.asked_at < BEFORE),
        held=(by_number(outage_subscriptions.c.contact),),
    ),
    Rule(
        kind=Kind.UNCONFIRMED,
        table=resident_codes,
        old=resident_codes.c.asked_at < BEFORE,
        held=(by_number(resident_codes.c.contact),),
    ),
    Rule(
        kind=Kind.SUBSCRIPTIONS,
        table=resident_sessions,
        old=resident_sessions.c.expires_at < BEFORE,
        held=(by_number(resident_sessions.c.contact),),
    ),
    Rule(
        kind=Kind.SUBSCRIPTIONS,
        table=outage_subscriptions,
        old=outage_subscriptions.c.ended_at < BEFORE,
        held=(by_number(outage_subscriptions.c.contact),),
    ),
    Rule(
        kind=Kind.RECORDINGS,
        table=recordings,
        old=(recordings.c.started_at < BEFORE) & _in_no_open_appeal(recordings.c.call_id),
        held=(by_call(recordings.c.call_id),),
        files=(
            *(recordings.c.caller_file, recordings.c.dispatcher_file),
            *(recordings.c.listening_file, recordings.c.master_file),
        ),
        parts=(
            Part(column=transcripts.c.recording),
            Part(column=recording_figures.c.recording_id),
            Part(
                column=recording_links.c.recording_id,
                cut={"erased_at": Noted.AT, "erased_by": Noted.CAUSE},
            ),
        ),
    ),
    Rule(  # remarks that quote the applicant end with the sound
        kind=Kind.RECORDINGS,
        table=assessment_comments,
        old=assessment_comments.c.quotes
        & _in_no_open_appeal(assessment_comments.c.call_id)
        & assessment_comments.c.assessment_id.in_(
            select(assessments.c.id).where(assessments.c.talk_at < BEFORE)
        ),
        held=(by_call(assessment_comments.c.call_id),),
    ),
    Rule(  # the score stays, and nothing that names the talk or tells of it in words
        kind=Kind.RECORDINGS,
        table=assessments,
        old=(assessments.c.talk_at < BEFORE)
        & assessments.c.call_id.is_not(None)
        & assessments.c.call_id.not_like(f"{TRIAL_PREFIX}%")  # nobody but the dispatcher spoke in it
        & _in_no_open_appeal(assessments.c.call_id),
        held=(by_call(assessments.c.call_id),),
        parts=(Part(column=assessment_comments.c.assessment_id, cut={"call_id": null()}),),
        cut={"recording_id": null(), "call_id": null(), "conclusion": "", "dispute": "", "decision": ""},
    ),
    Rule(
        kind=Kind.MESSAGES,
        table=voice_messages,
        old=(voice_messages.c.began_at < BEFORE) & _in_no_open_appeal(voice_messages.c.call_id),
        held=(by_call(voice_messages.c.call_id), by_number(voice_messages.c.number)),
        files=(voice_messages.c.file,),
        parts=(Part(column=transcripts.c.message),),
    ),
    Rule(
        kind=Kind.CHATS,
        table=chats,
        old=(chats.c.changed_at < BEFORE) & (chats.c.state == ChatState.OVER.value),
        held=(by_number(chats.c.number), by_call(chats.c.from_call)),
        parts=(
            Part(column=chat_lines.c.chat_id),
            Part(column=chat_photos.c.chat_id, files=(chat_photos.c.key,)),
        ),
    ),
    Rule(
        kind=Kind.JOURNEYS,
        table=journey_steps,
        # That somebody heard an order is the proof of it: it goes with the call.
        old=(journey_steps.c.at < BEFORE)
        & (journey_steps.c.step != Step.INFORMED.value)
        & _in_no_open_appeal(journey_steps.c.call_id),
        held=(by_call(journey_steps.c.call_id),),
    ),
    Rule(
        kind=Kind.DRAFTS,
        table=drafts,
        old=drafts.c.saved_at < BEFORE,
        held=(by_call(drafts.c.call_id),),
    ),
    Rule(
        kind=Kind.DRAFTS,
        table=appeal_forms,
        old=appeal_forms.c.saved_at < BEFORE,
        held=(by_call(appeal_forms.c.call_id),),
    ),
    Rule(  # what nobody could hand over goes, and the code that opens it there; the line stays
        kind=Kind.DRAFTS,
        table=neighbour_appeals,
        old=(neighbour_appeals.c.taken_at < BEFORE)
        & ((neighbour_appeals.c.body != "") | (neighbour_appeals.c.follow_code != "")),
        held=(by_call(neighbour_appeals.c.call_id),),
        cut={"body": "", "follow_code": ""},
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=callbacks,
        old=callbacks.c.at < BEFORE,
        held=(by_call(callbacks.c.call_id), by_number(callbacks.c.number)),
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=scheduled_callbacks,
        old=(scheduled_callbacks.c.due_at < BEFORE)
        & (scheduled_callbacks.c.state != ScheduledState.DUE.value),
        held=(by_number(scheduled_callbacks.c.number), by_appeal(scheduled_callbacks.c.appeal_number)),
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=callback_claims,
        old=callback_claims.c.at < BEFORE,
        held=(by_number(callback_claims.c.number),),
    ),
    Rule(  # an appeal's go with it, an order's people with the order
        kind=Kind.NOTICES,
        table=notices,
        old=((notices.c.number == "") | (notices.c.channel == Channel.WEBHOOK.value))
        & _SETTLED
        & (notices.c.changed_at < BEFORE)
        & ~notices.c.matter.startswith(MATTER),
        held=(by_number(notices.c.address),),
    ),
    Rule(  # who was invited and came stays with the minutes
        kind=Kind.NOTICES,
        table=meeting_invitees,
        old=meeting_invitees.c.meeting_id.in_(select(meetings.c.id).where(meetings.c.begins_at < BEFORE))
        & ((meeting_invitees.c.email != "") | (meeting_invitees.c.number != "")),
        cut={"email": "", "number": ""},
    ),
    Rule(  # who was drawn in and what they said stays with the matter
        kind=Kind.NOTICES,
        table=involvements,
        old=(involvements.c.until < BEFORE) & ((involvements.c.email != "") | (involvements.c.number != "")),
        cut={"email": "", "number": ""},
    ),
    Rule(
        kind=Kind.ORDERS,
        table=notices,
        old=notices.c.matter.in_(
            select(literal(MATTER) + cast(informing_orders.c.id, Text)).where(_IS_OLD_ORDER)
        ),
        held=(by_number(notices.c.address),),
    ),
    Rule(
        kind=Kind.ORDERS,
        table=informing_people,
        old=informing_people.c.order_id.in_(select(informing_orders.c.id).where(_IS_OLD_ORDER)),
        held=(by_number(informing_people.c.number),),
    ),
    Rule(
        kind=Kind.ORDERS,
        table=call_jobs,
        old=call_jobs.c.campaign_id.in_(_OLD_CAMPAIGNS),
        held=(by_number(call_jobs.c.number),),
    ),
    Rule(  # what is counted stays: number, moments, category, enterprise, result
        kind=Kind.APPEALS,
        table=appeals,
        old=appeals.c.state.in_(sorted(ENDED))
        & (func.coalesce(appeals.c.state_since, appeals.c.registered_at) < BEFORE)
        & (appeals.c.text != ""),
        held=(by_appeal(appeals.c.number),),
        parts=(
            Part(column=notices.c.number),
            Part(column=appeal_history.c.number),
            Part(column=appeal_files.c.number, files=(appeal_files.c.key,)),
            Part(column=appeal_texts.c.appeal),
            Part(column=camera_stills.c.number),
            Part(column=keyed_requests.c.key, through=(appeals.c.idempotency_key, appeals.c.number)),
            Part(column=survey_calls.c.survey_id, through=(surveys.c.id, surveys.c.appeal)),
            Part(column=survey_answers.c.survey_id, through=(surveys.c.id, surveys.c.appeal)),
            Part(column=survey_chats.c.survey_id, through=(surveys.c.id, surveys.c.appeal)),
            Part(column=surveys.c.appeal),
            Part(column=appeal_chats.c.appeal),
            Part(column=outage_reports.c.appeal),
            Part(column=resident_reports.c.appeal),
            Part(column=public_texts.c.number),
            Part(column=scheduled_callbacks.c.appeal_number),
        ),
        cut={
            "text": "",
            "address": "",
            "address_key": "",
            "applicant_number": null(),
            "applicant_id": null(),
            "call_id": null(),
            "idempotency_key": null(),
            "answer": "",
            "question": "",
            "details": [],
            "reply_by": null(),
            "reply_to": "",
            "only_in_writing": false(),
            "served_first": false(),
        },
    ),
    Rule(  # moments, direction and outcome stay, for statistics
        kind=Kind.CALLS,
        table=calls,
        old=(calls.c.ended_at < BEFORE) & text(WITH_NUMBER) & in_no_appeal(calls.c.id),
        held=(by_call(calls.c.id), by_number(calls.c.number)),
        parts=(
            Part(column=journey_steps.c.call_id),
            Part(column=call_notes.c.call_id),
            Part(column=consultations.c.call_id),
            Part(column=drafts.c.call_id),
            Part(column=missing_answers.c.call_id),
            Part(column=article_uses.c.call_id),
            Part(column=help_requests.c.call_id),
            Part(column=threats.c.call_id),
            Part(column=queue_entries.c.call_id, cut={"callback_to": null()}),
        ),
        cut={"number": null(), "shown": ""},
    ),
    Rule(
        kind=Kind.CALLS,
        table=slower_places,
        old=(slower_places.c.placed_at < BEFORE)
        & (slower_places.c.ended_at.is_not(None) | (slower_places.c.until < func.current_date())),
        held=(by_number(slower_places.c.number),),
    ),
    Rule(
        kind=Kind.CALLS,
        table=consultations,
        old=(consultations.c.at < BEFORE) & consultations.c.call_id.is_(None),
    ),
    Rule(
        kind=Kind.CITIZENS,
        table=citizens,
        old=(citizens.c.noted_at < BEFORE)
        & in_no_row(citizens.c.id, appeals.c.applicant_id)
        & in_no_row(citizens.c.id, outage_reports.c.applicant_id)
        & ~_CALLED,
        held=(by_citizen(citizens.c.id),),
        parts=(
            Part(column=citizen_numbers.c.citizen_id),
            Part(column=citizen_words.c.citizen_id),
            Part(column=citizen_benefits.c.citizen_id),
            Part(column=citizen_requests.c.citizen_id),
            Part(column=citizen_history.c.citizen_id),
        ),
    ),
    Rule(  # the index by which numbers are found: of those that nothing names any more
        kind=Kind.CALLS,
        table=known_numbers,
        old=in_no_row(known_numbers.c.number, calls.c.number)
        & in_no_row(known_numbers.c.number, citizen_numbers.c.number)
        & in_no_row(known_numbers.c.number, appeals.c.applicant_number)
        & in_no_row(known_numbers.c.number, voice_messages.c.number),
        held=(by_number(known_numbers.c.number),),
    ),
    Rule(kind=Kind.SIGN_INS, table=sign_in_attempts, old=sign_in_attempts.c.at < BEFORE),
    Rule(
        kind=Kind.PRESENCE,
        table=presence_history,
        old=presence_history.c.dispatcher_id.in_(select(dispatchers.c.id))  # along the index of each
        & (presence_history.c.at < BEFORE),
    ),
    Rule(kind=Kind.EQUIPMENT, table=equipment_changes, old=_ENDED_STATE),
    Rule(kind=Kind.EQUIPMENT, table=equipment_watches, old=equipment_watches.c.looked_at < BEFORE),
    Rule(kind=Kind.EQUIPMENT, table=equipment_measures, old=equipment_measures.c.measured_at < BEFORE),
    Rule(kind=Kind.PRESENCE, table=roster_wishes, old=roster_wishes.c.made_at < BEFORE),
    Rule(kind=Kind.AUDIT, table=audit, old=audit.c.at < BEFORE),
)
