"""Documents in force, as read, for the whole process. Before any are loaded the delivered ones hold.

Callers ask at the moment of use, and so never hold on to a version that was replaced.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from hotline.documents.document import DocumentKind, delivered
from hotline.documents.faults import DocumentFaults

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Held(Generic[Read]):
    """Versions as read; `version` is in force."""

    version: int
    texts: Mapping[int, str]
    versions: Mapping[int, Read]
    broken: Mapping[int, DocumentFaults] = field(default_factory=dict)
    """Versions that came into force and cannot be read any more: one before them stays in force."""


class InForce(Generic[Read]):
    """The versions of one kind."""

    def __init__(self, kind: DocumentKind, read: Callable[[str, int], Read]) -> None:
        self.kind = kind
        self.read = read
        self._held: Held[Read] | None = None
        self._supposed: ContextVar[Read | None] = ContextVar(f"supposed-{kind}", default=None)

    def get(self, version: int | None = None) -> Read:
        """Give a version; the one in force for None, and for a version that nobody knows."""
        held = self.held
        if version is None or version not in held.versions:
            supposed = self._supposed.get()
            return held.versions[held.version] if supposed is None else supposed
        return held.versions[version]

    @property
    def version(self) -> int:
        """The number of the one in force."""
        return self.held.version

    @property
    def held(self) -> Held[Read]:
        return self._held or self._delivered

    def hold(self, texts: Mapping[int, str]) -> None:
        """Take versions besides the delivered ones; the newest that can be read is in force."""
        held, broken = self.held, {}
        texts, versions = {**self._delivered.texts, **texts}, dict(self._delivered.versions)
        for version, text in texts.items():
            if held.texts.get(version) == text and version in held.versions:
                versions[version] = held.versions[version]
                continue
            try:
                versions[version] = self.read(text, version)
            except DocumentFaults as faults:
                broken[version] = faults
        self._held = Held(max(versions), texts, versions, broken)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let what is held meanwhile be forgotten at the end: what held before holds again."""
        before = self._held
        try:
            yield
        finally:
            self._held = before

    @contextmanager
    def supposing(self, value: Read) -> Iterator[None]:
        """Suppose that this one is in force, for this task alone: how a new version is tried."""
        token = self._supposed.set(value)
        try:
            yield
        finally:
            self._supposed.reset(token)

    @cached_property
    def _delivered(self) -> Held[Read]:
        texts = delivered(self.kind)
        versions = {version: self.read(text, version) for version, text in texts.items()}
        return Held(max(versions), texts, versions)
