"""A state without what belongs to it is refused by the database itself, whoever writes it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint, insert
from sqlalchemy.exc import IntegrityError

from hotline.appeals.appeal import AppealState
from hotline.cameras.camera import StreamKind
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import LineKind, Medium
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaign_states import CampaignState
from hotline.dialling.job_states import JobState
from hotline.equipment.items import Kind as EquipmentKind
from hotline.equipment.items import Way
from hotline.equipment.states import State as EquipmentState
from hotline.informing.order_states import OrderState
from hotline.inquiries.inquiry_states import InquiryState
from hotline.intake.import_states import Stage
from hotline.knowledge.missing_states import MissingState
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.line.scheduled_states import ScheduledState
from hotline.meetings.meeting_states import AnswerState, MeetingState, MinutesState
from hotline.memos.memo_states import MemoState
from hotline.memos.memos import Addressee, MemoKind
from hotline.neighbours.agreement import Part
from hotline.office.acts import ActKind
from hotline.office.file_states import ActState, FileState, PlanState
from hotline.office.files import Keeping
from hotline.outages.alert_states import AlertState
from hotline.portal.public_texts import TextState
from hotline.portal.report import Source
from hotline.quality.assessment_states import AssessmentState
from hotline.retention.deletions import DeletedBy
from hotline.retention.holds import HeldThing
from hotline.shifts.handover_states import HandoverState
from hotline.shifts.swap_states import SwapState
from hotline.specialists.involvement_states import InvolvementState
from hotline.specialists.involvements import MatterKind
from hotline.speech.transcripts import Speaker
from hotline.statements.statement_states import StatementState
from hotline.tasks.task import TaskKind
from hotline.tasks.task_states import TaskState
from hotline.webhooks.states import WebhookState
from storage.store import Storage
from storage.tables import metadata
from tests.storage.conftest import NOON

LATER = NOON + timedelta(hours=1)
SCORED = {"state": "assessed", "percent": 90, "passed": True}
SIGNED = {"state": MinutesState.SIGNED, "signed_at": LATER, "signed_by": 2}
SOUND: dict[str, dict[str, Any]] = {
    "appeals": {
        "number": "2600001",
        "text": "Немає світла",
        "state": AppealState.REGISTERED,
        "registered_at": NOON,
        "due_on": NOON.date(),
    },
    "assessments": {
        "dispatcher_id": 1,
        "talk_at": NOON,
        "seconds": 60.0,
        "signs": ["by-lot"],
        "rank": 8,
        "state": AssessmentState.TO_ASSESS,
        "queued_at": NOON,
        "answers": {},
        "unconfirmed": [],
        **dict.fromkeys(("conclusion", "dispute", "decision"), ""),
    },
    "line_days": {"since": NOON, "until": LATER, "offset": 7200},
    "chats": {
        "medium": Medium.WEB,
        "address": "x",
        "language": "uk",
        "state": ChatState.ASKING,
        "urgent": False,
        "begun_at": NOON,
        "changed_at": NOON,
        "lines": 0,
        "sent": 0,
        "version": 1,
    },
    "chat_lines": {
        "chat_id": 1,
        "number": 1,
        "at": NOON,
        "kind": LineKind.TOLD,
        "text": "",
        "asked": "",
        "buttons": [],
        "detail": {},
    },
    "chat_photos": {
        "key": "x",
        "chat_id": 1,
        "at": NOON,
        "media_type": "image/jpeg",
        "bytes": 1,
        "sha256": "x",
        "for_person": False,
    },
    "appeal_chats": {"appeal": "2600001", "chat_id": 1, "medium": Medium.WEB, "address": "x"},
    "survey_chats": {"survey_id": 1, "medium": Medium.WEB, "address": "x"},
    "coaching_notes": {"dispatcher_id": 1, "user_id": 1, "at": NOON, "agreed": "x", "outcome": ""},
    "trial_calls": {
        "call_id": "out-trial-1",
        "dispatcher_id": 1,
        "user_id": 1,
        "scenario": "gas-smell",
        "asked_at": NOON,
    },
    "report_papers": {
        "kind": "day",
        "first": NOON.date(),
        "last": NOON.date(),
        "version": 1,
        "content": "{}",
        "digest": "x",
        "made_at": NOON,
        "reason": "",
        "signer": "",
    },
    "report_plans": {
        "kind": "day",
        "made": True,
        "hour": 7,
        "sends": "signed",
        "addresses": [],
        "changed_at": NOON,
        "changed_by": 1,
    },
    "report_schedules": {
        "view_id": 1,
        "kind": "day",
        "hour": 7,
        "addresses": [],
        "user_id": 1,
        "since": NOON,
    },
    "city_documents": {"kind": "pauses", "version": 1, "text": "", "made_at": NOON, "note": ""},
    "call_jobs": {
        "source": "survey",
        "about": "2600001",
        "number": "+380457900001",
        "kind": "survey",
        "urgency": 3,
        "state": JobState.DUE,
        "changed_at": NOON,
    },
    "campaigns": {
        "name": "Вода",
        "kind": "informing",
        "urgency": 4,
        "says": "Немає води",
        "most": 0,
        "per_minute": 0,
        "exempt": "",
        "pauses": {},
        "state": CampaignState.DRAFT,
        "created_at": NOON,
        "changed_at": NOON,
    },
    "deletions": {
        "began_at": NOON,
        "kind": "calls",
        "cause": DeletedBy.TERM,
        "until": NOON,
        **dict.fromkeys(("days", "rows", "files"), 1),
    },
    "dispatchers": {
        "extension": "201",
        "name": "Оля",
        "secret": "s",
        "presence": Presence.READY,
        "reason": "",
        "since": NOON,
        "misses": 0,
    },
    "imports": {
        "kind": "citizens",
        "name": "люди.csv",
        "state": Stage.CHECKED,
        **dict.fromkeys(("rows", "done", "added", "known", "refused"), 0),
        "began_at": NOON,
    },
    "involvements": {
        "state": InvolvementState.ASKED,
        "kind": MatterKind.APPEAL,
        "matter": "2600001",
        "executor_id": 1,
        "manager_id": 1,
        **dict.fromkeys(("name", "email", "number", "why", "what"), "x"),
        "until": LATER,
        "asked_by": 1,
        "asked_at": NOON,
        "answer_by": NOON,
        "conclusion": "",
        "version": 1,
    },
    "involvement_history": {"involvement_id": 1, "at": NOON, "user_id": 1, "who": "", "said": ""},
    "inquiries": {
        "state": InquiryState.ASKED,
        "executor_id": 1,
        "text": "x",
        "due_at": LATER,
        "asked_by": 1,
        "asked_at": NOON,
        "answer": "",
        "version": 1,
    },
    "informing_orders": {
        **dict.fromkeys(("number", "issued_by", "subject", "text", "short", "exempt", "refusal"), "x"),
        "dated": NOON.date(),
        "ways": [],
        "audience": {},
        "starts_at": NOON,
        "state": OrderState.DRAFT,
        "author_id": 1,
        "created_at": NOON,
        "changed_at": NOON,
        "version": 1,
        "looked_up_to": 0,
    },
    "notices": {
        **dict.fromkeys(("number", "recipient", "channel", "address", "about", "provider_id", "fault"), "x"),
        "facts": {},
        "state": NoticeState.OWED,
        "owed_at": NOON,
        "due_at": NOON,
        "changed_at": NOON,
        "tries": 0,
    },
    "help_requests": {"dispatcher_id": 1, "call_id": "c1", "asked_at": NOON},
    "listening_orders": {"number": "15-к", "dated": NOON.date(), "placed_by": 1, "placed_at": NOON},
    "slower_places": {
        "number": "+380457900001",
        "reason": "лайка",
        "placed_by": 1,
        "placed_at": NOON,
        "until": NOON.date(),
        "review_on": NOON.date(),
    },
    "legal_holds": {
        "thing": HeldThing.APPEAL,
        "subject": "2600001",
        "reason": "Суд",
        "placed_by": 1,
        "placed_at": NOON,
    },
    "meetings": {
        **dict.fromkeys(("topic", "place", "host", "why"), ""),
        "state": MeetingState.DRAFT,
        **dict.fromkeys(("edition", "round", "minutes_long", "caller", "secretary"), 1),
        **dict.fromkeys(("begins_at", "made_at", "changed_at"), NOON),
        "agenda": [],
    },
    "record_files": {
        "record": "task:1",
        **dict.fromkeys(("key", "name", "media_type", "sha256"), "x"),
        "bytes": 1,
        "uploaded_by": 1,
        "uploaded_at": NOON,
    },
    "memos": {
        **dict.fromkeys(("subject", "text", "number", "answer"), ""),
        "state": MemoState.ACCEPTED,
        **dict.fromkeys(("sent_on", "answered_on"), NOON.date()),
        "edition": 1,
        "kind": MemoKind.PROPOSAL,
        "addressee": Addressee.MAYOR,
        "papers": [],
        "writer": 1,
        "changed_at": NOON,
    },
    "meeting_invitees": {
        "meeting_id": 1,
        **dict.fromkeys(("name", "email", "number", "said"), ""),
        "answer": AnswerState.ASKED,
    },
    "meeting_minutes": {
        **dict.fromkeys(("meeting_id", "version", "edition", "saved_by"), 1),
        "state": MinutesState.PRESENTED,
        "presented_at": NOON,
        "presented_by": 1,
        "content": "{}",
        **dict.fromkeys(("reason", "returned", "digest"), ""),
        "saved_at": NOON,
    },
    "outage_alerts": {
        "utility": "water",
        "areas": [],
        "state": AlertState.OPEN,
        "opened_at": NOON,
        "grew_at": NOON,
        "voices": 3,
        "reports": 3,
    },
    "article_versions": {
        "id": 1,
        "version": 1,
        "at": NOON,
        "user_id": 1,
        "owner_id": 1,
        "review_on": NOON.date(),
        "uk": {},
        "en": {},
        "categories": [],
        "topics": [],
        **dict.fromkeys(("note", "said_as", "asks", "says"), ""),
        **dict.fromkeys(("public", "spoken", "withdrawn"), False),
    },
    "missing_answers": {
        "at": NOON,
        "user_id": 1,
        "question": "Де зарядити телефон?",
        "category": "",
        "state": MissingState.OPEN,
        "reason": "",
    },
    "queue_entries": {
        "call_id": "c1",
        "priority": 0,
        "entered_at": NOON,
        "state": QueueEntryState.WAITING,
        "offers": 0,
    },
    "recording_links": {
        **dict.fromkeys(("recording_id", "call_id", "sha256", "previous", "digest"), "x"),
        "number": 1,
        "day": NOON.date(),
        "started_at": NOON,
        "seconds": 9.0,
    },
    "scheduled_callbacks": {
        "number": "+380457900001",
        "wanted_at": NOON,
        "why": "Чи є вода",
        "arranged_by": 1,
        "arranged_at": NOON,
        "due_at": NOON,
        "state": ScheduledState.DUE,
        "tries": 0,
    },
    "roster_wishes": {"user_id": 1, "day": NOON.date(), "wish": "off", "reason": "", "made_at": NOON},
    "shift_swaps": {
        "state": SwapState.OFFERED,
        "giver": 1,
        "day": NOON.date(),
        "given": {},
        "words": "",
        "offered_at": NOON,
        "reason": "",
        "giver_told": True,
        "taker_told": True,
    },
    "office_plans": {
        **dict.fromkeys(("approver", "number"), ""),
        "year": 2026,
        "state": PlanState.DRAFT,
        "version": 1,
        "changed_at": NOON,
        "changed_by": 1,
    },
    "office_files": {
        **dict.fromkeys(("title", "article", "notes", "held"), ""),
        "year": 2026,
        "index": "05-01",
        "keeping": Keeping.YEARS,
        "years": 5,
        "state": FileState.OPEN,
        "volumes": 0,
        "version": 1,
    },
    "office_acts": {
        **dict.fromkeys(("number", "signer", "digest"), ""),
        "kind": ActKind.DESTROY,
        "state": ActState.DRAFT,
        "commission": [],
        "files": [],
        "erased": {},
        "erased_until": NOON,
        "made_at": NOON,
        "made_by": 1,
        "version": 1,
    },
    "closing_digests": {
        "day": NOON.date(),
        "number": 1,
        **dict.fromkeys(("text", "sha256", "key", "signature"), "x"),
        "made_at": NOON,
    },
    "public_texts": {"number": "2600001", "state": TextState.WAITING, "agreed_at": NOON},
    "closing_keys": {"place": 0, "key": "x", "since": NOON.date(), "signature": ""},
    "resident_reports": {
        "source": Source.WEB,
        "key": "0123456789abcdef",
        "sender": "192.0.2.17",
        "network": "192.0.2.0/24",
        "at": NOON,
    },
    "cameras": {
        **dict.fromkeys(("name", "place", "group", "url", "user", "password", "out_because"), ""),
        "kind": StreamKind.MJPEG,
        "source_at": NOON,
        "changed_at": NOON,
        "changed_by": 1,
    },
    "camera_watches": {"camera_id": 1, "user_id": 1, "since": NOON, "until": LATER},
    "outage_subscriptions": {
        "channel": "sms",
        "contact": "+380671234567",
        "language": "uk",
        **dict.fromkeys(("street", "house", "quarter", "code"), ""),
        "asked_at": NOON,
    },
    "web_call_closings": {"closed_at": NOON, "reason": "", "held": True},
    "power_emergencies": {"since": NOON, "held": True},
    "power_schedules": {
        "queue": "1.1",
        "day": NOON.date(),
        "halves": "+" * 48,
        "made_at": NOON,
        "heard_at": NOON,
    },
    "shift_handovers": {
        "state": HandoverState.DRAFT,
        "outgoing": 1,
        "opened_at": NOON,
        "remarks": "",
        "items": [],
        "said": [],
    },
    "neighbour_agreements": {
        "part": Part.ANSWERS,
        "name": "Чернігів",
        "document": "№ 5",
        "since": NOON,
        "until": NOON,
        "hours_since": "20:00",
        "hours_until": "08:00",
        "shared": [],
        "number": "+380462123456",
        "made_by": 1,
        "made_at": NOON,
    },
    "neighbour_appeals": {
        "agreement_id": 1,
        "key": "form-1",
        "taken_at": NOON,
        "taken_by": 1,
        "category": "Вода",
        "body": "{}",
    },
    "webhooks": {
        "token_id": 1,
        "address": "https://system.example/",
        "events": [],
        "secret": "whsec_",
        "state": WebhookState.ON,
        "changed_at": NOON,
        "made_at": NOON,
        "appeal_place": 0,
        "outage_place": 0,
    },
    "equipment_items": {
        **dict.fromkeys(("name", "host", "path", "whom"), ""),
        **dict.fromkeys(("port", "interval_seconds", "timeout_seconds", "failures", "after_minutes"), 1),
        "kind": EquipmentKind.ROUTER,
        "way": Way.TCP,
        "urgent": False,
    },
    "equipment_changes": {
        "item_id": 1,
        "state": EquipmentState.IN_ORDER,
        "said": "works",
        "facts": {},
        "began_at": NOON,
    },
    "statements": {
        **dict.fromkeys(("instructed_by", "number", "correction", "refusal", "reason"), "x"),
        "state": StatementState.DRAFT,
        "author_id": 1,
        "dated": NOON.date(),
        "uk": {},
        "en": {},
        "created_at": NOON,
        "changed_at": NOON,
        "version": 1,
    },
    "statement_versions": {
        "statement_id": 1,
        "number": 1,
        "uk": {},
        "en": {},
        "correction": "",
        "author_id": 1,
        "approver_id": 2,
        "approved_at": NOON,
        "published_at": NOON,
    },
    "directives": {
        "kind": TaskKind.MAYOR,
        "number": "12-р",
        "dated": NOON.date(),
        "title": "Про паводок",
        "entered_by": 1,
        "entered_at": NOON,
    },
    "tasks": {
        **dict.fromkeys(("record", "title", "result", "lemmas"), ""),
        "version": 1,
        "state": TaskState.GIVEN,
        "kind": TaskKind.INSTRUCTION,
        "once": "form-1",
        "text": "Скласти перелік",
        "responsible": "user:1",
        "controller": 1,
        "given_at": NOON,
        "due_at": LATER,
        "told_until": NOON,
    },
    "transcripts": {
        **dict.fromkeys(("message", "text", "engine", "model", "language"), "x"),
        "id": 1,
        "speaker": Speaker.CALLER,
        "words": [],
        "made_at": NOON,
    },
    "city_setup": {"id": 1, "done": []},
    "users": {
        **dict.fromkeys(("login", "name", "role", "password_hash"), "x"),
        "active": True,
        "demo": False,
    },
}
"""A row of each table as it may be, but for those whom it refers to."""
APPROVED = {"state": OrderState.APPROVED, "approver_id": 2, "decided_at": NOON}
HELD = {
    "state": JobState.DIALLED,
    "call_id": "out-1",
    "claimed_at": NOON,
    "held_by": "worker",
    "renewed_at": NOON,
}
CLOSED = {"closed_at": LATER, "closed_by": 1}
DECIDED = {
    "call_jobs": HELD,
    "informing_orders": APPROVED,
    "missing_answers": CLOSED,
    "office_files": {"closed_on": NOON.date()},
    "outage_alerts": {"decided_at": LATER},
    "shift_handovers": {"handed_at": LATER},
}
"""What belongs to each state but the first."""
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    *(
        (table, column, DECIDED.get(table, {}) | {column: "nonsense"})
        for table, row in SOUND.items()
        for column in ("cause", "presence", "state", "thing")
        if column in row
    ),
    ("appeals", "registered", {"executor_id": 1}),
    ("assessments", "claim", {"claimed_by": 1}),
    ("assessments", "claim", {"claimed_until": LATER}),
    ("assessments", "scored", {"state": AssessmentState.ASSESSED}),
    ("assessments", "scored", {"percent": 90, "passed": True}),
    ("assessments", "scored", SCORED | {"passed": None}),
    ("assessments", "disputed", SCORED | {"state": AssessmentState.DISPUTED}),
    ("assessments", "disputed", SCORED | {"disputed_at": LATER}),
    ("assessments", "decided", SCORED | {"state": AssessmentState.DECIDED, "disputed_at": NOON}),
    ("assessments", "decided", SCORED | {"decided_at": LATER}),
    ("coaching_notes", "reviewed", {"reviewed_at": LATER}),
    ("trial_calls", "entered", {"entered_at": LATER}),
    ("call_jobs", "claimed", {"state": JobState.CLAIMED}),
    ("call_jobs", "claimed", HELD | {"held_by": None}),
    ("call_jobs", "result", HELD | {"state": JobState.OVER}),
    ("city_documents", "kind", {"kind": "nonsense"}),
    ("city_documents", "version", {"version": 0}),
    ("city_setup", "one", {"id": 2}),
    ("report_papers", "kind", {"kind": "year"}),
    ("report_papers", "signed", {"signed_at": LATER}),
    ("report_papers", "signed", {"signed_by": 1}),
    ("report_papers", "reason", {"version": 2}),
    ("report_papers", "reason", {"reason": "x"}),
    ("report_plans", "kind", {"kind": "year"}),
    ("report_plans", "sends", {"sends": "never"}),
    ("report_plans", "hour", {"hour": 24}),
    ("report_schedules", "kind", {"kind": "year"}),
    ("report_schedules", "hour", {"hour": -1}),
    ("dispatchers", "wrap_up", {"presence": Presence.AFTER_CALL}),
    ("dispatchers", "wrap_up", {"wrap_up_until": LATER}),
    ("dispatchers", "wish", {"wish": Presence.AWAY, "wish_reason": ""}),
    ("dispatchers", "wish", {"presence": Presence.TALKING, "wish": Presence.READY, "wish_reason": ""}),
    ("dispatchers", "wish", {"presence": Presence.TALKING, "wish": Presence.PAUSED}),
    ("imports", "ended", {"state": Stage.DONE}),
    ("imports", "ended", {"ended_at": LATER}),
    ("informing_orders", "decided", APPROVED | {"decided_at": None}),
    ("informing_orders", "approved", {"state": OrderState.RUNNING}),
    ("informing_orders", "second_person", APPROVED | {"approver_id": 1}),
    *(
        (table, "ended", half)
        for table in ("help_requests", "listening_orders", "slower_places")
        for half in ({"ended_by": 1}, {"ended_at": LATER})
    ),
    ("slower_places", "review", {"review_on": LATER.date() + timedelta(days=1)}),
    ("involvements", "state", {"state": "nonsense"}),
    ("involvements", "kind", {"kind": "outage"}),
    ("involvements", "conclusion", {"state": InvolvementState.REPORTED}),
    ("involvements", "answer_by", {"answer_by": LATER + timedelta(days=1)}),
    ("involvement_history", "act", {"act": "nonsense"}),
    ("involvement_history", "who", {"who": "Директор"}),
    ("inquiries", "answered", {"in_time": True}),
    ("inquiries", "answered", {"answered_at": LATER}),
    ("inquiries", "answer", {"state": InquiryState.ANSWERED}),
    ("legal_holds", "lifted", {"lifted_by": 1}),
    *(("line_days", "whole", {one: "{}"}) for one in ("half_hours", "dispatchers", "topics", "outcomes")),
    ("legal_holds", "lifted", {"lifted_at": LATER}),
    ("article_versions", "spoken", {"spoken": True}),
    ("missing_answers", "answered", {"state": MissingState.ANSWERED, **CLOSED}),
    ("missing_answers", "answered", {"article_id": 1}),
    ("missing_answers", "closed", {"state": MissingState.DISMISSED}),
    ("missing_answers", "closed", CLOSED),
    ("missing_answers", "closed", {"state": MissingState.DISMISSED, "closed_at": LATER}),
    ("outage_alerts", "decided", {"state": AlertState.DISMISSED}),
    ("outage_alerts", "decided", {"decided_at": LATER}),
    ("outage_alerts", "outage", {"state": AlertState.BELONGS, "decided_at": LATER}),
    ("office_plans", "approved", {"state": PlanState.APPROVED}),
    ("office_plans", "approved", {"dated": NOON.date()}),
    ("office_files", "keeping", {"keeping": "nonsense", "years": None}),
    ("office_files", "years", {"years": None}),
    ("office_files", "years", {"keeping": Keeping.PERMANENT}),
    ("office_files", "closed", {"state": FileState.CLOSED}),
    ("office_files", "closed", {"closed_on": NOON.date()}),
    ("office_files", "gone", {"state": FileState.ARCHIVED, "closed_on": NOON.date()}),
    ("office_acts", "kind", {"kind": "nonsense"}),
    ("office_acts", "done", {"state": ActState.DONE, "signed_on": NOON.date()}),
    ("office_acts", "done", {"done_at": NOON}),
    ("office_acts", "signed", {"state": ActState.SIGNED}),
    ("closing_digests", "number", {"number": 0}),
    ("closing_keys", "place", {"place": -1}),
    ("public_texts", "state", {"state": "nonsense"}),
    ("public_texts", "wording", {"wording": "x"}),
    ("public_texts", "wording", {"state": TextState.PUBLISHED}),
    ("resident_reports", "source", {"source": "nonsense"}),
    ("resident_reports", "contact", {"channel": "sms"}),
    ("resident_reports", "point", {"latitude": 51.5}),
    ("cameras", "kind", {"kind": "nonsense"}),
    ("cameras", "removed", {"removed_at": LATER, "url": "http://10.0.0.5/"}),
    ("camera_watches", "order", {"since": LATER, "until": NOON}),
    ("outage_subscriptions", "ahead", {"ahead_minutes": 30}),
    ("outage_subscriptions", "ahead", {"quiet_from": 22, "quiet_until": 7}),
    ("web_call_closings", "opened", {"held": None}),
    ("web_call_closings", "opened", {"opened_at": LATER}),
    ("power_emergencies", "ended", {"held": None}),
    ("power_emergencies", "ended", {"ended_at": LATER}),
    ("power_schedules", "halves", {"halves": "+" * 47}),
    ("shift_handovers", "handed", {"state": HandoverState.HANDED_OVER}),
    ("shift_handovers", "handed", {"handed_at": LATER}),
    ("shift_handovers", "taken", {"state": HandoverState.TAKEN_OVER, "handed_at": LATER}),
    ("shift_handovers", "taken", {"state": HandoverState.HANDED_OVER, "handed_at": LATER, "incoming": 1}),
    ("users", "body", {"body": "nonsense"}),
    ("directives", "kind", {"kind": TaskKind.INSTRUCTION}),
    ("tasks", "kind", {"kind": "nonsense"}),
    ("chats", "medium", {"medium": "nonsense"}),
    ("chats", "state", {"state": "nonsense"}),
    ("chats", "waiting", {"state": ChatState.WAITING}),
    ("chats", "talking", {"state": ChatState.TALKING}),
    ("appeal_chats", "medium", {"medium": "nonsense"}),
    ("survey_chats", "medium", {"medium": "nonsense"}),
    ("survey_chats", "asked", {"chat_id": 1}),
    ("survey_chats", "asked", {"asked_at": NOON}),
    ("chat_lines", "kind", {"kind": "nonsense"}),
    ("chat_lines", "replied", {"kind": LineKind.REPLIED}),
    ("chat_lines", "replied", {"user_id": 1}),
    ("tasks", "ended", {"state": TaskState.WITHDRAWN}),
    ("tasks", "ended", {"ended_at": LATER}),
    ("meetings", "why", {"state": MeetingState.CALLED_OFF}),
    ("meetings", "why", {"why": "Хвороба"}),
    ("memos", "addressee", {"addressee": "nonsense"}),
    ("memos", "kind", {"kind": "nonsense"}),
    ("memos", "sent", {"state": MemoState.DRAFT, "answered_on": None}),
    ("memos", "sent", {"sent_on": None}),
    ("memos", "unanswered", {"state": MemoState.SENT}),
    ("memos", "unanswered", {"answered_on": None}),
    ("meeting_invitees", "answer", {"answer": "nonsense"}),
    ("meeting_minutes", "presented", {"state": MinutesState.DRAFT}),
    ("meeting_minutes", "presented", {"presented_by": None}),
    ("meeting_minutes", "signed", {"state": MinutesState.SIGNED}),
    ("meeting_minutes", "signed", {**SIGNED, "signed_by": 1}),
    ("roster_wishes", "wish", {"wish": "x"}),
    ("shift_swaps", "taken", {"state": SwapState.AGREED}),
    ("shift_swaps", "decided", {"state": SwapState.DONE, "taker": 1}),
    ("queue_entries", "left", {"state": QueueEntryState.LEFT}),
    ("queue_entries", "left", {"left_at": LATER}),
    ("queue_entries", "waiting", {"dispatcher_id": 1}),
    ("queue_entries", "offered", {"state": QueueEntryState.OFFERED}),
    ("queue_entries", "kept", {"state": QueueEntryState.TALKING, "callback_to": "+380457900001"}),
    ("queue_entries", "anybody", {"anybody_from": LATER}),
    ("queue_entries", "anybody", {"anybody_from": LATER, "skill": "heat", "priority": 20}),
    ("recording_links", "erased", {"erased_at": LATER}),
    ("recording_links", "erased", {"erased_by": DeletedBy.TERM}),
    ("scheduled_callbacks", "claim", {"claimed_by": 1}),
    ("equipment_items", "kind", {"kind": "nonsense"}),
    ("equipment_items", "way", {"way": "nonsense"}),
    ("equipment_items", "maintained", {"maintained_since": NOON}),
    ("equipment_items", "maintained", {"maintained_since": LATER, "maintained_until": NOON}),
    ("statements", "withdrawn", {"state": StatementState.WITHDRAWN}),
    ("statements", "withdrawn", {"withdrawn_at": LATER, "withdrawn_by": 1}),
    ("statement_versions", "second_person", {"approver_id": 1}),
    ("neighbour_agreements", "part", {"part": "both", "number": ""}),
    ("neighbour_agreements", "number", {"number": ""}),
    ("neighbour_agreements", "token", {"token_id": 1}),
    ("neighbour_agreements", "ended", {"ended_at": LATER, "copy": "{}"}),
    ("neighbour_appeals", "forgotten", {"handed_at": LATER, "number": "2600001"}),
    ("neighbour_appeals", "handed", {"handed_at": LATER, "body": ""}),
    ("transcripts", "sound", {"recording": "x"}),
    ("transcripts", "sound", {"message": None}),
    ("transcripts", "speaker", {"speaker": "nobody"}),
    ("transcripts", "corrected", {"corrected": "Немає води"}),
    ("transcripts", "corrected", {"corrected_by": 1, "corrected_at": NOON}),
]


async def test_a_row_whose_state_and_columns_do_not_agree_is_refused(storage: Storage) -> None:
    """All in one database: none of them is kept."""
    otherwise = [
        (table, check, said)
        for table, check, broken in BROKEN
        if f"ck_{table}_{check}" not in (said := await said_of(storage, table, broken))
    ]
    assert otherwise == []


async def said_of(storage: Storage, table: str, broken: dict[str, Any]) -> str:
    """What the database says of such a row."""
    try:
        async with storage.database.writing() as connection:
            await connection.execute(insert(metadata.tables[table]), SOUND[table] | broken)
    except IntegrityError as refused:
        return str(refused)
    return "kept"


def test_each_check_is_tried() -> None:
    described = {
        str(one.name)
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert {f"ck_{table}_{check}" for table, check, _ in BROKEN} == described
