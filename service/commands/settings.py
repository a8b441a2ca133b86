"""`hotline settings`: what holds now and what it is for; names that are no setting are told."""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from service.commands.tables import write_table
from service.environment import Setting, settings_of
from service.settings.kept import with_kept
from service.settings.settings import Settings

_OTHERS = frozenset(
    {
        *("HOTLINE_LOG_LEVEL", "HOTLINE_LOG_FORMAT"),
        *("HOTLINE_PYTHON", "HOTLINE_VENV", "HOTLINE_UID", "HOTLINE_GID"),
    }
)
"""What `./start`, the logs and containers read themselves."""


async def settings(_settings: Settings, given: argparse.Namespace) -> int:
    """Exit code 1 when a variable is no setting: its value has no effect."""
    told, environ = list(settings_of(Settings)), with_kept(os.environ)
    rows = [(one.name, _now(one, environ), one.about) for one in told if one.given(environ) or given.all]
    if rows:
        write_table([("Setting", "Now", "What for"), *rows])
    unknown = list(_unknown(told, environ))
    sys.stderr.writelines(f"{line}\n" for line in unknown)
    return 1 if unknown else 0


def _now(one: Setting, environ: Mapping[str, str]) -> str:
    """Write the value that holds; of a secret only whether there is one."""
    if not one.given(environ):
        return one.otherwise
    return "(secret)" if one.secret else environ[one.name]


def _unknown(told: list[Setting], environ: Mapping[str, str]) -> Iterator[str]:
    names = {one.name for one in told} | _OTHERS | {f"{one.name}_FILE" for one in told if one.secret}
    for name in sorted(environ):
        if name.startswith("HOTLINE_") and name not in names:
            alike = get_close_matches(name, names, n=1)
            yield f"{name} is no setting{(alike and f': {alike[0]}?') or '.'}"
