"""Facts of breaches (regulation 3.5) as lines of a report to the department, and the norms that they break.

A person chooses and composes; nothing is sent by itself. The lines name no citizen: papers of the State
language, they are Ukrainian.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from hotline.appeals.lists import ListedAppeal
from hotline.inquiries.inquiries import Inquiry
from hotline.outages.outage import EntryFlaw, Outage

_393 = "Закон України «Про звернення громадян» № 393/96-ВР"
_2939 = "Закон України «Про доступ до публічної інформації» № 2939-VI"
_OWN = "Положення про «Контакт-центр»"
NORMS: Mapping[str, str] = {
    "393-19": f"{_393}, ст. 19 — обов'язки щодо розгляду заяв і скарг",
    "393-20": f"{_393}, ст. 20 — строк розгляду звернень",
    "2939-20": f"{_2939}, ст. 20 — строк розгляду запитів",
    "4.2": f"{_OWN}, п. 4.2 — надання документів та інформації на запит",
    "4.3": f"{_OWN}, п. 4.3 — своєчасне внесення повідомлень про роботи й відключення",
}
_FLAWS: Mapping[EntryFlaw, str] = {
    EntryFlaw.LATE: "внесено після початку",
    EntryFlaw.SHORT_NOTICE: "внесено менше ніж за десять днів",
    EntryFlaw.OVERDUE: "очікуваний час минув, нового не подано",
    EntryFlaw.MISSING: "підприємство не внесло, повідомили мешканці",
}


def overdue_appeal(one: ListedAppeal, category: str, zone: tzinfo) -> str:
    """Write an appeal whose term has ended."""
    registered, due = _day(one.appeal.registered_at, zone), f"{one.appeal.due_on:%d.%m.%Y}"
    whose = f" {one.executor}:" if one.executor else ""
    return f"{whose} звернення № {one.appeal.number} від {registered} ({category}), строк — {due}".strip()


def flawed_entry(one: Outage, enterprise: str, flaws: Sequence[EntryFlaw], zone: tzinfo) -> str:
    """Write an outage whose entry lacks what the regulation asks (4.3)."""
    said = ", ".join(_FLAWS[flaw] for flaw in flaws)
    return f"{enterprise}: відключення № {one.id}, початок {_minute(one.starts_at, zone)}: {said}"


def unanswered_inquiry(one: Inquiry, enterprise: str, zone: tzinfo) -> str:
    """Write a request for information that was not answered in its term (4.2)."""
    asked, due = _day(one.asked_at, zone), _day(one.due_at, zone)
    return f"{enterprise}: запит № {one.id} від {asked} без відповіді, строк — {due}"


def composed(text: str, facts: Iterable[str], norms: Iterable[str]) -> str:
    """Put chosen facts and norms behind the text, each once however often it was chosen."""
    lines = [line for line in (f"— {fact};" for fact in facts) if line not in text]
    broken = [line for line in (f"— {NORMS[one]};" for one in norms) if line not in text]
    parts = [text.rstrip()]
    if lines:
        parts.append("Виявлено:\n" + "\n".join(lines))
    if broken:
        parts.append("Порушено:\n" + "\n".join(broken))
    return "\n\n".join(filter(None, parts))


def _day(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%Y}"


def _minute(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"
