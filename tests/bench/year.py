"""A year of a city of 100,000 in the database: 100,000 appeals of 40 enterprises, with their histories."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from hotline.access.permissions import Role
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.appeal import AppealKind, AppealState, Receipt, ResultKind, Sign, Subject
from hotline.appeals.paperwork import index_of, paperwork
from hotline.city.classifier import classifier
from hotline.city.search_terms import normalised, words
from storage.appeals.texts import lemma_text
from storage.city.lemmas import UkrainianLemmas
from storage.core.word_index import place_of
from tests.bench.city_words import address, summary

EXECUTORS = 40
REGISTRARS = 12
ENTRIES = 7
"""Lines of history that most appeals have."""
SEED = 401
KYIV = ZoneInfo("Europe/Kyiv")
BEGAN = datetime(2025, 11, 25, tzinfo=UTC)
YEAR = timedelta(days=365)
FRESH = timedelta(days=20)
"""Younger ones are still being worked on, most of the others have ended."""
_KINDS = (
    *(AppealKind.REPORT,) * 6,
    *(AppealKind.APPLICATION,) * 3,
    AppealKind.COMPLAINT,
    AppealKind.PROPOSAL,
)
_SIGNS = (*(Sign.FIRST,) * 17, Sign.REPEATED, Sign.DUPLICATE, Sign.MASS)
_RECEIPTS = (*(Receipt.PHONE,) * 8, Receipt.ONLINE, Receipt.POST, Receipt.IN_PERSON)
_OLD = {
    AppealState.CLOSED: 180,
    AppealState.CLOSED_UNCONFIRMED: 8,
    AppealState.FORWARDED: 4,
    AppealState.WITHDRAWN: 3,
    AppealState.REJECTED: 1,
    AppealState.DISPUTED: 1,
    AppealState.IN_WORK: 1,
}
"""Of 200."""
_NEW = {
    AppealState.CLOSED: 6,
    AppealState.IN_WORK: 5,
    AppealState.BEING_CHECKED: 2,
    AppealState.ACCEPTED: 2,
    AppealState.ASSIGNED: 2,
    AppealState.DONE: 1,
    AppealState.DISPUTED: 1,
    AppealState.REGISTERED: 1,
}
_ROAD = (
    *(
        ("register", AppealState.REGISTERED),
        ("assign", AppealState.ASSIGNED),
        ("accept", AppealState.ACCEPTED),
    ),
    *(("begin-work", AppealState.IN_WORK), ("report-done", AppealState.DONE)),
    *(("begin-check", AppealState.BEING_CHECKED), ("confirm", AppealState.CLOSED)),
)
_SHORTCUTS = {
    AppealState.CLOSED_UNCONFIRMED: "close-unconfirmed",
    AppealState.FORWARDED: "forward",
    AppealState.REJECTED: "reject",
    AppealState.WITHDRAWN: "withdraw",
    AppealState.DISPUTED: "dispute",
}
_NOT_GIVEN = frozenset({AppealState.REGISTERED, AppealState.FORWARDED, AppealState.REJECTED})
_WITH_RESULT = frozenset({AppealState.DONE, AppealState.BEING_CHECKED, AppealState.CLOSED})
_ENTERPRISES = (
    "Тепломережі",
    "Водоканал",
    "Житлокомсервіс",
    "Міськсвітло",
    "Зеленбуд",
    "Шляхрембуд",
    "Ліфтсервіс",
)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The numbers of appeals and of citizens."""

    appeals: int
    citizens: int

    def number_of(self, index: int) -> str:
        at = self.at(index)
        return f"{at.year % 100:02d}{index:06d}"

    def at(self, index: int) -> datetime:
        return BEGAN + YEAR * index / self.appeals


def executors() -> Iterator[Row]:
    for index in range(EXECUTORS):
        name = f"{_ENTERPRISES[index % len(_ENTERPRISES)]}-{index // len(_ENTERPRISES) + 1}"
        yield {"id": index + 1, "name": f"КП «{name}»", "short": name, "active": True, "demo": True}


