"""A source of automatic calls that tells what it was told."""

from collections.abc import Sequence
from datetime import datetime

from hotline.calls.conversation import Call
from hotline.dialling.dialler import Attempt, Errand, Kind, Result

NUMBER = "+380671112233"


class ListedErrands:
    """A source with so many errands due, which remembers what it was told."""

    def __init__(
        self,
        name: str,
        due: int,
        *,
        broken: bool = False,
        kind: Kind = Kind.SURVEY,
        exempt: str = "",
        number: str = NUMBER,
    ) -> None:
        self.name = name
        self.told: list[object] = []
        self.broken = broken
        self._due = [f"{name}-{at}" for at in range(1, due + 1)]
        self._kind, self._exempt, self._number = kind, exempt, number

    async def claim(self, at: datetime, most: int) -> Sequence[Errand]:
        self._break()
        taken, self._due = self._due[:most], self._due[most:]
        return [
            Errand(
                name=one,
                attempt=1,
                claimed_at=at,
                number=self._number,
                kind=self._kind,
                exempt=self._exempt,
            )
            for one in taken
        ]

    async def renew(self, errands: Sequence[Errand], at: datetime) -> None:
        self._break()
        self.told.append(("renewed", [one.name for one in errands], at))

    async def ended(self, errand: Errand, result: Result, at: datetime) -> None:
        self._break()
        self.told.append((errand.name, result, at))

    async def put_off(self, errand: Errand, until: datetime, at: datetime) -> None:
        self.told.append((errand.name, until, at))

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        self._break()
        self.told.append(("left behind", renewed_before, at))
        return 1

    async def prepare(self, errand: Errand) -> None:
        self.told.append(("prepared", errand.name))

    async def attend(self, call: Call, attempt: Attempt) -> None:
        self.told.append(("spoke", call.number, attempt.errand.name))

    def _break(self) -> None:
        if self.broken:
            raise ConnectionError("the database is away")
