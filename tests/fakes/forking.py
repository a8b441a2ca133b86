"""Processes of tests, forked from one that has imported what they do: to import it takes each a second."""

from collections.abc import Callable
from multiprocessing import get_context

PATIENCE_SECONDS = 300
FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "tests.service.calls.dying_encrypting",
        "tests.service.calls.dying_service",
        "tests.service.calls.dying_storing",
        "tests.service.delivery.deliverer",
        "tests.service.node.test_local_node",
        "tests.storage.appeals.test_escalation_killed",
        "tests.storage.calls.test_spill",
        "tests.storage.core.test_service_lock",
        "tests.storage.dialling.test_jobs_killed",
        "tests.storage.intake.test_imports",
        "tests.storage.others",
        "tests.storage.outages.test_telling",
        "tests.fakes.ready_to_fork",
    ]
)
"""A worker has one such process, and of several lists it takes the last: what is to be done stands here."""


def ended(target: Callable[..., None], *given: object) -> int | None:
    """Have it done in such a process; how that ended, or None when it still has not."""
    process = FORKING.Process(target=target, args=given)
    process.start()
    process.join(PATIENCE_SECONDS)
    return process.exitcode
