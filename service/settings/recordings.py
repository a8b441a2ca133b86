"""Settings of recordings: how they are kept."""

from dataclasses import dataclass
from pathlib import Path

from service import environment as env


def _file(_name: str, given: str) -> Path | None:
    return Path(given).absolute() if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSettings:
    """Where sounds of people lie, and under which key."""

    key_file: Path | None = env.parsed(
        "HOTLINE_RECORDINGS_KEY_FILE",
        "",
        "the file of keys under which recordings and voice messages are encrypted, which"
        " `hotline recordings key` makes",
        _file,
        usual="none: they are not encrypted",
    )
