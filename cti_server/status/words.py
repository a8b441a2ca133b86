"""The status page's words in both languages, from words.toml."""

import tomllib
from importlib import resources

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
)
