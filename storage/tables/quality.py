"""Tables of quality: assessments of talks with their remarks and history, weeks, training, trial calls."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from hotline.quality.assessment_states import AssessmentState
from storage.tables.columns import KEY, ForeignText, Moment, dispatcher_key, metadata, one_of

# Which talk it is ends with the recording's term; the score stays.
assessments = Table(
    "assessments",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("recording_id", Text, unique=True),
    Column("call_id", Text, index=True),
    dispatcher_key("dispatcher_id", nullable=False),
    Column("talk_at", Moment, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("signs", JSON, nullable=False),
    # The place of the most serious sign: the queue is sorted by it.
    Column("rank", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("form_version", Integer),
    Column("claimed_by", KEY, ForeignKey("users.id")),
    Column("claimed_until", Moment),
    Column("answers", JSON, nullable=False),
    Column("unconfirmed", JSON, nullable=False),
    Column("conclusion", ForeignText, nullable=False),
    Column("percent", Integer),
    Column("passed", Boolean),
    Column("assessed_by", KEY, ForeignKey("users.id")),
    Column("assessed_at", Moment),
    Column("read_at", Moment),
    Column("dispute", ForeignText, nullable=False),
    Column("disputed_at", Moment),
    Column("decision", ForeignText, nullable=False),
    Column("decided_by", KEY, ForeignKey("users.id")),
    Column("decided_at", Moment),
    Column("first_percent", Integer),
    one_of("state", AssessmentState),
    CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim"),
    CheckConstraint(
        "(state IN ('assessed', 'disputed', 'decided')) = (percent IS NOT NULL)"
        " AND (percent IS NULL) = (passed IS NULL)",
        name="scored",
    ),
    CheckConstraint("(state IN ('disputed', 'decided')) = (disputed_at IS NOT NULL)", name="disputed"),
    CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
)
Index("ix_assessments_state", assessments.c.state, assessments.c.talk_at)
Index("ix_assessments_of_dispatcher", assessments.c.dispatcher_id, assessments.c.talk_at)
Index("ix_assessments_talk_at", assessments.c.talk_at)

# `call_id` as of the assessment: legal holds and a citizen's erasure reach a remark by it.
assessment_comments = Table(
    "assessment_comments",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("assessment_id", KEY, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("call_id", Text, index=True),
    Column("moment", Float),
    Column("text", ForeignText, nullable=False),
    Column("quotes", Boolean, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# Appended to and never changed. What was written stands on the assessment, and ends with the recording.
assessment_acts = Table(
    "assessment_acts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("assessment_id", KEY, ForeignKey("assessments.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("event", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("percent", Integer),
)

# The seed by which a week's talks were drawn: with it the draw can be done once more, and is the same.
quality_weeks = Table(
    "quality_weeks",
    metadata,
    Column("monday", Date, primary_key=True),
    Column("seed", Text, nullable=False),
    Column("drawn_at", Moment, nullable=False),
)

coaching_notes = Table(
    "coaching_notes",
    metadata,
    Column("id", KEY, primary_key=True),
    dispatcher_key("dispatcher_id", nullable=False, index=True),
    Column("assessment_id", KEY, ForeignKey("assessments.id")),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("agreed", ForeignText, nullable=False),
    Column("review_on", Date),
    Column("reviewed_at", Moment),
    Column("reviewed_by", KEY, ForeignKey("users.id")),
    Column("outcome", ForeignText, nullable=False),
    CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
)
Index("ix_coaching_notes_review_on", coaching_notes.c.review_on)

# `entered`: what the dispatcher entered in the place of an appeal. How it was scored stands in `assessments`.
trial_calls = Table(
    "trial_calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    dispatcher_key("dispatcher_id", nullable=False, index=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("scenario", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("entered", JSON),
    Column("entered_at", Moment),
    CheckConstraint("(entered IS NULL) = (entered_at IS NULL)", name="entered"),
)
