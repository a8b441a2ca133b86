"""The set-up of a new city on real storage, with a voice and an exchange that tests set."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.new_city.routes import add_new_city
from cti_server.new_city.sources import LINE_SETTINGS, NewCitySources, SpokenSoFar, Tried
from hotline.city_data.kinds import kept
from hotline.intake.imports import Imports
from service.intake.imports import Imports as KeptImports
from service.intake.imports import stored_imports
from service.voice.phrase_book import StoredPhraseBook
from storage.store import Storage
from tests.cti_server.announcements.conftest import announcing
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard

CODE = "1234 5678 9012 3456"


@dataclass
class SetSpeaking:
    """Implements `cti_server.new_city.sources.Speaking`."""

    now: SpokenSoFar = field(default_factory=SpokenSoFar)

    def begin(self) -> None:
        self.now = SpokenSoFar(done=3, of=10, running=True)

    def stop(self) -> None:
        self.now = SpokenSoFar(done=3, of=10, failed=True)

    def so_far(self) -> SpokenSoFar:
        return self.now


@dataclass
class SetTrial:
    """Implements `cti_server.new_city.sources.Trial`."""

    now: Tried = field(default_factory=Tried)

    def begin(self, language: str) -> None:
        self.now = Tried(running=True, lines=(language,))

    def so_far(self) -> Tried:
        return self.now


@dataclass
class SetLine:
    """Implements `cti_server.new_city.sources.CityLine`."""

    values: dict[str, str] = field(
        default_factory=lambda: dict(zip(LINE_SETTINGS, ("1580", "", "", "", "127.0.0.1"), strict=True))
    )
    given: Collection[str] = ()
    alone: bool = False
    begun: int = 0

    def now(self) -> Mapping[str, str]:
        return self.values

    def fixed(self) -> Collection[str]:
        return self.given

    def begins_anew(self) -> bool:
        return not self.alone

    def ours(self, host: str) -> bool:
        return host in {"127.0.0.1", "0.0.0.0", "192.0.2.5", "2001:db8::5"}  # noqa: S104 - no socket is opened

    def keep(self, values: Mapping[str, str]) -> None:
        self.values |= values

    def begin_anew(self) -> None:
        self.begun += 1


@dataclass
class NewCityAtHand:
    """What a test sets of the new city beside its storage."""

    speaking: SetSpeaking = field(default_factory=SetSpeaking)
    trial: SetTrial = field(default_factory=SetTrial)
    line: SetLine = field(default_factory=SetLine)


def new_city_sources(
    storage: Storage, clock: MovedClock, imports: Imports, folder: Path, at_hand: NewCityAtHand
) -> NewCitySources:
    return NewCitySources(
        setup=storage.city_setup,
        documents=storage.city_documents,
        imports=imports,
        executors=storage.executors,
        rules=storage.rules,
        calls=storage.calls,
        book=StoredPhraseBook(storage.outages, storage.city_messages, clock, KYIV),
        studio=announcing(storage, clock, folder).studio,
        speaking=at_hand.speaking,
        trial=at_hand.trial,
        line=at_hand.line,
        clock=clock,
        begun=datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
    )


@pytest.fixture(autouse=True)
def delivered_again() -> Iterator[None]:
    """What a test puts into force holds for this test alone."""
    with kept():
        yield


@pytest.fixture
def at_hand() -> NewCityAtHand:
    return NewCityAtHand()


@pytest.fixture
def imports(storage: Storage, clock: MovedClock, tmp_path: Path) -> KeptImports:
    return KeptImports(stored_imports(storage, tmp_path / "imports", clock))


@pytest.fixture
def app(  # noqa: PLR0917 - fixtures
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    imports: KeptImports,
    tmp_path: Path,
    at_hand: NewCityAtHand,
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_new_city(made, new_city_sources(storage, clock, imports, tmp_path, at_hand), open_now=True)
    return made
