"""Facts of notices: what their texts are filled with, of an appeal and of all else, in any language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.classifier import Urgency
from hotline.city.terms import end_of
from hotline.voice.speech import Language


def notice_facts(
    language: Language,
    *,
    urgency: Urgency = Urgency.ORDINARY,
    texts: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    moments: Mapping[str, datetime | None] | None = None,
) -> dict[str, Any]:
    """Return the facts as JSON, each under its name in the text.

    `texts` stay as they are, `words` are codes of the catalogue's `[words]`, `moments` are written in the
    city's time; `since` and `until` among them give a text `span` as well. An urgent notice that is an
    EMERGENCY is sent in quiet hours as well.
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
    given: Mapping[str, str] = facts["moments"]
    at = {name: datetime.fromisoformat(one).astimezone(zone) for name, one in given.items() if one}
    moments = {name: _moment(at[name], words) if name in at else "" for name in given}
    named = {name: words[code] for name, code in facts["words"].items()}
    return {**facts["texts"], **named, **moments, "span": _span(at.get("since"), at.get("until"), words)}


def appeal_values(facts: Mapping[str, Any], zone: ZoneInfo, words: Mapping[str, str]) -> dict[str, str]:
    """Return the values for the text of a notice about an appeal, as people write them.

    `words` are the language's words for codes. Terms that end within a day are given to the minute, in the
    city's time.
    """
    act: Mapping[str, Any] = facts.get("act", {})
    due_at = facts.get("due_at")
    urgent = facts["urgency"] != Urgency.ORDINARY
    by_day = date.fromisoformat(facts["due_on"])
    due = f"{by_day:%d.%m.%Y}"
    if due_at and urgent and end_of(by_day, zone).due_at != datetime.fromisoformat(due_at):
        due = words["term"].format(at=datetime.fromisoformat(due_at).astimezone(zone))
    registered_at = facts.get("registered_at")
    return {
        "number": facts["number"],
        "of": facts.get("of", ""),
        "due": due,
        "registered": _day(registered_at, zone) if registered_at else "",
        "text": facts["text"],
        "address": facts["address"],
        "executor": facts["executor"],
        "answer": facts["answer"],
        "parent": facts.get("parent", ""),
        "said": facts["said"],
        "alarm": words["alarm"] if facts["urgency"] == Urgency.EMERGENCY else "",
        "to": str(act.get("to", "")),
        "until": f"{date.fromisoformat(act['until']):%d.%m.%Y}" if "until" in act else "",
        "ground": words.get(f"ground-{act['ground']}", "") if "ground" in act else "",
    }


def _moment(at: datetime, words: Mapping[str, str]) -> str:
    """Write it by `moment`, or by `moment-at-HOUR` where the language says that hour in another way."""
    return words.get(f"moment-at-{at.hour}", words["moment"]).format(at=at)


def _span(since: datetime | None, until: datetime | None, words: Mapping[str, str]) -> str:
    """Write from when until when: no end where nobody knows it, and the same day only once."""
    if since is None:
        return ""
    if until is None:
        return words["span-open"].format(since=since)
    form = "span-day" if since.date() == until.date() else "span-days"
    return words[form].format(since=since, until=until)


def _day(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%d.%m.%Y}"