def registrars() -> Iterator[Row]:
    for index in range(REGISTRARS):
        yield {
            "id": index + 1,
            "login": f"dispatcher{index + 1}",
            "name": f"Диспетчер {index + 1}",
            "role": Role.DISPATCHER.value,
            "password_hash": "none",
            "active": False,
            "demo": False,
        }


def appeals(year: Year) -> Iterator[Row]:
    chance, codes = Random(SEED), list(classifier().categories.values())  # noqa: S311 - the same every time
    for index in range(year.appeals):
        at, where, kind = year.at(index), address(chance), chance.choice(_KINDS)
        category = chance.choice(codes)
        states = _NEW if BEGAN + YEAR - at < FRESH else _OLD
        (state,) = chance.choices(list(states), list(states.values()))
        due = classifier().deadline(category.code, category.urgency, at, KYIV)
        given = (
            None if state in _NOT_GIVEN else 1 + min(chance.randrange(EXECUTORS), chance.randrange(EXECUTORS))
        )
        number, applicant = year.number_of(index), chance.randrange(year.citizens)
        rule = paperwork().rule(kind)
        letter = chance.choice("АБВГДЗКЛМНОПРСТУФХЦЧШЮЯ")
        yield {
            "number": number,
            "applicant_number": f"+38045{applicant // 2:07d}",
            "applicant_id": applicant + 1,
            "text": summary(chance),
            "address": where,
            "address_key": normalised(where),
            "state": state.value,
            "state_since": at + timedelta(hours=chance.randrange(1, 200)),
            "registered_at": at,
            "due_on": due.due_on,
            "due_at": due.due_at,
            "kind": kind.value,
            "category": category.code,
            "classifier": classifier().version,
            "urgency": category.urgency.value,
            "consent": True,
            "sign": chance.choice(_SIGNS).value,
            "subject": Subject.INDIVIDUAL.value,
            "receipt": chance.choice(_RECEIPTS).value,
            "registered_by": chance.randint(1, REGISTRARS),
            "executor_id": given,
            "result": ResultKind.SATISFIED.value if state in _WITH_RESULT else None,
            "answer": "Роботи виконано, пошкодження усунено." if state in _WITH_RESULT else "",
            "version": len(road(state)),
            "registration_index": index_of(rule, letter=letter, running=index, number=number, year=at.year),
        }


def road(state: AppealState) -> Sequence[tuple[str, AppealState]]:
    """Give the acts, with the states after them, by which an appeal came to this state."""
    if state in _SHORTCUTS:
        behind = 1 if state in _NOT_GIVEN else len(_ROAD) - 1
        return [*_ROAD[:behind], (_SHORTCUTS[state], state)]
    return _ROAD[: [after for _, after in _ROAD].index(state) + 1]


def histories(year: Year) -> Iterator[Row]:
    for one in appeals(year):
        at, before = one["registered_at"], None
        assert isinstance(at, datetime)  # noqa: S101 - we made it ourselves
        for version, (act, after) in enumerate(road(AppealState(str(one["state"]))), 1):
            yield {
                "number": one["number"],
                "version": version,
                "at": at + timedelta(hours=7 * (version - 1)),
                "act": act,
                "part": (ActorRole.EXECUTOR if version > 2 else ActorRole.DISPATCHER).value,  # noqa: PLR2004
                "user_id": one["registered_by"],
                "executor_id": one["executor_id"] if version > 2 else None,  # noqa: PLR2004
                "state_before": before,
                "state_after": after.value,
                "said": "",
                "hidden": False,
                "facts": {},
                "step": None,
            }
            before = after.value


def texts(year: Year) -> Iterator[Row]:
    lemmas = UkrainianLemmas()
    for second, group in groupby(appeals(year), lambda one: place_of(_at(one))):
        for beside, one in enumerate(group):
            where = str(one["address"])
            said = words(f"{one['text']} {where}")
            text = lemma_text(said, [lemmas.of_word(word) for word in said], where)
            yield {"id": second + beside, "appeal": one["number"], "lemmas": text}


def _at(one: Row) -> datetime:
    at = one["registered_at"]
    assert isinstance(at, datetime)  # noqa: S101 - we made it ourselves
    return at
