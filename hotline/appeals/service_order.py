"""The order in which appeals are served."""

from datetime import UTC, datetime

from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency

_LAST = datetime.max.replace(tzinfo=UTC)


def service_order(appeal: Appeal) -> tuple[bool, bool, datetime]:
    """Sort by it: emergencies, then people with benefits by statute (393/96, art. 20), then by the term."""
    return (
        appeal.urgency is not Urgency.EMERGENCY,
        not appeal.served_first,
        appeal.due_at or _LAST,
    )
