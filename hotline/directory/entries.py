"""Entries of the directory: a body, an enterprise of the register, or both in one, with their people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hotline.city.days_off import DaysOff
from hotline.city.search_terms import Lemmas, saying, with_forms, words
from hotline.contact.numbers import digits_of_part
from hotline.directory.bodies import Bodies, Body, BodyKind, Official
from hotline.directory.hours import Standing, standing
from hotline.enterprises.executors import Executor
from hotline.knowledge.finding import Said, rarity

_NUMBERED = "enterprise-"
MOST_BESIDE = 2
TELLING_WORDS = 2
"""Words of its name that a talk has to share with an entry, where it shares none of its topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: `body` or `executor` is there, or both. `officials` are the people of the body."""

    body: Body | None = None
    executor: Executor | None = None
    officials: Sequence[Official] = ()

    @property
    def key(self) -> str:
        """Its part of an address: the body's code, or the enterprise's number."""
        return self.body.code if self.body else f"{_NUMBERED}{self.executor.id if self.executor else 0}"

    @property
    def kind(self) -> BodyKind:
        return self.body.kind if self.body else BodyKind.ENTERPRISE

    def name(self, language: str) -> str:
        if self.body:
            return self.body.name(language)
        return self.executor.short if self.executor else ""

    @property
    def numbers(self) -> Iterator[str]:
        """All numbers by which somebody there is reached."""
        if self.body:
            yield from (*self.body.numbers, *self.body.inner)
        for one in self.officials:
            yield from (*one.numbers, *one.inner)
        for contact in self.executor.contacts if self.executor else ():
            if contact.number:
                yield contact.number

    @property
    def named(self) -> str:
        """The words by which it is called."""
        executor = (self.executor.short, self.executor.name) if self.executor else ()
        return " ".join((*executor, *((self.body.uk, self.body.en) if self.body else ())))

    @property
    def topics(self) -> str:
        return " ".join(self.body.topics) if self.body else ""

    @property
    def said(self) -> str:
        """All words by which it is found."""
        people = (f"{one.name} {one.post_uk} {one.post_en}" for one in self.officials)
        contacts = (one.name for one in self.executor.contacts) if self.executor else ()
        return " ".join((self.named, self.topics, self.body.address if self.body else "", *people, *contacts))


def entries(bodies: Bodies, executors: Sequence[Executor]) -> Sequence[Entry]:
    """Join bodies with the enterprises that are open, in the order of their groups."""
    by_name = {one.short.casefold(): one for one in executors if one.active}
    joined = [
        Entry(body=one, executor=by_name.pop(one.enterprise.casefold(), None), officials=bodies.of(one.code))
        for one in bodies.bodies.values()
    ]
    order = list(BodyKind)
    every = [*joined, *(Entry(executor=one) for one in by_name.values())]
    return sorted(every, key=lambda one: order.index(one.kind))


def standing_of(body: Body, days_off: DaysOff, local: datetime) -> Standing | None:
    """Tell how a body stands at this moment of the city's time; None: its hours are not known."""
    if body.hours is None:
        return None
    always = body.hours.always

    def closed(day: date) -> bool:
        return any(one.hold(day) for one in body.closed) or (not always and days_off.is_holiday(day))

    return standing(body.hours, closed, local)


async def having(every: Sequence[Entry], typed: str, lemmas: Lemmas) -> Sequence[Entry]:
    """Keep the entries with all that was typed: words in any form, their beginnings, or part of a number."""
    if digits := digits_of_part(typed):
        return [one for one in every if any(digits in number for number in one.numbers)]
    return await saying(every, lambda one: one.said, typed, lemmas)


async def fitting(every: Sequence[Entry], said: Said, lemmas: Lemmas) -> Sequence[Entry]:
    """Give the few that a talk is about: by their topics, or by several words of their names."""
    if not said:
        return []
    texts = [(words(one.topics), words(one.named)) for one in every]
    known = sorted({word for pair in texts for part in pair for word in part})
    forms = dict(zip(known, await lemmas.of(known), strict=True))
    sets = [[frozenset(with_forms(part, [forms[word] for word in part])) for part in pair] for pair in texts]
    counted = Counter(word for topics, named in sets for word in topics | named)
    scored = []
    for one, (topics, named) in zip(every, sets, strict=True):
        asked = [meant & topics for meant in said if not meant.isdisjoint(topics)]
        called = [meant & named for meant in said if not meant.isdisjoint(named)]
        if asked or len(called) >= TELLING_WORDS:
            scored.append((rarity([*asked, *called], counted, len(every)), one))
    return [one for _, one in sorted(scored, key=lambda pair: -pair[0])[:MOST_BESIDE]]
