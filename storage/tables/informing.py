"""Tables of informing by order of the mayor: orders, their people, and their campaigns."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from hotline.informing.order_states import OrderState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

informing_orders = Table(
    "informing_orders",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", ForeignText, nullable=False),
    Column("dated", Date, nullable=False),
    Column("issued_by", ForeignText, nullable=False),
    Column("subject", ForeignText, nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("short", ForeignText, nullable=False),
    Column("ways", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("until", Moment),
    Column("exempt", ForeignText, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("author_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("approver_id", KEY, ForeignKey("users.id")),
    Column("decided_at", Moment),
    Column("refusal", ForeignText, nullable=False),
    Column("stopped_by", KEY, ForeignKey("users.id")),
    Column("stopped_at", Moment),
    Column("stop_reason", ForeignText, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("voice", Text, nullable=False, server_default=""),
    # How far the register of citizens was read: after a crash the next process goes on there.
    Column("looked_up_to", KEY, nullable=False),
    one_of("state", OrderState),
    CheckConstraint("(approver_id IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("state IN ('draft', 'submitted', 'stopped') OR approver_id IS NOT NULL", name="approved"),
    CheckConstraint("approver_id <> author_id", name="second_person"),
)

informing_people = Table(
    "informing_people",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("order_id", KEY, ForeignKey("informing_orders.id"), nullable=False),
    Column("name", ForeignText, nullable=False),
    Column("number", Text),
    Column("email", ForeignText),
    UniqueConstraint("order_id", "number", name="uq_informing_people_order_id_number"),
    UniqueConstraint("order_id", "email", name="uq_informing_people_order_id_email"),
)

# The first calls everybody, each further one those who were not reached.
informing_campaigns = Table(
    "informing_campaigns",
    metadata,
    Column("campaign_id", KEY, ForeignKey("campaigns.id"), primary_key=True),
    Column("order_id", KEY, ForeignKey("informing_orders.id"), nullable=False),
)
Index("ix_informing_campaigns_order_id", informing_campaigns.c.order_id)
