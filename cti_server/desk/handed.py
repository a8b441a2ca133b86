"""A colleague's work on a call that is handed on: notes, and a form half filled in."""

from collections.abc import Sequence
from typing import NamedTuple

from cti_server.desk.sources import Sources
from hotline.city.classifier import Category, last_known


class Handed(NamedTuple):
    """A colleague's work on a call, as far as it was saved; empty where nothing was."""

    notes: str
    text: str
    category: Category | None
    address: str
    name: str

    @property
    def begun(self) -> Sequence[str]:
        """The words of the form."""
        return [one for one in (self.text, self.address, self.name) if one]


async def read_handed(sources: Sources, user_id: int, call_id: str) -> Handed | None:
    """Read it as the user who is asked will have it; None when nothing was begun."""
    notes = (await sources.drafts.text(user_id, call_id)).strip()
    form = await sources.forms.find(user_id, call_id)
    given = {field: form.get(field, "").strip() for field in ("text", "address", "name")}
    handed = Handed(notes=notes, category=last_known(form.get("category", "")), **given)
    return handed if handed.notes or handed.category or handed.begun else None
