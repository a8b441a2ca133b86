"""Writes the tables of settings into docs/operations.md, each from its classes in the code.

python docs/settings.py
"""

import re
from collections.abc import Iterable
from pathlib import Path

from service import folders
from service.delivery import settings as delivery
from service.environment import Setting, own_settings_of
from service.retention import settings as retention
from service.settings import database, edge, neighbours, recordings, sign_language, speech
from service.settings import settings as all_settings
from service.settings import telephony as telephony_settings
from service.webhooks import settings as webhooks

OPERATIONS = Path(__file__).with_name("operations.md")
_TABLE = re.compile(r"(<!-- settings: ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MODULES = (
    *(all_settings, telephony_settings, folders, delivery, retention, recordings, sign_language, speech),
    *(database, edge, neighbours, webhooks),
)


def told(classes: str) -> list[Setting]:
    """List the settings of the classes named, in their order."""
    kinds = {name: kind for module in _MODULES for name, kind in vars(module).items()}
    return [setting for name in classes.split() for setting in own_settings_of(kinds[name])]


def table(settings: Iterable[Setting]) -> str:
    rows = [f"| `{one.variable}` | {_value(one)} | {one.about} |" for one in settings]
    return "\n".join(["| Setting | Default | What for |", "|---|---|---|", *rows]) + "\n"


def drawn(text: str) -> str:
    """Give the page with its tables made anew."""
    return _TABLE.sub(lambda found: f"{found[1]}{table(told(found[2]))}{found[3]}", text)


def documented(text: str) -> list[str]:
    """Name the variables that the page's tables tell of."""
    return [one.name for found in _TABLE.finditer(text) for one in told(found[2])]


def _value(one: Setting) -> str:
    return one.otherwise if one.usual or one.otherwise == "none" else f"`{one.otherwise}`"


if __name__ == "__main__":
    OPERATIONS.write_text(drawn(OPERATIONS.read_text(encoding="utf-8")), encoding="utf-8")
