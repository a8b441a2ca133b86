"""Parts of an address as SQL."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class district_of(GenericFunction[str]):  # noqa: N801 - named as a function of SQL
    """The street or quarter of an address: what is before its first comma; "" without one.

    An address that nobody has parted may hold a house and a flat, and is told to no reader of a report.
    """

    type = Text()
    inherit_cache = True


@compiles(district_of, "sqlite")
def _on_sqlite(element: district_of, compiler: SQLCompiler, **kw: Any) -> str:
    address = compiler.process(element.clauses, **kw)
    return f"trim(substr({address}, 1, max(instr({address}, ',') - 1, 0)))"


@compiles(district_of, "postgresql")
def _on_postgresql(element: district_of, compiler: SQLCompiler, **kw: Any) -> str:
    address = compiler.process(element.clauses, **kw)
    return f"btrim(left({address}, greatest(position(',' in {address}) - 1, 0)))"
