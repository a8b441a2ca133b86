"""The parties of a task as keys: `user:7` is a user of the system, `executor:3` an enterprise as a whole."""

from typing import NewType

from hotline.access.users import User

Party = NewType("Party", str)


def user_party(user_id: int) -> Party:
    return Party(f"user:{user_id}")


def enterprise_party(executor_id: int) -> Party:
    return Party(f"executor:{executor_id}")


def user_of(party: str) -> int | None:
    """Give the user's id; None for an enterprise."""
    kind, _, number = party.partition(":")
    return int(number) if kind == "user" else None


def enterprise_of(party: str) -> int | None:
    """Give the enterprise's id; None for a user."""
    kind, _, number = party.partition(":")
    return int(number) if kind == "executor" else None


def parties_of(user: User) -> frozenset[Party]:
    """Give the parties for which the user acts: themselves, and their enterprise."""
    own = {user_party(user.id)}
    if user.executor_id is not None:
        own.add(enterprise_party(user.executor_id))
    return frozenset(own)
