"""Tables of meetings: what they are about and when, their invitees, and the versions of the minutes."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from hotline.meetings.meeting_states import AnswerState, MeetingState, MinutesState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

meetings = Table(
    "meetings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("topic", ForeignText, nullable=False),
    Column("begins_at", Moment, nullable=False, index=True),
    Column("minutes_long", Integer, nullable=False),
    Column("place", ForeignText, nullable=False),
    Column("host", ForeignText, nullable=False),
    Column("agenda", JSON, nullable=False),
    Column("caller", KEY, ForeignKey("users.id"), nullable=False),
    Column("secretary", KEY, ForeignKey("users.id"), nullable=False),
    Column("why", ForeignText, nullable=False),
    # Words of topic, place, organiser and agenda with their dictionary forms, one space between them.
    Column("lemmas", ForeignText, nullable=False, server_default=""),
    # The key of its form: one that is sent twice makes one meeting.
    Column("once", Text),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    one_of("state", MeetingState),
    CheckConstraint("(state = 'called-off') = (why <> '')", name="why"),
)
Index("uq_meetings_once", meetings.c.once, unique=True)

meeting_invitees = Table(
    "meeting_invitees",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("meeting_id", KEY, ForeignKey("meetings.id"), nullable=False, index=True),
    Column("user_id", KEY, ForeignKey("users.id"), index=True),
    Column("name", ForeignText, nullable=False),
    Column("email", ForeignText, nullable=False),
    Column("number", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", Moment),
    Column("said", ForeignText, nullable=False),
    one_of("answer", AnswerState),
)
Index(
    "uq_meeting_invitees_user",
    meeting_invitees.c.meeting_id,
    meeting_invitees.c.user_id,
    unique=True,
)

# One version is written at a time; a signed one never changes.
meeting_minutes = Table(
    "meeting_minutes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("meeting_id", KEY, ForeignKey("meetings.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("content", ForeignText, nullable=False),
    Column("reason", ForeignText, nullable=False),
    Column("returned", ForeignText, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("saved_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("presented_at", Moment),
    Column("presented_by", KEY, ForeignKey("users.id")),
    Column("signed_at", Moment),
    Column("signed_by", KEY, ForeignKey("users.id")),
    Column("digest", Text, nullable=False),
    one_of("state", MinutesState),
    CheckConstraint(
        "(state = 'draft') = (presented_at IS NULL) AND (presented_at IS NULL) = (presented_by IS NULL)",
        name="presented",
    ),
    CheckConstraint(
        "(state = 'signed') = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (signed_by IS NULL) "
        "AND (signed_by IS NULL OR signed_by <> presented_by)",
        name="signed",
    ),
)
Index("uq_meeting_minutes_version", meeting_minutes.c.meeting_id, meeting_minutes.c.version, unique=True)
Index(
    "uq_meeting_minutes_open",
    meeting_minutes.c.meeting_id,
    unique=True,
    sqlite_where=text("state <> 'signed'"),
    postgresql_where=text("state <> 'signed'"),
)
