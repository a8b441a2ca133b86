"""The applicant's own word as another system passes it on: how that system knew them is kept with the act."""

from collections.abc import Sequence
from enum import StrEnum

from hotline.access.tokens import Token
from hotline.appeals.acts.actors import Actor, ActorRole

PROGRAM = "program"
_PARTS = 4


class KnownBy(StrEnum):
    """How the other system knew that the applicant speaks."""

    CODE = "code"
    """They gave it the code of the appeal, which the hotline compares."""
    ACCOUNT = "account"
    """They were signed in there with the telephone or mailbox that the appeal has, which is compared."""
    MESSAGE = "message"
    """They answered from the telephone or mailbox that the appeal has, which is compared."""
    SIGNATURE = "signature"
    """Electronic identification: Дія.Підпис, КЕП, BankID."""


def passed_on(token: Token, known_by: KnownBy, reference: str) -> Actor:
    """Give the applicant; `reference` is the other system's own record of it, such as a session."""
    return Actor(
        part=ActorRole.APPLICANT,
        user_id=token.user_id,
        source=f"{PROGRAM}:{token.id}:{known_by}:{reference}",
    )


def program_source(source: str) -> tuple[int, KnownBy, str] | None:
    """Read the token, how the applicant was known, and the reference; None for a word that came otherwise."""
    parts: Sequence[str] = source.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != PROGRAM:
        return None
    return int(parts[1]), KnownBy(parts[2]), parts[3]
