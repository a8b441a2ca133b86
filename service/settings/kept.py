"""Settings that are kept with the state, in `settings.env` below `var`; the environment goes before them.

Containers are given the same file by Compose, so its form is that of `env_file`: one NAME=value a line.
"""

from collections.abc import Mapping
from pathlib import Path

FILE = "settings.env"
_OURS = "HOTLINE_"


def kept_settings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Read those of the state that `HOTLINE_VAR` names; none where there is no file."""
    file = Path(environ.get("HOTLINE_VAR", "var")) / FILE
    return _read(file.read_text(encoding="utf-8")) if file.is_file() else {}


def keep_settings(var: Path, values: Mapping[str, str]) -> None:
    """Write these into the file, in the place of their former values; all other lines stay as they are."""
    file = var / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    left = [line for line in lines if _name(line) not in values]
    fresh = file.with_name(f"{FILE}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    written = [*left, *(f"{name}={value}" for name, value in values.items())]
    fresh.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    fresh.replace(file)


def _read(text: str) -> Mapping[str, str]:
    found = ((_name(line), line.partition("=")[2].strip()) for line in text.splitlines() if "=" in line)
    return {name: value for name, value in found if name.startswith(_OURS)}


def _name(line: str) -> str:
    return line.partition("=")[0].strip()
