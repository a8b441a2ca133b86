"""Column types of both databases: moments, foreign text, keys."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    Text,
)
from sqlalchemy.types import BigInteger, TypeDecorator

from hotline.foreign_text import storable


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC and given back aware; a naive one is refused (ValueError)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} names no time zone.")
        if dialect.name == "sqlite":
            return value.astimezone(UTC).replace(tzinfo=None)
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ForeignText(TypeDecorator[str]):
    """Text from outside: what no database can store (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key
IN_ORDER = ForeignText().with_variant(ForeignText(collation="C"), "postgresql")


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """Have the database refuse a state that the machine does not know."""
    known = ", ".join(f"'{one.value}'" for one in states)
    return CheckConstraint(f"{column} IN ({known})", name=column)


def dispatcher_key(name: str, **options: Any) -> Column[int]:
    return Column(name, KEY, ForeignKey("dispatchers.id"), **options)
