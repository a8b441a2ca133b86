"""Property tests try the same cases each time, so that a check that passed passes again.

HOTLINE_HYPOTHESIS=searching tries others each time, and many more of them. Where CI is set, nothing is left
out: what would be skipped fails.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from tests.system.browser import BROWSERS

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HOTLINE_HYPOTHESIS", "seeded"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report: pytest.TestReport = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome, report.longrepr = "failed", f"skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
async def _browsers() -> AsyncIterator[None]:
    """What tests opened is closed with the worker."""
    yield
    await BROWSERS.close()
