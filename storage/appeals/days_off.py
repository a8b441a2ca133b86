"""The days off by which a new appeal's term is counted: those in force in the database, not in this process.

Another process may have put others into force a moment ago. The process that does holds the rows that are
read here: an appeal is either registered before, and counted again then, or registered by the new ones.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.days_off import DAYS_OFF, DaysOff
from hotline.documents.document import DocumentKind
from hotline.documents.faults import DocumentFaults
from storage.tables import city_documents as documents

_OF_KIND = documents.c.kind == DocumentKind.DAYS_OFF.value
_WHICH = (
    select(documents.c.version, documents.c.in_force_since)
    .where(_OF_KIND)
    .with_for_update(read=True, key_share=True)
)
_TEXT = select(documents.c.text).where(_OF_KIND, documents.c.version == bindparam("which"))


async def present_days_off(connection: AsyncConnection) -> DaysOff:
    """Give those in force; until the transaction ends no others come into force."""
    came = [one.version for one in await connection.execute(_WHICH) if one.in_force_since]
    held, newest = DAYS_OFF.held, max(came, default=0)
    if newest <= DAYS_OFF.version or newest in held.broken:
        return DAYS_OFF.get()
    try:
        return DAYS_OFF.read((await connection.execute(_TEXT, {"which": newest})).scalar_one(), newest)
    except DocumentFaults:  # the last good ones hold, and `storage.city_data` says so
        return DAYS_OFF.get()


def known_days_off() -> Iterable[DaysOff]:
    """Give all by which this process may have counted a term a moment ago, the latest first."""
    versions = DAYS_OFF.held.versions
    return (DAYS_OFF.get(), *(versions[one] for one in sorted(versions, reverse=True)))
