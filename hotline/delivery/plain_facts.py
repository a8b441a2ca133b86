"""Facts of notices that are about no appeal: what their texts are filled with, in any language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import Urgency
from hotline.voice.speech import Language


def plain_facts(
    language: Language,
    *,
    urgency: Urgency = Urgency.ORDINARY,
    texts: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    moments: Mapping[str, datetime | None] | None = None,
) -> dict[str, Any]:
    """Give them as JSON has them, each under its name in the text.

    `texts` stand as they are, `words` are codes of the catalogue's `[words]`, `moments` are written in the
    city's time. An urgent notice that is an EMERGENCY is sent in quiet hours as well.
    """
    return {
        "language": language.value,
        "urgency": urgency.value,
        "texts": dict(texts or {}),
        "words": dict(words or {}),
        "moments": {name: at.isoformat() if at else "" for name, at in (moments or {}).items()},
    }


def is_plain(facts: Mapping[str, Any]) -> bool:
    return "texts" in facts


def plain_values(facts: Mapping[str, Any], zone: ZoneInfo, words: Mapping[str, str]) -> dict[str, str]:
    """Give the values of the text, written as people do; KeyError for a word that the language lacks."""
    moments = {
        name: words["moment"].format(at=datetime.fromisoformat(at).astimezone(zone)) if at else ""
        for name, at in facts["moments"].items()
    }
    named = {name: words[code] for name, code in facts["words"].items()}
    return {**facts["texts"], **named, **moments}
