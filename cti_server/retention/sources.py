"""Ports of the pages of retention."""

from dataclasses import dataclass

from aiohttp import web

from hotline.access.users import Users
from hotline.clock import Clock
from hotline.retention.deletions import DeletionLog
from hotline.retention.holds import LegalHolds
from hotline.retention.terms import Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSources:
    """Terms, legal holds, the deletion log."""

    kept: Retention
    holds: LegalHolds
    log: DeletionLog
    users: Users
    clock: Clock


RETENTION: web.AppKey[RetentionSources] = web.AppKey("retention")
