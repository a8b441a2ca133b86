"""Names of people in what was said: behind «мене звати», «це …», or where nothing else can be meant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.speech.said import Said, SaidWord


class NameKind(StrEnum):
    """A part of a person's name."""

    FIRST = "first"
    PATRONYMIC = "patronymic"
    SURNAME = "surname"
    PERHAPS = "perhaps"
    """A word that no dictionary knows, an adjective, or `Бульба`: a surname beside another part of a name."""


@dataclass(frozen=True, slots=True)
class NamePart:
    """One word of a name, in the nominative and with its capital: `Марією` is Марія."""

    kind: NameKind
    text: str


Names = Callable[[str], NamePart | None]
"""A dictionary of names: gives the part that a normalised word is; None for any other word."""


@dataclass(frozen=True, slots=True)
class SaidName:
    """A name, and the words that it comes from: from `begins` to before `ends`."""

    text: str
    begins: int
    ends: int


MOST_PARTS = 3
_TOLD = (
    *("мене звати", "мене звуть", "мене зовуть", "меня зовут", "мене зовут", "мене величати", "звати мене"),
    *("моє імя", "моє прізвище", "моя фамілія", "прізвище моє", "прізвище", "фамілія", "на імя", "по імені"),
    *("my name is", "my names", "the name is", "my surname is", "i am called"),
)
"""What follows is a name, whatever it is."""
_PERHAPS = (
    *(
        "це",
        "це я",
        "я",
        "мене",
        "це вас",
        "говорить",
        "каже",
        "турбує",
        "вас турбує",
        "безпокоїть",
        "дзвонить",
    ),
    *("вам дзвонить", "на звязку", "звертається", "this is", "i am", "im", "it is", "its", "speaking"),
)
"""What follows is a name where the dictionary knows it for one."""
_ASKED = (
    *("звати", "звуть", "зовут", "імя", "прізвище", "фамілія", "назвіться", "представтеся", "представтесь"),
    *("name", "surname"),
)
_BETWEEN = frozenset({"це", "я", "є", "буде", "так", "а", "ну", "is"})
_NEVER = frozenset({"і", "й", "та", "з", "із", "у", "в", "на", "and", "from", "i", "the", "a", "calling"})


def name_in(said: Said, names: Names, *, asked: bool = False) -> SaidName | None:
    """Give the name that is told; `asked`: it was asked for just before, so a first name alone is one."""
    for markers, sure in ((_TOLD, True), (_PERHAPS, False)):
        for at in _behind(said, markers):
            found = _run(said, _skip(said, at), names, any_word=sure)
            if found is not None:
                return found
    return _alone(said, names, asked=asked)


def asks_for_name(said: Said) -> bool:
    """Whether the words ask for a name."""
    return any(word.text in _ASKED for word in said)


def _behind(said: Said, markers: Sequence[str]) -> Iterator[int]:
    """Give the places behind a marker, of the longest first."""
    for marker in sorted(markers, key=lambda one: -len(one.split())):
        words = marker.split()
        for at in range(len(said) - len(words)):
            if [word.text for word in said[at : at + len(words)]] == words:
                yield at + len(words)


def _skip(said: Said, at: int) -> int:
    while at < len(said) and said[at].text in _BETWEEN:
        at += 1
    return at


def _run(said: Said, at: int, names: Names, *, any_word: bool) -> SaidName | None:
    """Give the name that stands there; with `any_word` one that no dictionary knows is one as well."""
    parts = list(_parts(said[at : at + MOST_PARTS], names))
    known = [one for one in parts if one.kind is not NameKind.PERHAPS]
    if not parts or not (known or any_word) or (not any_word and parts[0].kind is NameKind.PERHAPS):
        return None
    return SaidName(" ".join(one.text for one in parts), at, at + len(parts))


def _parts(said: Said, names: Names) -> Iterator[NamePart]:
    """Give parts one after the other, each kind once."""
    kinds: set[NameKind] = set()
    for word in said:
        part = _part(word, names)
        if part is None or (part.kind in kinds and part.kind is not NameKind.PERHAPS):
            return
        kinds.add(part.kind)
        yield part


def _part(word: SaidWord, names: Names) -> NamePart | None:
    return None if word.text in _NEVER or not word.text.isalpha() else names(word.text)


def _alone(said: Said, names: Names, *, asked: bool) -> SaidName | None:
    """Give a name that nothing announces: a first name with a patronymic or a surname."""
    for at in range(len(said)):
        parts = list(_parts(said[at : at + MOST_PARTS], names))
        sure = [one for one in parts if one.kind is not NameKind.PERHAPS]
        kinds = {one.kind for one in sure}
        if NameKind.FIRST not in kinds:
            continue
        if asked or (len(kinds) > 1 and parts[0].kind is not NameKind.PERHAPS):
            return SaidName(" ".join(one.text for one in parts), at, at + len(parts))
    return None
