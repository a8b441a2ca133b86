"""By when an emergency has to be accepted: the clock that wakes others when it runs out."""

from datetime import datetime

from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.classifier import classifier


def accept_by(appeal: Appeal) -> datetime | None:
    """Give the moment (UTC) after which others are called; None where no such clock runs."""
    clock = classifier(appeal.classifier).acknowledgement(appeal.category, appeal.urgency)
    if clock is None or appeal.state is not AppealState.ASSIGNED or appeal.state_since is None:
        return None
    return appeal.state_since + clock
