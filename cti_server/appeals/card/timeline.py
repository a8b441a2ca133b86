"""The history of an appeal in words: acts, actors, their sources, and who sees each line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from typing import Any

import msgspec

from cti_server.appeals.acts.words import ACTS, DRAWN_IN, FIELDS, GROUNDS, IN_VAIN, PARTS, STEPS
from cti_server.frame.language import N_
from cti_server.frame.words import APPEAL_STATES
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.applicants_word import AttemptInVain
from hotline.appeals.acts.keeping import ANSWERS_BEFORE
from hotline.appeals.acts.passed_on import KnownBy, program_source
from hotline.appeals.handling import Entry
from hotline.city.questions import Detail

Facts = Mapping[str, Any]
Gettext = Callable[[str], str]
_CALL, _SURVEY, _LETTER = "call:", "survey:", "letter:"
_IN_CHAT: Mapping[str, str] = {
    "chat": N_("in a chat"),
    "telegram": N_("in Telegram"),
    "viber": N_("in Viber"),
    "whatsapp": N_("in WhatsApp"),
    "sms": N_("by short message"),
}
"""Sources that name a chat, by its medium."""
KNOWN_BY: Mapping[KnownBy, str] = {
    KnownBy.CODE: N_("by the code of the appeal"),
    KnownBy.ACCOUNT: N_("signed in there"),
    KnownBy.MESSAGE: N_("by their message"),
    KnownBy.SIGNATURE: N_("identified electronically"),
}
"""How the other system knew the applicant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names behind ids, as the history has them."""

    users: Mapping[int, str]
    executors: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the timeline, in the reader's language."""

    at: datetime
    act: str
    what: str
    who: str
    said: str
    internal: bool
    became: str
    """The state that it came to; empty where it stayed."""
    call_id: str
    """The call in which the applicant said so, or was not reached; empty for none."""
    chat: str = ""
    """The id of the chat in which the applicant said so; empty for none."""
    remark: str = ""
    """The voice message in which they said what is wrong; empty for none."""
    before: Sequence[Detail] = ()
    """Answers to the category's questions that a correction took away or replaced."""


def timeline(history: Iterable[Entry], names: Names, words: NullTranslations) -> Sequence[Line]:
    """Give the history's lines, the latest first."""
    return [_line(one, names, words) for one in history][::-1]


def _line(one: Entry, names: Names, words: NullTranslations) -> Line:
    source = str(one.facts.get("source", ""))
    moved = one.before is not one.after
    return Line(
        at=one.at,
        act=one.act,
        what=_what(one, names, words),
        who=_who(one, names, words),
        said=words.gettext(IN_VAIN[one.said]) if one.said in IN_VAIN else one.said,
        internal=one.hidden,
        became=words.gettext(APPEAL_STATES[one.after]) if moved else "",
        call_id=_call(one, source),
        chat=_chat(source)[1],
        remark=str(one.facts.get("remark", "")),
        before=msgspec.convert(one.facts.get(ANSWERS_BEFORE, []), tuple[Detail, ...]),
    )


def _call(one: Entry, source: str) -> str:
    kind = next((kind for kind in (_CALL, _SURVEY) if source.startswith(kind)), None)
    tried = str(one.facts.get("call_id", "")) if one.act == AttemptInVain.name else ""
    return tried if kind is None else source.removeprefix(kind)


def _chat(source: str) -> tuple[str, str]:
    """Give how the word came in a chat, and the chat's id; both empty where it came in another way."""
    medium, _, chat = source.partition(":")
    return (_IN_CHAT[medium], chat) if medium in _IN_CHAT and chat.isdecimal() else ("", "")


def _what(one: Entry, names: Names, words: NullTranslations) -> str:
    if one.act == "escalate":
        return words.gettext(STEPS.get(str(one.facts.get("kind")), ACTS["escalate"]))
    if one.act == "draw-in":
        return words.gettext(DRAWN_IN.get(str(one.facts.get("step")), ACTS["draw-in"]))
    if one.act == "control":
        return words.gettext(N_("Is under control") if one.facts.get("on") else N_("Taken off control"))
    what = words.gettext(ACTS.get(one.act, one.act))
    more = _particulars(one, names, words)
    return f"{what}: {more}" if more else what


