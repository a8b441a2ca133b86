"""One line about a caller, for a dispatcher's telephone when no screen can show more."""

from attrs import define

from hotline.appeals.appeal import Appeals
from hotline.contact.numbers import e164
from hotline.people.citizens import Citizens


@define(eq=False, repr=False)
class CallerCards:
    """Writes the card from the registers."""

    _citizens: Citizens
    _appeals: Appeals

    async def card(self, shown: str) -> str:
        """`Олена Коваль, звернень: 2`; all candidates of a shared number; empty for an unknown one."""
        number = e164(shown)
        if number is None:
            return ""
        names = [citizen.name for citizen in await self._citizens.calling_from(number)]
        opened = await self._appeals.open_of(number)
        parts = [" / ".join(names)] if names else []
        if opened:
            parts.append(f"звернень: {len(opened)}")
        return ", ".join(parts)
