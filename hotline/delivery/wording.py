"""Wording of notices in the recipient's language: texts of the catalogue, filled with facts.

The catalogue (`hotline/data/notices-LANGUAGE.toml`) names texts by audience and act. In a text `{name}` is a
value, `{name~}` one that may be cut where there is little room, and a part in `[ ]` is left out when a value
in it is empty.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from math import ceil
from string import ascii_letters
from zoneinfo import ZoneInfo

from attrs import define

from hotline.contact.channel import Channel
from hotline.delivery.facts import appeal_values, is_plain, plain_values
from hotline.delivery.handing_over import Message
from hotline.delivery.outbox import WRITER, Notice
from hotline.voice.city_name import city_name
from hotline.voice.speech import Language, without_stress

_GSM_DOUBLE = "^{}\\[~]|€"
_GSM = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\r\n0123456789"
    + ascii_letters
    + _GSM_DOUBLE
)
"""The alphabet of Latin short messages."""
ROOM_OF_SMS = 134
"""Two parts in UCS-2, 67 characters each: more is dearer, and telephones of the old kind show it torn."""
ROOM_OF_ANSWER = 335
"""Five parts: a longer answer to who wrote by short message is several messages."""
ROOM_OF_SUBJECT = 120
SHORTEST_CUT = 8
_VALUE = re.compile(r"\{(\w+)(~?)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_LINKED = frozenset({"report-done", "close-unconfirmed"})
_FOLLOWED = {
    "registered": "hand-back",
    "assigned": "assign",
    "accepted": "accept",
    "in-work": "begin-work",
    "done": "report-done",
}
_GENERAL = "other"
_OF_CENTRE = frozenset({"head", "department", "user"})
"""Recipients who open an appeal on the centre's own page."""
_CITIZENS = frozenset({"applicant", "resident", "watcher", "subscriber", "account", WRITER})

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The sender: the number to ring, and the address of our pages from outside ("" for none)."""

    number: str
    zone: ZoneInfo
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language: audience → act → {subject, sms, sms_link, mail}; words for codes; frames of letters."""

    words: Mapping[str, str]
    frame: Mapping[str, str]
    texts: Mapping[str, Mapping[str, Texts]]


@define(eq=False, repr=False)
class Wording:
    """Makes messages and lines of notices. `answer_link` is given for a notice about work said to be done."""

    _house: House

    def message(self, notice: Notice, *, link: str = "", code: str = "", follow: str = "") -> Message:
        """Write the message for the notice's channel; staff get Ukrainian. `follow` leads to the appeal."""
        language = _language_of(notice)
        stop = link if ends_by_link(notice) else ""
        values = self._values(notice, language) | {"link": link, "stop": stop, "follow": follow}
        if wants_code(notice):
            values["code"] = code
        if notice.channel is Channel.SMS:
            room = ROOM_OF_ANSWER if audience_of(notice) == WRITER else ROOM_OF_SMS
            subject, text = "", _sms(_texts_of(notice, language), values, room)
        elif notice.channel is Channel.CHAT:
            subject = ""
            text = f"{self.line(notice, language)}.\n{catalogue(language).frame['chat']}"
        else:
            subject = _cut(
                _one_line(_filled(_texts_of(notice, language)["subject"], values)), ROOM_OF_SUBJECT
            )
            text = _mail(notice, language, values)
        return Message(
            key=notice.key,
            address=notice.address,
            subject=subject,
            text=text,
            language=language.value,
            at=notice.owed_at,
        )

    def line(self, notice: Notice, language: Language) -> str:
        """Write it in one line, for a page."""
        return _one_line(_filled(_texts_of(notice, language)["subject"], self._values(notice, language)))

    def test(self, channel: Channel, address: str, language: Language, key: str, at: datetime) -> Message:
        """Write a message that only shows that the way works."""
        texts = catalogue(language).texts["test"][_GENERAL]
        values = {"phone": self._house.number}
        subject = "" if channel is Channel.SMS else texts["subject"]
        text = _filled(texts["sms"], values)
        return Message(key=key, address=address, subject=subject, text=text, language=language.value, at=at)

    def _values(self, notice: Notice, language: Language) -> dict[str, str]:
        words, facts = catalogue(language).words, notice.facts
        if is_plain(facts):
            return plain_values(facts, self._house.zone, words) | self._house_values(language)
        values = appeal_values(facts, self._house.zone, words)
        audience = "appeals" if notice.to.partition(":")[0] in _OF_CENTRE else "enterprise"
        base = self._house.address
        page = f"{base}/{audience}/{notice.number}" if base else ""
        return values | self._house_values(language) | {"page": page}

    def _house_values(self, language: Language) -> dict[str, str]:
        city = city_name()
        whose = without_stress(city.whose) if language is Language.UKRAINIAN else city.en
        return {"phone": self._house.number, "city": whose}


def wants_link(notice: Notice) -> bool:
    """Whether the applicant is to say if it was done, and so gets a link where that can be said."""
    return audience_of(notice) == "applicant" and _about(notice) in _LINKED


def wants_code(notice: Notice) -> bool:
    """Tell whether the applicant hears by it that the work is done: by its code they answer in a call.

    A code that proves an address to subscribe is a fact of its notice.
    """
    return audience_of(notice) == "applicant" and _about(notice) == "report-done"


