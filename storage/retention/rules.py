"""The rules of the sweep, as one table: which rows are too old, what goes with them, and what holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)

from hotline.appeals.appeal import ENDED
from hotline.calls.call import Step
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.job_states import JobState
from hotline.informing.order_states import OrderState
from hotline.informing.orders import MATTER
from hotline.line.scheduled_states import ScheduledState
from hotline.retention.terms import Kind
from storage.dialling.job_rows import in_state
from storage.retention.holds import HELD_APPEALS, HELD_CALLS, HELD_CITIZENS, HELD_NUMBERS
from storage.tables import (
    Moment,
    appeal_files,
    appeal_forms,
    appeal_history,
    appeal_texts,
    appeals,
    audit,
    call_attempts,
    call_jobs,
    call_notes,
    callback_claims,
    callbacks,
    calls,
    campaigns,
    citizen_benefits,
    citizen_history,
    citizen_numbers,
    citizen_requests,
    citizen_words,
    citizens,
    consultations,
    drafts,
    informing_orders,
    informing_people,
    journey_steps,
    keyed_requests,
    known_numbers,
    notices,
    number_places,
    outage_reports,
    outage_subscriptions,
    outage_watchers,
    outages,
    presence_history,
    queue_entries,
    recordings,
    scheduled_callbacks,
    sign_in_attempts,
    survey_answers,
    survey_calls,
    surveys,
    voice_messages,
)

BEFORE = bindparam("before", type_=Moment)
"""The moment before which a row has served its time."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A column by which legal holds reach a row, and the set of those that they keep."""

    column: Column[Any]
    among: CompoundSelect[Any]

    @property
    def free(self) -> ColumnElement[bool]:
        return or_(self.column.is_(None), self.column.not_in(self.among))


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows of another table that go with those of a rule: before them, as they may refer to them.

    `column` holds the key of the rule's row; with `through`, a value of its first column, in a row whose
    second column holds that key.
    """

    column: Column[Any]
    through: tuple[Column[Any], Column[Any]] | None = None
    files: tuple[Column[Any], ...] = ()
    cut: Mapping[str, Any] | None = None

    @property
    def table(self) -> Table:
        return self.column.table

    def of(self, keys: Select[Any] | list[Any]) -> ColumnElement[bool]:
        if self.through is None:
            return self.column.in_(keys)
        key, names = self.through
        return self.column.in_(select(key).where(names.in_(keys)))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Rows of one table that are too old. `cut` None: they are deleted; else these columns are emptied."""

    kind: Kind
    table: Table
    old: ColumnElement[bool]
    held: tuple[Held, ...] = ()
    files: tuple[Column[Any], ...] = ()
    parts: tuple[Part, ...] = ()
    cut: Mapping[str, Any] | None = field(default=None)

    @cached_property
    def due(self) -> ColumnElement[bool]:
        """Match the rows that the sweep takes."""
        return and_(self.old, *(one.free for one in self.held))


def _appeal(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_APPEALS)


def _call(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_CALLS)


def _citizen(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_CITIZENS)


def _number(column: Column[Any]) -> Held:
    return Held(column=column, among=HELD_NUMBERS)


def _nowhere(column: Column[Any], names: Column[Any]) -> ColumnElement[bool]:
    """Match what no row of the other table names."""
    return ~exists().where(names == column)


_OPEN = select(appeals.c.call_id).where(appeals.c.call_id.is_not(None), appeals.c.state.not_in(sorted(ENDED)))
NAMED_CALLS = select(appeals.c.call_id).where(appeals.c.call_id.is_not(None))
"""Calls that belong to an appeal: they stay as long as it."""
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