def _particulars(one: Entry, names: Names, words: NullTranslations) -> str:
    tell = _TOLD.get(one.act)
    return tell(one.facts, names, words.gettext) if tell else ""


def _executor(facts: Facts, names: Names, gettext: Gettext) -> str:
    given = names.executors.get(int(facts.get("executor_id") or 0), "")
    by_rule = gettext(N_("by a rule")) if facts.get("rule_id") else ""
    return ", ".join(filter(None, (given, by_rule)))


def _accepted_by(facts: Facts, _names: Names, gettext: Gettext) -> str:
    name = facts.get("acknowledged_by")
    return gettext(N_("by telephone, %(name)s")) % {"name": name} if name else ""


def _colleague(facts: Facts, names: Names, _gettext: Gettext) -> str:
    return names.users.get(int(facts.get("assignee_id") or 0), "")


def _addressee(facts: Facts, _names: Names, _gettext: Gettext) -> str:
    return str(facts.get("to", ""))


def _ground(facts: Facts, _names: Names, gettext: Gettext) -> str:
    return gettext(GROUNDS.get(str(facts.get("ground")), ""))


def _until(facts: Facts, _names: Names, gettext: Gettext) -> str:
    given = facts.get("until")
    return gettext(N_("until %(day)s")) % {"day": f"{date.fromisoformat(given):%d.%m.%Y}"} if given else ""


def _rating(facts: Facts, _names: Names, gettext: Gettext) -> str:
    rating = facts.get("rating")
    return gettext(N_("rating %(rating)s of 5")) % {"rating": rating} if rating else ""


def _amended(facts: Facts, _names: Names, gettext: Gettext) -> str:
    return ", ".join(gettext(text) for name, text in FIELDS.items() if name in facts)


def _parent(facts: Facts, _names: Names, _gettext: Gettext) -> str:
    return f"№ {facts.get('parent', '')}"


_TOLD: Mapping[str, Callable[[Facts, Names, Gettext], str]] = {
    "assign": _executor,
    "follow": _executor,
    "accept": _accepted_by,
    "pass-inside": _colleague,
    "forward": _addressee,
    "reject": _ground,
    "extend": _until,
    "ask-extension": _until,
    "recount": _until,
    "confirm": _rating,
    "amend": _amended,
    "link": _parent,
}
"""An act's name → further facts of its line."""


def _who(one: Entry, names: Names, words: NullTranslations) -> str:
    user = names.users.get(one.user_id or 0, "")
    part = words.gettext(PARTS[one.part])
    if one.part is ActorRole.APPLICANT:
        return _source(one, user, part, words)
    if one.part is ActorRole.EXECUTOR:
        return ", ".join(filter(None, (user, names.executors.get(one.executor_id or 0, part))))
    return f"{user}, {part}" if user else part


def _source(one: Entry, user: str, part: str, words: NullTranslations) -> str:
    source = str(one.facts.get("source", ""))
    passed, how = program_words(source, words), ""
    if passed:
        answers = words.gettext(N_("%(name)s answers for the system")) % {"name": user} if user else ""
        return ", ".join(filter(None, (part, passed, answers)))
    if source.startswith(_CALL):
        how = words.gettext(N_("by telephone"))
    elif in_chat := _chat(source)[0]:
        how = words.gettext(in_chat)
    elif source.startswith(_SURVEY):
        how = words.gettext(N_("asked by an automatic call"))
    elif source.startswith(_LETTER):
        how = words.gettext(N_("by letter: %(letter)s")) % {"letter": source.removeprefix(_LETTER)}
    by = words.gettext(N_("taken down by %(name)s")) % {"name": user} if user else ""
    return ", ".join(filter(None, (part, how, by)))


def program_words(source: str, words: NullTranslations) -> str:
    """Say by which system a word was passed on, and how it knew the applicant; empty for another source."""
    passed = program_source(source)
    if passed is None:
        return ""
    token, known_by, reference = passed
    said = {"how": words.gettext(KNOWN_BY[known_by]), "token": token, "reference": reference}
    return words.gettext(N_("passed on by the system of token %(token)s, %(how)s (%(reference)s)")) % said
