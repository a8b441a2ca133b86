"""The tables, once for both databases: what alembic compares and every statement is built from.

Imported whole, so that the metadata is whole and tables find those that they refer to.
"""

from storage.tables.accounts import (
    acting_heads,
    api_tokens,
    audit,
    keyed_requests,
    sign_in_attempts,
    user_sessions,
    users,
)
from storage.tables.appeals import appeal_counters, appeal_forms, appeals, consultations
from storage.tables.calls import (
    call_notes,
    callback_claims,
    callbacks,
    calls,
    cel_files,
    drafts,
    journey_steps,
    progressive_desks,
    recording_figures,
    recording_links,
    recording_seals,
    recordings,
    scheduled_callbacks,
    stored_sounds,
    transcripts,
    voice_messages,
    web_call_closings,
)
from storage.tables.cameras import camera_stills, camera_watches, cameras
from storage.tables.chats import appeal_chats, chat_lines, chat_photos, chats
from storage.tables.city_maps import city_map_drafts, city_maps
from storage.tables.closed_days import line_day_changes, line_days, unsettled_calls
from storage.tables.closings import closing_digests, closing_keys
from storage.tables.columns import ForeignText, Moment, metadata
from storage.tables.dialling import call_attempts, call_jobs, campaigns, do_not_call
from storage.tables.documents import city_documents
from storage.tables.equipment import equipment_changes, equipment_items, equipment_measures, equipment_watches
from storage.tables.handling import (
    appeal_files,
    appeal_history,
    endpoint_keys,
    executor_contacts,
    executors,
    notices,
    routing_rules,
)
from storage.tables.informing import informing_campaigns, informing_orders, informing_people
from storage.tables.inquiries import inquiries, inquiry_appeals, inquiry_files, inquiry_history
from storage.tables.knowledge import article_uses, article_versions, articles, missing_answers
from storage.tables.line import dispatcher_skills, dispatchers, presence_history, queue_entries, talks
from storage.tables.meetings import meeting_invitees, meeting_minutes, meetings
from storage.tables.memos import memos
from storage.tables.neighbours import neighbour_agreements, neighbour_appeals
from storage.tables.new_city import city_setup
from storage.tables.office import office_acts, office_entries, office_files, office_plans
from storage.tables.outage_reports import outage_alerts, outage_reports
from storage.tables.outages import (
    outage_answers,
    outage_history,
    outage_subscriptions,
    outage_watchers,
    outages,
)
from storage.tables.people import (
    citizen_benefits,
    citizen_history,
    citizen_numbers,
    citizen_requests,
    citizen_words,
    citizens,
    number_places,
    street_names,
)
from storage.tables.portal import public_texts, resident_codes, resident_reports, resident_sessions
from storage.tables.power import power_accounts, power_emergencies, power_schedules, power_told
from storage.tables.processes import process_letters
from storage.tables.quality import (
    assessment_acts,
    assessment_comments,
    assessments,
    coaching_notes,
    quality_weeks,
    trial_calls,
)
from storage.tables.registers import appeal_series, houses, imports, saved_views
from storage.tables.reports import report_papers, report_plans, report_schedules
from storage.tables.retention import deletions, doomed_files, legal_holds
from storage.tables.search import (
    FTS,
    SPOKEN_FTS,
    WRITTEN,
    appeal_lemmas,
    appeal_texts,
    known_numbers,
    transcript_lemmas,
)
from storage.tables.shifts import roster_feeds, roster_weeks, roster_wishes, shift_handovers, shift_swaps
from storage.tables.specialists import involvement_history, involvements
from storage.tables.statements import statement_versions, statements
from storage.tables.supervision import help_requests, listening_orders, slower_places, threats
from storage.tables.surveys import survey_answers, survey_calls, survey_chats, survey_forms, surveys
from storage.tables.tasks import directives, record_files, task_helpers, task_history, tasks
from storage.tables.voices import city_message_history, city_messages, voice_recordings
from storage.tables.webhooks import webhooks

__all__ = [
    "FTS",
    "SPOKEN_FTS",
    "WRITTEN",
    "ForeignText",
    "Moment",
    "acting_heads",
    "api_tokens",
    "appeal_chats",
    "appeal_counters",
    "appeal_files",
    "appeal_forms",
    "appeal_history",
    "appeal_lemmas",
    "appeal_series",
    "appeal_texts",
    "appeals",
    "article_uses",
    "article_versions",
    "articles",
    "assessment_acts",
    "assessment_comments",
    "assessments",
    "audit",
    "call_attempts",
    "call_jobs",
    "call_notes",
    "callback_claims",
    "callbacks",
    "calls",
    "camera_stills",
    "camera_watches",
    "cameras",
    "campaigns",
    "cel_files",
    "chat_lines",
    "chat_photos",
    "chats",
    "citizen_benefits",
    "citizen_history",
    "citizen_numbers",
    "citizen_requests",
    "citizen_words",
    "citizens",
    "city_documents",
    "city_map_drafts",
    "city_maps",
    "city_message_history",
    "city_messages",
    "city_setup",
    "closing_digests",
    "closing_keys",
    "coaching_notes",
    "consultations",
    "deletions",
    "directives",
    "dispatcher_skills",
    "dispatchers",
    "do_not_call",
    "doomed_files",
    "drafts",
    "endpoint_keys",
    "equipment_changes",
    "equipment_items",
    "equipment_measures",
    "equipment_watches",
    "executor_contacts",
    "executors",
    "help_requests",
    "houses",
    "imports",
    "informing_campaigns",
    "informing_orders",
    "informing_people",
    "inquiries",
    "inquiry_appeals",
    "inquiry_files",
    "inquiry_history",
    "involvement_history",
    "involvements",
    "journey_steps",
    "keyed_requests",
    "known_numbers",
    "legal_holds",
    "line_day_changes",
    "line_days",
    "listening_orders",
    "meeting_invitees",
    "meeting_minutes",
    "meetings",
    "memos",
    "metadata",
    "missing_answers",
    "neighbour_agreements",
    "neighbour_appeals",
    "notices",
    "number_places",
    "office_acts",
    "office_entries",
    "office_files",
    "office_plans",
    "outage_alerts",
    "outage_answers",
    "outage_history",
    "outage_reports",
    "outage_subscriptions",
    "outage_watchers",
    "outages",
    "power_accounts",
    "power_emergencies",
    "power_schedules",
    "power_told",
    "presence_history",
    "process_letters",
    "progressive_desks",
    "public_texts",
    "quality_weeks",
    "queue_entries",
    "record_files",
    "recording_figures",
    "recording_links",
    "recording_seals",
    "recordings",
    "report_papers",
    "report_plans",
    "report_schedules",
    "resident_codes",
    "resident_reports",
    "resident_sessions",
    "roster_feeds",
    "roster_weeks",
    "roster_wishes",
    "routing_rules",
    "saved_views",
    "scheduled_callbacks",
    "shift_handovers",
    "shift_swaps",
    "sign_in_attempts",
    "slower_places",
    "statement_versions",
    "statements",
    "stored_sounds",
    "street_names",
    "survey_answers",
    "survey_calls",
    "survey_chats",
    "survey_forms",
    "surveys",
    "talks",
    "task_helpers",
    "task_history",
    "tasks",
    "threats",
    "transcript_lemmas",
    "transcripts",
    "trial_calls",
    "unsettled_calls",
    "user_sessions",
    "users",
    "voice_messages",
    "voice_recordings",
    "web_call_closings",
    "webhooks",
]
