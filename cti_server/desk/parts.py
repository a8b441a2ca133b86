"""Parts of the page that many desks show: nothing is written anew while what it shows is the same."""

from collections.abc import Mapping

from attrs import define, field

from cti_server.frame.pages import Pages
from cti_server.frame.words import CONTEXT

EVERYONE = 0
"""Instead of a dispatcher's id: the part looks alike on all desks."""


@define(eq=False, repr=False)
class Parts:
    """Remembers each part as written last, with what it showed."""

    _pages: Pages
    _written: dict[tuple[str, str, int], tuple[Mapping[str, object], str]] = field(factory=dict, init=False)

    def text(self, language: str, name: str, dispatcher_id: int, context: Mapping[str, object]) -> str:
        """Give the part; it must show nothing but what is in `context`, no clock of its own above all."""
        key = (language, name, dispatcher_id)
        last = self._written.get(key)
        if last is None or last[0] != context:
            last = self._written[key] = (context, part(self._pages, language, name, **context))
        return last[1]


def part(pages: Pages, language: str, name: str, **context: object) -> str:
    """Write one part of the desk by its template's name."""
    return pages.text(language, f"desk/{name}.html.jinja2", dict(CONTEXT) | context)
