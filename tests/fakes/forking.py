"""Processes of tests, forked from one that has imported what they do: to import it takes each a second."""

import os
from collections.abc import Callable
from multiprocessing import forkserver, get_context
from pathlib import Path

PATIENCE_SECONDS = 300
FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "tests.service.calls.dying_encrypting",
        "tests.service.calls.dying_service",
        "tests.service.calls.dying_storing",
        "tests.service.delivery.deliverer",
        "tests.service.node.test_local_node",
        "tests.service.node.test_supervisor",
        "tests.storage.appeals.test_escalation_killed",
        "tests.storage.calls.test_spill",
        "tests.storage.core.test_left_behind",
        "tests.storage.core.test_service_lock",
        "tests.storage.dialling.test_jobs_killed",
        "tests.storage.intake.test_imports",
        "tests.storage.others",
        "tests.storage.outages.test_telling",
        "tests.fakes.ready_to_fork",
    ]
)
"""Of several lists that process takes the last: what is to be done stands here."""


def share_forks(log: Path) -> None:
    """Begin that process now for all workers, which are forked from here; into `log` goes what its own say.

    Left to themselves, they would look at it as at a child of theirs, and each begin another.
    """
    server = forkserver._forkserver  # type: ignore[attr-defined]
    stderr = os.dup(2)
    try:
        with log.open("ab") as said:
            os.dup2(said.fileno(), 2)
            server.ensure_running()
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
    server.ensure_running = lambda: None


def ended(target: Callable[..., None], *given: object) -> int | None:
    """Have it done in such a process; how that ended, or None when it still has not."""
    process = FORKING.Process(target=target, args=given)
    process.start()
    process.join(PATIENCE_SECONDS)
    return process.exitcode
