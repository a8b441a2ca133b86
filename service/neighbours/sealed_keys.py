"""Keys of other cities' hotlines in the database: sealed as recordings are, where there is a file of keys."""

from attrs import define

from hotline.calls.sound_store import SoundDamaged, SoundLocked
from hotline.neighbours.agreement import Agreement, NewAgreement
from storage.neighbours.agreements import StoredAgreements
from storage.sounds.encryption import opened, sealed, sealed_under
from storage.sounds.keys import SoundKeys

LOCKED = (SoundLocked, SoundDamaged)
"""What reading a key raises while the file of keys does not open it."""


@define(eq=False, repr=False)
class SealedKeys:
    """Keeps keys under the newest key of the file; what lies plain or under an older one is sealed anew."""

    _agreements: StoredAgreements
    _keys: SoundKeys

    async def add(self, new: NewAgreement, *, key: str, copy: str) -> Agreement:
        """Enter an agreement by which we answer; raises AlreadyTaken."""
        return await self._agreements.add(new, key=self._sealed(key, new.number), copy=copy)

    async def key(self, agreement: Agreement) -> str:
        """Give the plain key; empty once the agreement has ended. Raises SoundLocked, SoundDamaged."""
        kept = await self._agreements.key(agreement.id)
        if not kept:
            return ""
        under, present = sealed_under(kept), self._keys.current()
        plain = kept if under is None else opened(kept, self._keys.of(under), _name(agreement.number))
        if present is not None and under != present.id:
            await self._agreements.keep_key(agreement.id, self._sealed(plain, agreement.number), was=kept)
        return plain

    def _sealed(self, key: str, number: str) -> str:
        present = self._keys.current()
        return key if present is None else sealed(key, present, _name(number))


def _name(number: str) -> str:
    """Name the place of a key: in another agreement's it does not open."""
    return f"neighbour-{number}"