def ends_by_link(notice: Notice) -> bool:
    """Tell whether its link ends the recipient's subscriptions to outages and to the power."""
    whom = notice.to.partition(":")[0]
    return whom in {"watcher", "subscriber"} and notice.about.startswith(("outage-", "power-"))


def audience_of(notice: Notice) -> str:
    """Return the audience that the text is for.

    Applicant, reporter (of something linked), watcher (of an outage), subscriber (to outages), executor,
    head, department.
    """
    whom = notice.to.partition(":")[0]
    if whom == "applicant":
        return "reporter" if notice.facts.get("of", notice.number) != notice.number else "applicant"
    return "executor" if whom == "contact" else whom


def utf16(text: str) -> int:
    """Count as UCS-2 does."""
    return len(text.encode("utf-16-le")) // 2


def sms_parts(text: str) -> int:
    """Count the parts that are paid for: 160 Latin letters or 70 others, 153 and 67 each in several.

    A few signs take the room of two Latin letters (3GPP TS 23.038).
    """
    if _GSM.issuperset(text):
        alone, of_several, length = 160, 153, len(text) + sum(map(text.count, _GSM_DOUBLE))
    else:
        alone, of_several, length = 70, 67, utf16(text)
    return min(length, 1) if length <= alone else ceil(length / of_several)


@cache
def catalogue(language: Language) -> Catalogue:
    """Read the texts of a language."""
    file = files("hotline").joinpath(f"data/notices-{language.value}.toml")
    read = tomllib.loads(file.read_text("utf-8"))
    return Catalogue(words=read.pop("words"), frame=read.pop("frame"), texts=read)


def _language_of(notice: Notice) -> Language:
    if not _is_citizens(notice):
        return Language.UKRAINIAN
    return Language(notice.facts.get("language", Language.UKRAINIAN))


def _is_citizens(notice: Notice) -> bool:
    """Whether it is for somebody of the city, in their language, and not for staff."""
    return notice.to.partition(":")[0] in _CITIZENS


def _about(notice: Notice) -> str:
    return _FOLLOWED[notice.facts["state"]] if notice.about == "follow" else notice.about


def _texts_of(notice: Notice, language: Language) -> Texts:
    """Find the texts: those of a request for information, of what came of it, of the act, or general."""
    texts = catalogue(language).texts[audience_of(notice)]
    about = _about(notice)
    result = notice.facts.get("act", {}).get("result", "")
    own = f"{notice.facts.get('named', '')}-{about}"
    return texts.get(own) or texts.get(f"{about}-{result}") or texts.get(about) or texts[_GENERAL]


def _mail(notice: Notice, language: Language, values: Mapping[str, str]) -> str:
    texts, frame = _texts_of(notice, language), catalogue(language).frame
    plain, to_citizen = is_plain(notice.facts), _is_citizens(notice)
    body = _filled(texts["mail"] if plain or to_citizen else texts.get("mail", frame["facts"]), values)
    about = "citizen" if plain else "applicant"
    parts = frame[about if to_citizen else "staff"]
    subject = _filled(texts["subject"], values)
    whole = _filled(parts, {**values, "body": body.strip(), "subject": subject})
    whole = re.sub(r"(?<!\.)\.\.(?!\.)", ".", whole)  # somebody's sentence ends one of ours
    return re.sub(r"\n{3,}", "\n\n", whole).strip() + "\n"


def _sms(texts: Texts, values: Mapping[str, str], room: int) -> str:
    """Cut what may be cut until it fits; the link is left out before it does not."""
    sentence = texts.get("sms") or texts["subject"]
    wanted = [texts["sms_link"], sentence] if values["link"] and "sms_link" in texts else [sentence]
    for template in wanted:
        for text in _shorter_and_shorter(template, values, room):
            if utf16(text) <= room:
                return text
    return _cut(_one_line(_filled(wanted[-1], values)), room)


def _shorter_and_shorter(template: str, values: Mapping[str, str], most: int) -> Iterator[str]:
    elastic = {name: _plain(values[name]) for name, soft in _VALUE.findall(template) if soft}
    while True:
        text = _one_line(_filled(template, {**values, **elastic})).replace("….", "…")
        yield text
        longest = max(elastic, key=lambda name: utf16(elastic[name]), default="")
        if not longest or utf16(elastic[longest]) <= SHORTEST_CUT:
            return
        too_much = max(1, utf16(text) - most)
        room = max(SHORTEST_CUT, utf16(elastic[longest]) - too_much, utf16(elastic[longest]) // 2)
        elastic[longest] = _cut(elastic[longest], min(room, utf16(elastic[longest]) - 1))


def _cut(text: str, room: int) -> str:
    """Cut the text to `room` characters, between words where possible, with an ellipsis."""
    if utf16(text) <= room:
        return text
    kept = text.encode("utf-16-le")[: 2 * (room - 1)].decode("utf-16-le", "ignore")
    at_word = kept.rpartition(" ")[0]
    return (at_word if len(at_word) > len(kept) // 2 else kept).rstrip(" ,.;:…") + "…"


def _plain(text: str) -> str:
    """One line without a full stop at its end: the sentence around it has its own."""
    return _one_line(text).rstrip(" .;,")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Fill it in; KeyError for a value that nobody gives."""

    def optional(found: re.Match[str]) -> str:
        part = found[1]
        return part if all(values[name] for name, _soft in _VALUE.findall(part)) else ""

    return _VALUE.sub(lambda found: values[found[1]], _OPTIONAL.sub(optional, template))
