"""Property tests try the same cases each time, so that a check that passed passes again.

HOTLINE_HYPOTHESIS=searching tries others each time, and many more of them.
"""

import os

from hypothesis import settings

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HOTLINE_HYPOTHESIS", "seeded"))
