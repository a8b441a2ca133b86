"""Subjects of notices, as the audit log names them: `appeal:2600018`, `outage:7`."""

from collections.abc import Iterable

from hotline.delivery.outbox import Notice

_MATTERS = {
    "outage": "outage",
    "entry": "outage",
    "informing": "informing",
    "subscription": "subscription",
    "meeting": "meeting",
    "inquiry": "inquiry",
    "involvement": "specialist",
    "task": "task",
    "chat": "chat",
}
"""How a matter begins → the kind of what it is about; the number of that follows in the matter."""


def subject_of(notice: Notice) -> str:
    if notice.number:
        return f"appeal:{notice.number}"
    kind, _, rest = notice.matter.partition("-")
    number = rest.partition("-")[0]
    return f"{_MATTERS[kind]}:{number}" if kind in _MATTERS else f"matter:{notice.matter}"


def subjects_of(notices: Iterable[Notice]) -> str:
    """Name what these are about, each once."""
    return " ".join(dict.fromkeys(map(subject_of, notices)))
