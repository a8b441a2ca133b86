"""Settings that are kept with the state, in `settings.env` below `var`; the environment goes before them.

Containers are given the same file by Compose, so its form is that of `env_file`: one NAME=value a line.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from service import environment as env

FILE = "settings.env"
_OURS = "HOTLINE_"


def with_kept(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Add those of the state that `HOTLINE_VAR` names; a secret whose file the environment names is given.

    Raises SettingsError where they cannot be read.
    """
    kept = _read(env.text_in(FILE, Path(environ.get("HOTLINE_VAR", "var")) / FILE) or "")
    return {name: value for name, value in kept.items() if f"{name}_FILE" not in environ} | dict(environ)


def keep_settings(var: Path, values: Mapping[str, str]) -> None:
    """Write these into the file, in the place of their former values; all other lines stay as they are.

    Raises ValueError for a value of more than one line: it would be a setting of its own.
    """
    if not all(value.isprintable() for value in values.values()):
        raise ValueError("A setting is one line of printable signs.")
    file = var / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    left = [line for line in lines if _name(line) not in values]
    fresh = file.with_name(f"{FILE}.new")
    fresh.unlink(missing_ok=True)
    written = [*left, *(f"{name}={value}" for name, value in values.items())]
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as opened:
        opened.writelines(f"{line}\n" for line in written)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)


def _read(text: str) -> Mapping[str, str]:
    found = ((_name(line), line.partition("=")[2].strip()) for line in text.splitlines() if "=" in line)
    return {name: value for name, value in found if name.startswith(_OURS)}


def _name(line: str) -> str:
    return line.partition("=")[0].strip()
