"""Asterisk's CEL file, written by hand as `asterisk-conf/cel_custom.conf` has Asterisk write it."""

from datetime import datetime
from pathlib import Path


def record(kind: str, at: datetime | float, **fields: str) -> str:
    """One line of the file; `channel_id` is the linked id too unless `linked_id` says otherwise."""
    seconds = at.timestamp() if isinstance(at, datetime) else at
    channel_id = fields.get("channel_id", "hotline-1.1")
    values = (
        kind,
        f"{seconds:.6f}",
        channel_id,
        fields.get("linked_id", channel_id),
        fields.get("channel", "PJSIP/trunk-00000001"),
        fields.get("context", "fallback"),
        fields.get("exten", "s"),
        fields.get("app", ""),
        fields.get("data", ""),
        fields.get("number", "0457900001"),
        fields.get("peer", ""),
        fields.get("extra", ""),
    )
    return ",".join('"' + value.replace('"', '""') + '"' for value in values) + "\n"


class CelFile:
    """The file that Asterisk appends to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, *records: str) -> None:
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.writelines(records)

    def rotate(self, *records: str) -> None:
        """Begin anew."""
        self.path.write_text("".join(records), encoding="utf-8", newline="")