RULES: tuple[Rule, ...] = (
    Rule(
        kind=Kind.WATCHERS,
        table=outage_watchers,
        old=outage_watchers.c.outage_id.in_(select(outages.c.id).where(outages.c.ended_at < BEFORE)),
        held=(_number(outage_watchers.c.address),),
    ),
    Rule(
        kind=Kind.REPORTS,
        table=outage_reports,
        old=(outage_reports.c.at < BEFORE) & outage_reports.c.appeal.is_(None),
        held=(
            _call(outage_reports.c.call_id),
            _number(outage_reports.c.number),
            _citizen(outage_reports.c.applicant_id),
        ),
    ),
    Rule(
        kind=Kind.PLACES,
        table=number_places,
        old=number_places.c.said_at < BEFORE,
        held=(_number(number_places.c.number),),
    ),
    Rule(
        kind=Kind.ATTEMPTS,
        table=call_attempts,
        old=(call_attempts.c.dialled_at < BEFORE) & call_attempts.c.ended_at.is_not(None),
        held=(_number(call_attempts.c.number),),
    ),
    Rule(  # the people of a campaign stay with it
        kind=Kind.ATTEMPTS,
        table=call_jobs,
        old=(
            call_jobs.c.campaign_id.is_(None)
            & in_state(JobState.REACHED, JobState.GIVEN_UP)
            & (call_jobs.c.changed_at < BEFORE)
        ),
        held=(_number(call_jobs.c.number),),
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
        held=(_number(outage_subscriptions.c.contact),),
    ),
    Rule(
        kind=Kind.SUBSCRIPTIONS,
        table=outage_subscriptions,
        old=outage_subscriptions.c.ended_at < BEFORE,
        held=(_number(outage_subscriptions.c.contact),),
    ),
    Rule(
        kind=Kind.RECORDINGS,
        table=recordings,
        old=(recordings.c.started_at < BEFORE) & recordings.c.call_id.not_in(_OPEN),
        held=(_call(recordings.c.call_id),),
        files=(recordings.c.caller_file, recordings.c.dispatcher_file, recordings.c.listening_file),
    ),
    Rule(
        kind=Kind.MESSAGES,
        table=voice_messages,
        old=(voice_messages.c.began_at < BEFORE) & voice_messages.c.call_id.not_in(_OPEN),
        held=(_call(voice_messages.c.call_id), _number(voice_messages.c.number)),
        files=(voice_messages.c.file,),
    ),
    Rule(
        kind=Kind.JOURNEYS,
        table=journey_steps,
        # That somebody heard an order is the proof of it: it goes with the call.
        old=(journey_steps.c.at < BEFORE)
        & (journey_steps.c.step != Step.INFORMED.value)
        & journey_steps.c.call_id.not_in(_OPEN),
        held=(_call(journey_steps.c.call_id),),
    ),
    Rule(
        kind=Kind.DRAFTS,
        table=drafts,
        old=drafts.c.saved_at < BEFORE,
        held=(_call(drafts.c.call_id),),
    ),
    Rule(
        kind=Kind.DRAFTS,
        table=appeal_forms,
        old=appeal_forms.c.saved_at < BEFORE,
        held=(_call(appeal_forms.c.call_id),),
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=callbacks,
        old=callbacks.c.at < BEFORE,
        held=(_call(callbacks.c.call_id), _number(callbacks.c.number)),
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=scheduled_callbacks,
        old=(scheduled_callbacks.c.due_at < BEFORE)
        & (scheduled_callbacks.c.state != ScheduledState.DUE.value),
        held=(_number(scheduled_callbacks.c.number), _appeal(scheduled_callbacks.c.appeal_number)),
    ),
    Rule(
        kind=Kind.CALLBACKS,
        table=callback_claims,
        old=callback_claims.c.at < BEFORE,
        held=(_number(callback_claims.c.number),),
    ),
    Rule(  # an appeal's go with it, an order's people with the order
        kind=Kind.NOTICES,
        table=notices,
        old=(notices.c.number == "")
        & _SETTLED
        & (notices.c.changed_at < BEFORE)
        & ~notices.c.matter.startswith(MATTER),
        held=(_number(notices.c.address),),
    ),
    Rule(
        kind=Kind.ORDERS,
        table=notices,
        old=notices.c.matter.in_(
            select(literal(MATTER) + cast(informing_orders.c.id, Text)).where(_IS_OLD_ORDER)
        ),
        held=(_number(notices.c.address),),
    ),
    Rule(
        kind=Kind.ORDERS,
        table=informing_people,
        old=informing_people.c.order_id.in_(select(informing_orders.c.id).where(_IS_OLD_ORDER)),
        held=(_number(informing_people.c.number),),
    ),
    Rule(
        kind=Kind.ORDERS,
        table=call_jobs,
        old=call_jobs.c.campaign_id.in_(_OLD_CAMPAIGNS),
        held=(_number(call_jobs.c.number),),
    ),
    Rule(  # what is counted stays: number, moments, category, enterprise, result
        kind=Kind.APPEALS,
        table=appeals,
        old=appeals.c.state.in_(sorted(ENDED))
        & (func.coalesce(appeals.c.state_since, appeals.c.registered_at) < BEFORE)
        & (appeals.c.text != ""),
        held=(_appeal(appeals.c.number),),
        parts=(
            Part(column=notices.c.number),
            Part(column=appeal_history.c.number),
            Part(column=appeal_files.c.number, files=(appeal_files.c.key,)),
            Part(column=appeal_texts.c.appeal),
            Part(column=keyed_requests.c.key, through=(appeals.c.idempotency_key, appeals.c.number)),
            Part(column=survey_calls.c.survey_id, through=(surveys.c.id, surveys.c.appeal)),
            Part(column=survey_answers.c.survey_id, through=(surveys.c.id, surveys.c.appeal)),
            Part(column=surveys.c.appeal),
            Part(column=outage_reports.c.appeal),
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
            "reply_by": null(),
            "reply_to": "",
            "served_first": false(),
        },
    ),
    Rule(  # moments, direction and outcome stay, for statistics
        kind=Kind.CALLS,
        table=calls,
        old=(calls.c.ended_at < BEFORE)
        & (calls.c.number.is_not(None) | (calls.c.shown != ""))
        & calls.c.id.not_in(NAMED_CALLS),
        held=(_call(calls.c.id), _number(calls.c.number)),
        parts=(
            Part(column=journey_steps.c.call_id),
            Part(column=call_notes.c.call_id),
            Part(column=consultations.c.call_id),
            Part(column=drafts.c.call_id),
            Part(column=queue_entries.c.call_id, cut={"callback_to": null()}),
        ),
        cut={"number": null(), "shown": ""},
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
        & _nowhere(citizens.c.id, appeals.c.applicant_id)
        & _nowhere(citizens.c.id, outage_reports.c.applicant_id)
        & ~_CALLED,
        held=(_citizen(citizens.c.id),),
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
        old=_nowhere(known_numbers.c.number, calls.c.number)
        & _nowhere(known_numbers.c.number, citizen_numbers.c.number)
        & _nowhere(known_numbers.c.number, appeals.c.applicant_number)
        & _nowhere(known_numbers.c.number, voice_messages.c.number),
        held=(_number(known_numbers.c.number),),
    ),
    Rule(kind=Kind.SIGN_INS, table=sign_in_attempts, old=sign_in_attempts.c.at < BEFORE),
    Rule(kind=Kind.PRESENCE, table=presence_history, old=presence_history.c.at < BEFORE),
    Rule(kind=Kind.AUDIT, table=audit, old=audit.c.at < BEFORE),
)
